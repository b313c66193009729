import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../../api/client.ts';
import { type StreamState, useEventStream } from '../../api/event-stream.ts';
import type { Overview, OverviewSample } from '../../api/messages.ts';
import { durationMs } from '../../app/format.ts';
import { extendHistory } from './history.ts';

export interface LiveOverview {
  /** `undefined`: not heard of yet. */
  now: Overview | undefined;
  samples: readonly OverviewSample[];
  state: StreamState;
  /** Why the history is not known. */
  error: unknown;
}

const usualIntervalMs = 10_000;

/** How the cluster does, as it changes, and how it did in the last hour. */
export function useOverview(): LiveOverview {
  const [now, setNow] = useState<Overview>();
  const [samples, setSamples] = useState<readonly OverviewSample[]>([]);
  const { data: history, error } = useQuery({
    queryKey: ['overview-history'],
    queryFn: () => client.get<{ interval?: string; samples: OverviewSample[] }>('/v1/overview/history'),
    // A page that was hidden heard nothing meanwhile: its history is read anew when it is shown.
    staleTime: 0,
    refetchOnWindowFocus: true,
  });
  const intervalMs = history?.interval ? durationMs(history.interval) : usualIntervalMs;
  useEffect(() => {
    if (history) setSamples(history.samples);
  }, [history]);
  const state = useEventStream<Overview>({
    path: '/v1/overview/watch',
    onEvent: (overview) => {
      setNow(overview);
      if (history) setSamples((before) => extendHistory(before, overview, intervalMs));
    },
  });
  return { now, samples, state, error };
}

import { useEffect, useRef, useState } from 'react';
import { client, type Query, toSearch } from './client.ts';

export type StreamState = 'connecting' | 'live' | 'broken';

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

export interface EventStreamOptions<Event> {
  /** `undefined`: nothing is watched. */
  path: string | undefined;
  query?: Query;
  /** Names of the events to hear besides unnamed ones. */
  kinds?: readonly string[];
  onEvent: (event: Event) => void;
}

/**
 * Watches server-sent events while the component is shown. The browser resumes a broken stream where it stood; a refused
 * one is tried again, ever more seldom.
 */
export function useEventStream<Event>({
  path,
  query = {},
  kinds = [],
  onEvent,
}: EventStreamOptions<Event>): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const listener = useRef(onEvent);
  listener.current = onEvent;
  const url = path === undefined ? undefined : path + toSearch(query);
  const names = kinds.join();

  useEffect(() => {
    if (url === undefined) return undefined;
    return watch(url, names === '' ? [] : names.split(','), {
      onState: setState,
      onEvent: (event) => listener.current(event as Event),
    });
  }, [url, names]);

  return state;
}

interface Watcher {
  onState: (state: StreamState) => void;
  onEvent: (event: unknown) => void;
}

/** @returns A function that ends it. */
function watch(url: string, kinds: readonly string[], { onState, onEvent }: Watcher): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let ended = false;

  // The browser says by an event `error` without data that the connection broke; the balancer ends a stream by one with data.
  const hear = ({ data }: MessageEvent<string>) => {
    if (data !== undefined) onEvent(JSON.parse(data));
  };
  const open = () => {
    onState('connecting');
    source = new EventSource(url);
    source.onopen = () => {
      retryMs = firstRetryMs;
      onState('live');
    };
    source.onmessage = hear;
    for (const kind of kinds) source.addEventListener(kind, hear);
    source.onerror = () => {
      onState('broken');
      // The browser goes on by itself unless it was refused; then the session may have ended.
      if (source.readyState !== EventSource.CLOSED || ended) return;
      void client.get('/v1/session').catch(({ status }) => status === 401 && client.onSessionEnd());
      retry = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    };
  };
  open();
  return () => {
    ended = true;
    clearTimeout(retry);
    source.close();
  };
}

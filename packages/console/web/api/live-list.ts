import { useCallback, useEffect, useRef, useState } from 'react';
import type { Query } from './client.ts';
import { type StreamState, useEventStream } from './event-stream.ts';

interface Resumable {
  resumeToken: string;
}

export interface LiveListOptions<Event> {
  path: string;
  query: Query;
  /** False: the event is left out, where the balancer cannot do so. */
  isWanted: (event: Event) => boolean;
}

export interface LiveList<Event> {
  /** Those that are wanted, newest first, at most `mostShown`. */
  events: readonly Event[];
  /** Some have come, and are not wanted. */
  hasOthers: boolean;
  /** Events that wait while it is paused, wanted or not. */
  waiting: number;
  state: StreamState;
  /** Why events are missing between those shown; `undefined`: none are. */
  missed: string | undefined;
  isPaused: boolean;
  setPaused: (isPaused: boolean) => void;
}

const mostShown = 500;
/** So many are kept to choose from where others are wanted later. */
const mostKept = 5_000;

/** The newest events of a stream, shown at most once in a frame however many come. */
export function useLiveList<Event extends Resumable>({
  path,
  query,
  isWanted,
}: LiveListOptions<Event>): LiveList<Event> {
  const [events, setEvents] = useState<readonly Event[]>([]);
  const [waiting, setWaiting] = useState(0);
  const [missed, setMissed] = useState<string>();
  const [isPaused, setPaused] = useState(false);
  const pending = useRef<Event[]>([]);
  const frame = useRef(0);
  const paused = useRef(isPaused);
  paused.current = isPaused;

  const flush = useCallback(() => {
    frame.current = 0;
    if (paused.current) {
      setWaiting(pending.current.length);
      return;
    }
    const added = pending.current.reverse();
    pending.current = [];
    setWaiting(0);
    setEvents((before) => [...added, ...before].slice(0, mostKept));
  }, []);
  const later = useCallback(() => {
    if (frame.current === 0) frame.current = requestAnimationFrame(flush);
  }, [flush]);

  const asked = `${path}?${JSON.stringify(query)}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins another list
  useEffect(() => {
    pending.current = [];
    setEvents([]);
    setMissed(undefined);
    return () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [asked]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waited is shown when it goes on
  useEffect(later, [isPaused]);

  const state = useEventStream<Event>({
    ...{ path, query, onMissed: setMissed },
    onEvent: (event) => {
      pending.current.push(event);
      if (pending.current.length > mostKept) pending.current.shift();
      later();
    },
  });
  const wanted = events.filter(isWanted).slice(0, mostShown);
  return {
    ...{ events: wanted, hasOthers: wanted.length < events.length },
    ...{ waiting, state, missed, isPaused, setPaused },
  };
}

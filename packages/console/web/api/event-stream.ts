import { useEffect, useRef, useState } from 'react';
import { client, Problem, type Query, toSearch } from './client.ts';
import { type ServerSentEvent, ServerSentEvents } from './server-sent-events.ts';

export type StreamState = 'connecting' | 'live' | 'broken';

const firstRetryMs = 1_000;
const longestRetryMs = 10_000;

export interface EventStreamOptions<Event> {
  /** `undefined`: nothing is watched. */
  path: string | undefined;
  query?: Query;
  onEvent: (event: Event) => void;
  /** Events are missing: those after the last one are no longer kept. @param reason In words */
  onMissed?: (reason: string) => void;
}

/**
 * Watches server-sent events while the component is shown and its tab is seen: browsers allow few connections to one
 * host, and all tabs share them. A stream that broke, was refused or was closed in a hidden tab goes on after the last
 * event, where the balancer numbers them; one that cannot be opened is tried again, ever more seldom.
 */
export function useEventStream<Event>({
  path,
  query = {},
  onEvent,
  onMissed = () => {},
}: EventStreamOptions<Event>): StreamState {
  const [shown, setShown] = useState<{ url: string | undefined; state: StreamState }>();
  const listener = useRef({ onEvent, onMissed });
  listener.current = { onEvent, onMissed };
  const url = path === undefined ? undefined : path + toSearch(query);

  useEffect(() => {
    if (url === undefined) return undefined;
    const stream = new EventStream(url, {
      onState: (state) => setShown({ url, state }),
      onEvent: (event) => listener.current.onEvent(event as Event),
      onMissed: (reason) => listener.current.onMissed(reason),
    });
    const heed = () => (document.hidden ? stream.close() : stream.open());
    heed();
    document.addEventListener('visibilitychange', heed);
    return () => {
      document.removeEventListener('visibilitychange', heed);
      stream.close();
    };
  }, [url]);

  // Until the stream that is asked for now has been opened, the state is that of the one before.
  return shown?.url === url ? (shown?.state ?? 'connecting') : 'connecting';
}

interface Listener {
  onState: (state: StreamState) => void;
  onEvent: (event: unknown) => void;
  onMissed: (reason: string) => void;
}

/** A stream of the balancer that is opened again and again until it is closed; it may be opened anew then. */
export class EventStream {
  readonly #url: string;
  readonly #listener: Listener;
  #lastEventId = '';
  #state: StreamState | undefined;
  #retryMs = firstRetryMs;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #reading: AbortController | undefined;

  constructor(url: string, listener: Listener) {
    this.#url = url;
    this.#listener = listener;
  }

  open(): void {
    if (this.#reading) return;
    const reading = new AbortController();
    this.#reading = reading;
    this.#retryMs = firstRetryMs;
    void this.#try(reading.signal);
  }

  close(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    clearTimeout(this.#retry);
  }

  async #try(signal: AbortSignal): Promise<void> {
    this.#show('connecting');
    try {
      await this.#read(signal);
    } catch (error) {
      if (!signal.aborted && error instanceof Problem) this.#onRefused(error);
    }
    if (signal.aborted) return;
    this.#show('broken');
    this.#retry = setTimeout(() => void this.#try(signal), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  /** @throws Problem where it is refused; whatever `fetch` throws where the connection breaks */
  async #read(signal: AbortSignal): Promise<void> {
    const body = await client.openStream(this.#url, this.#lastEventId, signal);
    const parser = new ServerSentEvents();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      for (const event of parser.take(decoder.decode(value, { stream: true }))) this.#take(event);
    }
  }

  /**
   * The first event, written at once, says where the stream begins: until it has come, a stream that is closed would go on later
   * than that, and is not called live.
   * @throws Problem where the stream ends with an error
   */
  #take({ lastEventId, name, data }: ServerSentEvent): void {
    this.#retryMs = firstRetryMs;
    this.#lastEventId = lastEventId || this.#lastEventId;
    if (name === 'error') throw new Problem({ status: 0, ...JSON.parse(data) });
    this.#show('live');
    if (data !== '') this.#listener.onEvent(JSON.parse(data));
  }

  #show(state: StreamState): void {
    if (state !== this.#state) this.#listener.onState(state);
    this.#state = state;
  }

  /** A stream that ends with an error is treated as one that was refused for it. */
  #onRefused({ code, message }: Problem): void {
    if (code !== 'EVENTS_GONE') return;
    this.#lastEventId = '';
    this.#listener.onMissed(message);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import { asCallError, cancelWith } from './call.ts';
import type { AdminChannel } from './channel.ts';

export interface WatchOptions {
  /** From an event that was seen: goes on after it. Absent: from now on. */
  resumeToken?: string;
  /** Only events of these kinds. Absent: all. */
  kinds?: readonly admin.EventKind[];
  /** Only events of this device. Absent: of all. */
  deviceId?: string;
  /** Ends the iteration, with its reason. */
  signal?: AbortSignal;
  /** Called once the watch has begun, and each time it goes on after it was cut off. */
  onConnected?: () => void;
}

const firstRetryMs = 100;
const lastRetryMs = 5_000;
/** Where the watch begins, in the headers of the answer. */
const tokenKey = 'pushfleet-resume-token';

/**
 * Yields what happens in the cluster, and goes on after the last event when it is cut off: each event at least once, in
 * order for each device and each push server. Throws where the balancer cannot be reached at first, and EVENTS_GONE
 * where it was away for so long that events are missing.
 */
export async function* watchEvents(
  channel: AdminChannel,
  options: WatchOptions = {},
): AsyncGenerator<admin.Event, void, undefined> {
  const { signal } = options;
  let token = options.resumeToken ?? '';
  let hasBegun = false;
  let retryMs = firstRetryMs;
  for (;;) {
    signal?.throwIfAborted();
    const watch = open(channel, options, token);
    watch.call.on('metadata', (headers: Metadata) => {
      if (token === '') token = String(headers.get(tokenKey)[0] ?? '');
      hasBegun = true;
      retryMs = firstRetryMs;
      options.onConnected?.();
    });
    try {
      for await (const { events } of watch.call as AsyncIterable<admin.WatchResponse>) {
        for (const event of events) {
          token = event.resumeToken;
          yield event;
        }
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const cause = asCallError(channel, error);
      if (!hasBegun || !mayGoOn(cause) || channel.closing.signal.aborted) throw cause;
    } finally {
      watch.end();
    }
    await pause(retryMs, signal);
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  }
}

type WatchStream = ClientReadableStream<admin.WatchResponse>;

function open(channel: AdminChannel, { kinds = [], deviceId = '', signal }: WatchOptions, resumeToken: string) {
  const request = { resumeToken, kinds: [...kinds], deviceId };
  const call: WatchStream = channel.events.watch(request, channel.metadata);
  // grpc-js reports the cancellation of a stream that nobody reads any more; an event without a listener would throw.
  call.on('error', () => undefined);
  const release = cancelWith(call, [signal, channel.closing.signal]);
  const end = () => {
    release();
    call.cancel();
  };
  return { call, end };
}

function mayGoOn(error: unknown): boolean {
  return error instanceof PushfleetError && error.retry !== 'never';
}

/** Half of it at least, so that the watchers of a balancer that comes back do not all come at once. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms / 2 + Math.random() * (ms / 2), undefined, signal ? { signal } : {});
  } catch {
    signal?.throwIfAborted();
  }
}

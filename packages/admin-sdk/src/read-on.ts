import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { PushfleetError } from '@pushfleet/protocol';
import { asCallError, cancelWith, isUntouched } from './call.ts';
import type { AdminChannel } from './channel.ts';

export interface ReadOnOptions<Message> {
  /** Makes the call: first, and again each time it was cut off. */
  open: () => ClientReadableStream<Message>;
  /** Nothing comes after this message. Absent: there is no last one. */
  isLast?: (message: Message) => boolean;
  /** With the headers of each call that was answered. */
  onConnected?: (headers: Metadata) => void;
  signal?: AbortSignal | undefined;
}

const firstRetryMs = 100;
const lastRetryMs = 5_000;

/**
 * Yields the messages of a stream and calls again when it is cut off before the last one. Throws where the balancer
 * cannot be reached at first (none of several), and at any time an error that asking again does not help.
 */
export async function* readOn<Message>(
  channel: AdminChannel,
  { open, isLast = () => false, onConnected, signal }: ReadOnOptions<Message>,
): AsyncGenerator<Message, void, undefined> {
  let hasBegun = false;
  let untried = channel.balancers.addresses.length - 1;
  let retryMs = firstRetryMs;
  for (;;) {
    signal?.throwIfAborted();
    const { address } = channel.balancers;
    const call = open();
    // grpc-js reports the cancellation of a stream that nobody reads any more; an event without a listener would throw.
    call.on('error', () => undefined);
    call.on('metadata', (headers: Metadata) => {
      hasBegun = true;
      retryMs = firstRetryMs;
      onConnected?.(headers);
    });
    const release = cancelWith(call, [signal, channel.closing.signal]);
    try {
      for await (const message of call as AsyncIterable<Message>) {
        yield message;
        if (isLast(message)) return;
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const cause = asCallError(channel, error, address);
      const mayTryNext = hasBegun ? mayGoOn(cause) : isUntouched(cause) && untried > 0;
      if (!mayTryNext || channel.closing.signal.aborted) throw cause;
      untried -= 1;
      if (!hasBegun) continue;
    } finally {
      release();
      call.cancel();
    }
    await pause(retryMs, signal);
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  }
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

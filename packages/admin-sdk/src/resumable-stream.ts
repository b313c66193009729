import type { ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { PushfleetError } from '@pushfleet/protocol';
import { cancelWith } from './call.ts';
import { asCallError, isUntouched } from './call-error.ts';
import type { AdminChannel } from './channel.ts';
import { sleep } from './clock.ts';

export interface ResumableOptions<Message> {
  /** Nothing comes after this message. Absent: there is no last one. */
  isLast?: (message: Message) => boolean;
  /** Called with the headers of each call that was answered. */
  onConnected?: (headers: Metadata) => void;
  signal?: AbortSignal | undefined;
}

const firstRetryMs = 100;
const lastRetryMs = 5_000;

/**
 * Yields the messages of a stream and calls again when it is cut off before the last one. Throws where the balancer
 * cannot be reached at first (none of several), and at any time an error that asking again does not help.
 *
 * @param open Makes the call: first, and again each time it was cut off.
 */
export async function* resumableStream<Message>(
  channel: AdminChannel,
  open: () => ClientReadableStream<Message>,
  { isLast = () => false, onConnected, signal }: ResumableOptions<Message>,
): AsyncGenerator<Message, void, undefined> {
  const retries = new Retries(channel);
  for (;;) {
    signal?.throwIfAborted();
    const { address } = channel.balancers;
    const call = open();
    // grpc-js reports the cancellation of a stream that nobody reads any more; an event without a listener would throw.
    call.on('error', () => undefined);
    call.on('metadata', (headers: Metadata) => {
      retries.begin();
      onConnected?.(headers);
    });
    const release = cancelWith(call, [signal, channel.closing.signal]);
    try {
      if (yield* readToLast(call, isLast)) return;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      retries.assertUseful(asCallError(channel, error, address));
    } finally {
      release();
      call.cancel();
    }
    await retries.pause(signal);
  }
}

/** Yields the messages of one call. `true`: the last one was there; `false`: the call ended before it. */
async function* readToLast<Message>(
  messages: AsyncIterable<Message>,
  isLast: (message: Message) => boolean,
): AsyncGenerator<Message, boolean, undefined> {
  for await (const message of messages) {
    yield message;
    if (isLast(message)) return true;
  }
  return false;
}

/** Whether, and when, a stream that ended too early is called again. */
class Retries {
  readonly #channel: AdminChannel;
  /** Balancers that may still be asked for the first answer. */
  #untried: number;
  #hasBegun = false;
  #pauseMs = firstRetryMs;

  constructor(channel: AdminChannel) {
    this.#channel = channel;
    this.#untried = channel.balancers.addresses.length - 1;
  }

  /** A balancer has answered: from now on the stream is kept up. */
  begin(): void {
    this.#hasBegun = true;
    this.#pauseMs = firstRetryMs;
  }

  /** @throws `error` where calling again does not help. */
  assertUseful(error: unknown): void {
    const isUseful = this.#hasBegun ? mayGoOn(error) : isUntouched(error) && this.#untried > 0;
    if (!isUseful || this.#channel.closing.signal.aborted) throw error;
    this.#untried -= 1;
  }

  /** The time before the next call; none until a balancer has answered. */
  async pause(signal: AbortSignal | undefined): Promise<void> {
    if (!this.#hasBegun) return;
    // At least half of it, so that the watchers of a balancer that comes back do not all come at once.
    await sleep(this.#channel.clock, this.#pauseMs * (0.5 + Math.random() / 2), signal);
    this.#pauseMs = Math.min(this.#pauseMs * 2, lastRetryMs);
  }
}

function mayGoOn(error: unknown): boolean {
  // The deadline is that of the whole iteration, not of one call.
  return error instanceof PushfleetError && error.retry !== 'never' && error.code !== 'DEADLINE_EXCEEDED';
}

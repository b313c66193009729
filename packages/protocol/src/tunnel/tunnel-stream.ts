import { Duplex } from 'node:stream';
import { PushfleetError } from '../error.ts';
import { cutText, limits } from '../limits.ts';
import { type FrameMessage, type FrameMessageInit, type TunnelCall, tunnelClosed } from './call.ts';

type Done = (error?: Error | null) => void;

/** Smaller than allowed: gRPC reads up to sixteen messages ahead, and that much waits where nobody reads. */
const frameBytes = 32_768;
/** How much may be handed to the call and not have left it yet. */
const unsentBytes = 4 * frameBytes;

/**
 * A tunnel as a stream of bytes, on a gRPC call whose first messages have been said. Ends its two directions
 * independently of each other. Whoever does not read it makes the other side stop writing; what is buffered is bounded.
 * Is destroyed with a PushfleetError TUNNEL_CLOSED when the other side closes the tunnel or is lost.
 */
export class TunnelStream extends Duplex {
  /** The number of bytes of data. */
  bytesRead = 0;
  bytesWritten = 0;
  readonly #call: TunnelCall;
  readonly #peer: string;
  #unsent = 0;
  #waiting: Done | undefined;
  #saidEnd = false;
  #heardEnd = false;
  /** Nothing more is said. */
  #isOver = false;

  /** @param peer Who is at the other end of the call, for people: "the push server". */
  constructor(call: TunnelCall, peer: string) {
    super({ readableHighWaterMark: frameBytes, writableHighWaterMark: frameBytes });
    this.#call = call;
    this.#peer = peer;
    call.stream.pause();
    call.stream.on('data', (message: FrameMessage) => this.#onMessage(message));
    call.listen({ ended: () => this.#onEnd(), over: (error) => this.#onOver(error) });
  }

  override _read(): void {
    this.#call.stream.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    for (let from = 0; from < chunk.length; from += frameBytes) this.#send(chunk.subarray(from, from + frameBytes));
    if (this.#unsent < unsentBytes) done();
    else this.#waiting = done;
  }

  override _final(done: Done): void {
    this.#saidEnd = true;
    this.#say({ frame: { end: {} } });
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#end(error);
    this.#release();
    done(error);
  }

  #end(error: Error | null): void {
    if (this.#isOver) return;
    if (!error && this.#saidEnd && this.#heardEnd) {
      this.#isOver = true;
      return this.#call.finish();
    }
    const closed = asTunnelClosed(error);
    this.#say({ frame: { close: { reason: cutText(closed.message, limits.reasonChars) } } });
    this.#isOver = true;
    this.#call.fail(closed);
  }

  #send(data: Buffer): void {
    this.#unsent += data.length;
    this.bytesWritten += data.length;
    this.#say({ frame: { data } }, () => {
      this.#unsent -= data.length;
      if (this.#unsent < unsentBytes) this.#release();
    });
  }

  #say(message: FrameMessageInit, sent?: () => void): void {
    if (!this.#isOver) this.#call.stream.write(message, sent);
  }

  #release(): void {
    const done = this.#waiting;
    this.#waiting = undefined;
    done?.();
  }

  #onMessage({ frame }: FrameMessage): void {
    if (this.#isOver) return;
    if (frame?.close) return this.#onClose(frame.close.reason);
    if (this.#heardEnd) return this.#onFault('it goes on after its end');
    if (frame?.end) this.#onEnd();
    else if (frame?.data) this.#onData(frame.data);
    else this.#onFault('a message without a frame');
  }

  #onData(data: Buffer): void {
    if (data.length > limits.tunnelFrameBytes) return this.#onFault(`a frame of ${data.length} bytes`);
    if (data.length === 0) return;
    this.bytesRead += data.length;
    if (!this.push(data)) this.#call.stream.pause();
  }

  #onEnd(): void {
    if (this.#isOver || this.#heardEnd) return;
    this.#heardEnd = true;
    this.push(null);
    // How the call ends is still to be heard of.
    this.#call.stream.resume();
  }

  #onClose(reason: string): void {
    this.#isOver = true;
    const closed = tunnelClosed(reason || `${this.#peer} gave no reason`);
    this.#call.fail(closed);
    this.destroy(closed);
  }

  #onFault(what: string): void {
    this.destroy(tunnelClosed(`${this.#peer} does not keep to the protocol: ${what}`));
  }

  #onOver(error: PushfleetError | undefined): void {
    const isAsAgreed = !error && this.#saidEnd && this.#heardEnd;
    if (this.#isOver || isAsAgreed) return;
    const closed = error?.code === 'TUNNEL_CLOSED' ? error : tunnelClosed(lost(this.#peer, error), error);
    this.#isOver = true;
    this.#call.fail(closed);
    this.destroy(closed);
  }
}

function lost(peer: string, error?: PushfleetError): string {
  return `${peer} was lost${error?.message ? ` (${error.message})` : ''}`;
}

function asTunnelClosed(error: Error | null): PushfleetError {
  if (error instanceof PushfleetError && error.code === 'TUNNEL_CLOSED') return error;
  return tunnelClosed(
    error ? `the connection failed: ${error.message}` : 'the connection was closed',
    error ?? undefined,
  );
}

/**
 * Joins two streams: what comes from one goes to the other, each direction as fast as it is read, and ended by itself.
 * When one is destroyed, so is the other. Resolves when both are closed, with what destroyed them, if anything did.
 * Streams that are to carry on in one direction after the end of the other must allow to be half open.
 */
export function splice(one: Duplex, other: Duplex): Promise<Error | undefined> {
  const { promise, resolve } = Promise.withResolvers<Error | undefined>();
  let cause: Error | undefined;
  let open = 2;
  const watch = (stream: Duplex, partner: Duplex) => {
    stream.on('error', (error) => {
      cause ??= error;
    });
    stream.once('close', () => {
      const isComplete = stream.readableEnded && stream.writableFinished;
      if (!isComplete) cause ??= tunnelClosed('the connection was closed');
      if (cause) partner.destroy(cause);
      open -= 1;
      if (open === 0) resolve(cause);
    });
  };
  watch(one, other);
  watch(other, one);
  one.pipe(other);
  other.pipe(one);
  return promise;
}

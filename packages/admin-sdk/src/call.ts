import type { ClientUnaryCall, CallOptions as GrpcCallOptions, requestCallback } from '@grpc/grpc-js';
import { callError } from './call-error.ts';
import { type AdminChannel, assertTimeout } from './channel.ts';
import type { Clock } from './clock.ts';

/** The last parameter of every method of the client. */
export interface CallOptions {
  /**
   * Gives the call up; it rejects with the signal's reason. A direct command that is not on its way to the device yet is
   * withdrawn; `commands.get` tells about any other, by the `commandId` of the request.
   */
  signal?: AbortSignal;
  /**
   * Time until the call is given up with DEADLINE_EXCEEDED, in milliseconds. Default: `timeoutMs` of the client. Streams,
   * and calls that take as long as what they are asked for (`commands.push`, `groups.move`), have none by default.
   */
  timeoutMs?: number;
}

/** Options of a put that replaces some fields of what exists and leaves the others as they are. */
export interface PutOptions extends CallOptions {
  /** Names of fields as the proto files have them, e.g. `push_server.enabled`, `labels`. Absent: all are replaced. */
  updateMask?: readonly string[];
}

export type BeginCall<Response> = (callback: requestCallback<Response>, options: GrpcCallOptions) => ClientUnaryCall;

/** One call of one balancer, with a single response. Rejects with a PushfleetError, or with the signal's reason. */
export function callOnce<Response>(
  channel: AdminChannel,
  signal: AbortSignal | undefined,
  deadline: Deadline,
  begin: BeginCall<Response>,
): Promise<Response> {
  const { address } = channel.balancers;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const call = begin((error, response) => {
      release();
      if (error === null && response !== undefined) resolve(response);
      else reject(signal?.aborted ? signal.reason : callError(channel, error, address));
    }, deadline.toGrpc());
    const release = cancelWith(call, [signal, channel.closing.signal]);
  });
}

/** When a call, its repetitions at other balancers included, is given up. */
export class Deadline {
  readonly #clock: Clock;
  readonly #atMs: number;

  /** @throws PushfleetError INVALID_ARGUMENT */
  constructor(clock: Clock, timeoutMs: number = Number.POSITIVE_INFINITY) {
    assertTimeout(timeoutMs);
    this.#clock = clock;
    this.#atMs = clock.now() + timeoutMs;
  }

  /** Time until it, in milliseconds. */
  get leftMs(): number {
    return this.#atMs - this.#clock.now();
  }

  toGrpc(): GrpcCallOptions {
    return this.#atMs === Number.POSITIVE_INFINITY ? {} : { deadline: this.#clock.wallMs() + this.leftMs };
  }
}

/** The options of a call that has no deadline unless it is given one. */
export function unlimited<Options extends CallOptions>(options: Options): Options & { timeoutMs: number } {
  return { ...options, timeoutMs: options.timeoutMs ?? Number.POSITIVE_INFINITY };
}

/** Cancels the call when one of the signals aborts, until released. */
export function cancelWith(call: { cancel(): void }, signals: readonly (AbortSignal | undefined)[]): () => void {
  const cancel = () => call.cancel();
  for (const signal of signals) {
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  }
  return () => {
    for (const signal of signals) signal?.removeEventListener('abort', cancel);
  };
}

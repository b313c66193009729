import type { Duplex } from 'node:stream';
import { splice, tunnelClosed } from '@pushfleet/protocol';

/** A stream that counts what has gone through it. */
type CountedStream = Duplex & { readonly bytesRead: number; readonly bytesWritten: number };

export interface TunnelLimits {
  idleLimitMs: number;
  timeLimitMs: number;
}

export interface TunnelEnds {
  toCaller: CountedStream;
  toDevice: CountedStream;
}

/** A tunnel through which data flows. */
export class OpenTunnel {
  /** Resolves when both ends are closed: with why, or `undefined` where both sides had nothing more to say. */
  readonly ended: Promise<Error | undefined>;
  readonly #ends: TunnelEnds;
  readonly #limits: TunnelLimits;
  readonly #openedAtMs: number;
  #activeAtMs: number;
  #bytesSeen = 0;

  constructor(ends: TunnelEnds, limits: TunnelLimits, nowMs: number) {
    this.#ends = ends;
    this.#limits = limits;
    this.#openedAtMs = nowMs;
    this.#activeAtMs = nowMs;
    this.ended = splice(ends.toCaller, ends.toDevice);
  }

  get bytesToDevice(): number {
    return this.#ends.toDevice.bytesWritten;
  }

  get bytesFromDevice(): number {
    return this.#ends.toDevice.bytesRead;
  }

  /** Closes it if one of its limits has passed. */
  check(nowMs: number): void {
    // Bytes that have left for the caller count too: a reader that is slow is not idle.
    const bytes = this.bytesToDevice + this.bytesFromDevice + this.#ends.toCaller.bytesWritten;
    if (bytes !== this.#bytesSeen) this.#activeAtMs = nowMs;
    this.#bytesSeen = bytes;
    if (nowMs - this.#openedAtMs >= this.#limits.timeLimitMs) this.close('time limit');
    else if (nowMs - this.#activeAtMs >= this.#limits.idleLimitMs) this.close('idle');
  }

  close(reason: string): void {
    const error = tunnelClosed(reason);
    this.#ends.toCaller.destroy(error);
    this.#ends.toDevice.destroy(error);
  }
}

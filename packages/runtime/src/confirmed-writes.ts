import type { Clock } from './clock.ts';

export interface ConfirmedWritesOptions {
  clock: Pick<Clock, 'now'>;
  most: number;
  /** The bound of all writes together. Absent: only their number is bounded. */
  mostBytes?: number;
}

/** A replica that is further behind does not take over, and a server that restarts has written its data since. */
const keptMs = 300_000;

interface Kept<Write> {
  write: Write;
  bytes: number;
  atMs: number;
}

/**
 * Writes that a registry has confirmed lately, to be repeated when it turns out to have lost its last ones: nobody else would say again what
 * leaves no state behind that is asserted, as an end does. Kept for five minutes; beyond the bounds the oldest are left out. Repeated
 * is only what changes nothing where it is still known.
 */
export class ConfirmedWrites<Write> {
  readonly #options: ConfirmedWritesOptions;
  /** The oldest first. */
  readonly #kept = new Set<Kept<Write>>();
  #bytes = 0;

  constructor(options: ConfirmedWritesOptions) {
    this.#options = options;
  }

  add(write: Write, bytes = 0): void {
    const { clock, most, mostBytes = Number.POSITIVE_INFINITY } = this.#options;
    const atMs = clock.now();
    this.#kept.add({ write, bytes, atMs });
    this.#bytes += bytes;
    for (const oldest of this.#kept) {
      const isTooMuch = this.#kept.size > most || this.#bytes > mostBytes;
      if (!isTooMuch && atMs - oldest.atMs < keptMs) return;
      this.#forget(oldest);
    }
  }

  /** Removes and returns those that are kept, the oldest first: once they are confirmed again, they are added again. */
  take(): Write[] {
    const sinceMs = this.#options.clock.now() - keptMs;
    const taken = [...this.#kept].filter(({ atMs }) => atMs > sinceMs);
    this.#kept.clear();
    this.#bytes = 0;
    return taken.map(({ write }) => write);
  }

  #forget(kept: Kept<Write>): void {
    this.#kept.delete(kept);
    this.#bytes -= kept.bytes;
  }
}

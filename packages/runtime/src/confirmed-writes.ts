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
  key: unknown;
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
  /** By their keys, the oldest first. */
  readonly #kept = new Map<unknown, Kept<Write>>();
  #bytes = 0;

  constructor(options: ConfirmedWritesOptions) {
    this.#options = options;
  }

  /** @param key Of the writes with one key the last is kept. Absent: each is another one. */
  add(write: Write, bytes = 0, key: unknown = write): void {
    const { clock, most, mostBytes = Number.POSITIVE_INFINITY } = this.#options;
    const atMs = clock.now();
    const former = this.#kept.get(key);
    if (former) this.#forget(former);
    this.#kept.set(key, { key, write, bytes, atMs });
    this.#bytes += bytes;
    for (const oldest of this.#kept.values()) {
      const isTooMuch = this.#kept.size > most || this.#bytes > mostBytes;
      if (!isTooMuch && atMs - oldest.atMs < keptMs) return;
      this.#forget(oldest);
    }
  }

  /** Removes and returns those that are kept, the oldest first: once they are confirmed again, they are added again. */
  take(): Write[] {
    const taken = this.list();
    this.#kept.clear();
    this.#bytes = 0;
    return taken;
  }

  /** Those that are kept, the oldest first. */
  list(): Write[] {
    return [...this.#kept.values()].filter((kept) => this.#isRecent(kept)).map(({ write }) => write);
  }

  get(key: unknown): Write | undefined {
    const kept = this.#kept.get(key);
    return kept && this.#isRecent(kept) ? kept.write : undefined;
  }

  #isRecent({ atMs }: Kept<Write>): boolean {
    return atMs > this.#options.clock.now() - keptMs;
  }

  #forget(kept: Kept<Write>): void {
    this.#kept.delete(kept.key);
    this.#bytes -= kept.bytes;
  }
}

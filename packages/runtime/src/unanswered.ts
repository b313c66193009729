import type { Clock } from './clock.ts';

export interface UnansweredOptions<Key> {
  /** Asks about some of them. Rejects where there is no answer: they are asked about again. */
  ask(keys: readonly Key[]): Promise<void>;
  clock: Clock;
}

const most = 50_000;
const askedAtOnce = 256;
const askAgainAfterMs = 1_000;
const askMoreAfterMs = 100;

/**
 * Writes of which nobody knows whether they were done, because no answer came: they are asked about a second later, and again until there
 * is an answer. At most 50,000 keys, 256 in a question; those that come beyond that are left out.
 */
export class Unanswered<Key> implements Disposable {
  readonly #options: UnansweredOptions<Key>;
  readonly #keys = new Set<Key>();
  #timer: Disposable | undefined;

  constructor(options: UnansweredOptions<Key>) {
    this.#options = options;
  }

  add(keys: Iterable<Key>): void {
    for (const key of keys) {
      if (this.#keys.size >= most) break;
      this.#keys.add(key);
    }
    this.#askAfter(askAgainAfterMs);
  }

  [Symbol.dispose](): void {
    this.#keys.clear();
    this.#timer?.[Symbol.dispose]();
  }

  #askAfter(delayMs: number): void {
    if (this.#keys.size === 0) return;
    this.#timer ??= this.#options.clock.after(delayMs, () => {
      void this.#ask().then((afterMs) => {
        this.#timer = undefined;
        this.#askAfter(afterMs);
      });
    });
  }

  /** Returns the time until there is more to ask. */
  async #ask(): Promise<number> {
    const keys = [...this.#keys.values().take(askedAtOnce)];
    // Before, because they may be added again meanwhile.
    for (const key of keys) this.#keys.delete(key);
    const areLeft = this.#keys.size > 0;
    try {
      await this.#options.ask(keys);
      // Those that were added meanwhile, perhaps again, are asked about a second later as all are.
      return areLeft ? askMoreAfterMs : askAgainAfterMs;
    } catch {
      this.add(keys);
      return askAgainAfterMs;
    }
  }
}

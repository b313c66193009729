/**
 * Counts work that is in flight, such as commands, calls or connections, so that a service that drains can wait until none
 * is left. Costs one addition per piece of work.
 */
export class InFlight {
  #size = 0;
  #waiting: (() => void)[] = [];

  get size(): number {
    return this.#size;
  }

  /** `count` pieces of work have begun. */
  add(count = 1): void {
    this.#size += count;
  }

  /** `count` pieces of work, which were added before, have ended. */
  remove(count = 1): void {
    this.#size -= count;
    if (this.#size > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** In flight until `work` settles. */
  async track<Result>(work: Promise<Result>): Promise<Result> {
    this.add();
    try {
      return await work;
    } finally {
      this.remove();
    }
  }

  /**
   * Resolves with `true` as soon as nothing is in flight, at once where nothing is, and with `false` when `signal` fires
   * before. What comes in meanwhile is waited for as well: whoever drains refuses it first.
   */
  async drained(signal: AbortSignal): Promise<boolean> {
    if (this.#size === 0) return true;
    if (signal.aborted) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const onAbort = () => resolve(false);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.push(() => resolve(true));
    const isDrained = await promise;
    signal.removeEventListener('abort', onAbort);
    return isDrained;
  }
}

/** Runs at most `concurrency` tasks at a time; the others wait their turn, in order. */
export function createLimiter(concurrency: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // Its place goes straight to the next in line, so that nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

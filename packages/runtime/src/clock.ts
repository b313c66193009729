/** Time as a dependency, so that tests turn it by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `run` once after `delayMs`, unless disposed before. A pending timer does not keep the process alive. */
  after(delayMs: number, run: () => void): Disposable;
  /** Calls `run` again and again, `periodMs` apart, until disposed. Does not keep the process alive. */
  every(periodMs: number, run: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs).unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};

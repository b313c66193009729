/** Time as a dependency, so that tests turn it by hand. */
export interface Clock {
  /** Milliseconds that only ever grow; a device's wall clock may be wrong and may jump. */
  now(): number;
  /** Unix milliseconds, as far as the device knows. Only for what is sent to others. */
  wallMs(): number;
  /** Calls `run` once after `delayMs`, unless disposed before. */
  after(delayMs: number, run: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

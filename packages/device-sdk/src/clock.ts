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

/** Delay of a timer from which on this process itself stood still: it slept, or was busy. */
export const stallMs = 1_000;

/**
 * Calls `run` after `delayMs`, unless disposed before. Where this process stood still it waits once more: what came meanwhile is
 * not read yet, and whoever was not listened to was not silent.
 */
export function afterAttention(clock: Clock, delayMs: number, run: () => void): Disposable {
  const wait = () => {
    const dueAtMs = clock.now() + delayMs;
    return clock.after(delayMs, () => {
      if (clock.now() - dueAtMs > stallMs) timer = wait();
      else run();
    });
  };
  let timer = wait();
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}

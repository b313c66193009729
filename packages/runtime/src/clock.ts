/**
 * Time as a dependency, so that tests turn it by hand. The two kinds of milliseconds never meet in one subtraction: a
 * wall clock may be set, at any moment, by any amount.
 */
export interface Clock {
  /** Whole milliseconds since this process began; only grows. For durations and deadlines, and for nothing else. */
  now(): number;
  /** Unix milliseconds. For what is shown, stored, or compared between machines, and for nothing else. */
  wallMs(): number;
  /** Calls `run` once after `delayMs`, unless disposed before. A pending timer does not keep the process alive. */
  after(delayMs: number, run: () => void): Disposable;
  /** Calls `run` again and again, `periodMs` apart, until disposed. Does not keep the process alive. */
  every(periodMs: number, run: () => void): Disposable;
  /**
   * Resolves after `delayMs`, or as soon as `signal` fires, at once where it has fired before; never rejects. Whoever must know
   * which of the two looks at `signal.aborted`. Does not keep the process alive.
   */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** One moment by both of a clock's measures. */
export interface Moment {
  nowMs: number;
  wallMs: number;
}

export const systemClock: Clock = {
  now: () => Math.floor(performance.now()),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs).unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
  sleep: (delayMs, signal) => sleepBy(systemClock, delayMs, signal),
};

/** The same as `Clock.sleep`, by any timer: the attended clock's, for example. */
export async function sleepBy(timers: Pick<Clock, 'after'>, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  using _ = timers.after(delayMs, resolve);
  const onAbort = () => resolve();
  signal?.addEventListener('abort', onAbort, { once: true });
  await promise;
  signal?.removeEventListener('abort', onAbort);
}

/**
 * Whole milliseconds since this machine was started, the same for all its processes: for what they measure together.
 * Stands still while the machine sleeps, and begins anew with every start.
 */
export function machineMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** The same in microseconds: for latencies that are measured from one process to another. */
export function machineUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1_000);
}

export function momentOf(clock: Clock): Moment {
  return { nowMs: clock.now(), wallMs: clock.wallMs() };
}

export interface Poll<Value> {
  everyMs: number;
  /** Time until it gives up, in milliseconds. */
  withinMs: number;
  read(): Promise<Value>;
  isDone(value: Value): boolean;
}

/** Reads at once and then every `everyMs`, until a value is as wanted or the time is over; answers the last value. */
export async function pollUntil<Value>(clock: Clock, poll: Poll<Value>): Promise<Value> {
  const untilMs = clock.now() + poll.withinMs;
  for (;;) {
    const value = await poll.read();
    if (poll.isDone(value) || clock.now() >= untilMs) return value;
    await clock.sleep(poll.everyMs);
  }
}

/** Aborts after `delayMs`, with the `TimeoutError` of `AbortSignal.timeout`. Does not keep the process alive. */
export function timeoutSignal(clock: Pick<Clock, 'after'>, delayMs: number): AbortSignal {
  const controller = new AbortController();
  clock.after(delayMs, () => {
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  });
  return controller.signal;
}

import { performance } from 'node:perf_hooks';
import type { Clock } from './clock.ts';

const tickMs = 50;
const windowTicks = 5;

/** Time that the event loop has spent since it began, in milliseconds. */
export type LoopTimes = Pick<ReturnType<typeof performance.eventLoopUtilization>, 'active' | 'idle'>;

export interface LoopMonitorOptions {
  clock: Pick<Clock, 'now' | 'every'>;
  readTimes?: () => LoopTimes;
}

/** How busy this process' event loop is. One for each process; follows a change within a quarter of a second. */
export class LoopMonitor implements Disposable {
  readonly #clock: LoopMonitorOptions['clock'];
  readonly #readTimes: () => LoopTimes;
  readonly #timer: Disposable;
  /** The readings at the last ticks, oldest first. */
  readonly #readings: LoopTimes[];
  readonly #lateMs: number[] = [];
  #tickedAtMs: number;
  #utilization = 0;

  constructor({ clock, readTimes = () => performance.eventLoopUtilization() }: LoopMonitorOptions) {
    this.#clock = clock;
    this.#readTimes = readTimes;
    this.#readings = [readTimes()];
    this.#tickedAtMs = clock.now();
    this.#timer = clock.every(tickMs, () => this.#tick());
  }

  /** The share of the last 250 ms in which the loop ran callbacks instead of waiting for the system, 0 to 1. */
  get utilization(): number {
    return this.#utilization;
  }

  /** How late the latest timer of the last 250 ms was, in milliseconds: what anything that comes in now may have to wait. */
  get lagMs(): number {
    return Math.max(0, ...this.#lateMs);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #tick(): void {
    const nowMs = this.#clock.now();
    this.#lateMs.push(nowMs - this.#tickedAtMs - tickMs);
    this.#tickedAtMs = nowMs;
    if (this.#lateMs.length > windowTicks) this.#lateMs.shift();

    const latest = this.#readTimes();
    this.#readings.push(latest);
    if (this.#readings.length > windowTicks + 1) this.#readings.shift();
    const [oldest = latest] = this.#readings;
    const active = latest.active - oldest.active;
    const passed = active + latest.idle - oldest.idle;
    this.#utilization = passed > 0 ? Math.min(1, active / passed) : 0;
  }
}

import type { LoopLoad } from '@pushfleet/runtime';
import type { SimulatedProcess } from './process.ts';

const leastMs = 250;

/** How busy a process is, over the last 250 ms or longer, without the timer that a LoopMonitor needs for that. */
export class LoopReadings implements LoopLoad {
  readonly #process: SimulatedProcess;
  #last: { active: number; idle: number };
  #utilization = 0;

  constructor(process: SimulatedProcess) {
    this.#process = process;
    this.#last = process.loopTimes;
  }

  get utilization(): number {
    const { active, idle } = this.#process.loopTimes;
    const [worked, waited] = [active - this.#last.active, idle - this.#last.idle];
    if (worked + waited < leastMs) return this.#utilization;
    this.#last = { active, idle };
    this.#utilization = Math.min(1, worked / (worked + waited));
    return this.#utilization;
  }

  get lagMs(): number {
    return this.#process.lagMs;
  }
}

import type { Admission } from './admission.ts';
import { type Job, JobQueue } from './job-queue.ts';
import { tickMs } from './timing-wheel.ts';

/** How many ticks the measured utilisation looks back on: 250 ms, as LoopMonitor does. */
const windowTicks = 250 / tickMs;

export interface ProcessOptions {
  name: string;
  /** Takes a step, and says what CPU it has cost, in milliseconds. */
  perform: (job: Job) => number;
  admission?: Admission | undefined;
  /** Handshakes that may begin in a second, however much time there is. */
  mostPerSecond?: () => number | undefined;
  /** Told of those that wait no longer, although they were accepted. */
  onDropped?: (job: Job) => void;
}

/** One event loop: does one thing after the other, what it has begun before what waits to be admitted. */
export class Process {
  readonly name: string;
  /** Its number among the processes that devices connect to. */
  index = -1;
  readonly queue = new JobQueue();
  readonly admission: Admission | undefined;
  /** CPU used, in milliseconds, and the part of it that was spent on clients that had gone. */
  usedMs = 0;
  wastedMs = 0;
  /** Devices taken since it was asked last. */
  accepted = 0;
  frozen = false;
  /** How many times as long as others it takes for everything. */
  slowness = 1;
  readonly #perform: (job: Job) => number;
  readonly #onDropped: (job: Job) => void;
  readonly #mostPerSecond: () => number | undefined;
  readonly #busy = new Float64Array(windowTicks);
  #debtMs = 0;
  #ticks = 0;

  constructor({ name, perform, admission, onDropped = () => {}, mostPerSecond = () => undefined }: ProcessOptions) {
    this.name = name;
    this.#perform = perform;
    this.#onDropped = onDropped;
    this.#mostPerSecond = mostPerSecond;
    this.admission = admission;
  }

  get hasWork(): boolean {
    return this.#debtMs > 0 || this.queue.size > 0 || (this.admission?.waiting ?? 0) > 0;
  }

  /** The part of the last 250 ms that the loop was not waiting for anything. */
  get utilization(): number {
    return this.#busy.reduce((sum, part) => sum + part, 0) / windowTicks;
  }

  /** For how long the oldest of what it has begun has waited. */
  lagMs(nowMs: number): number {
    return Math.max(0, nowMs - this.queue.oldestMs);
  }

  /** Works for as much CPU as it is given, and says how much of it was used. */
  turn(budgetMs: number, nowMs: number): number {
    const before = this.#debtMs;
    let spent = Math.min(budgetMs, before);
    this.#debtMs -= spent;
    while (spent < budgetMs && !this.frozen) {
      const job = this.queue.takeOldest() ?? this.#admit(nowMs);
      if (job === undefined) break;
      const cost = this.#perform(job) * this.slowness;
      this.usedMs += cost;
      spent += cost;
    }
    if (spent > budgetMs) {
      this.#debtMs = spent - budgetMs;
      spent = budgetMs;
    }
    return spent;
  }

  /** Ends a tick of the host. `elapsedMs`: from its first to its last work, while others had the core, too. */
  measure(elapsedMs: number, nowMs: number): void {
    const isBusy = this.queue.size > 0 || this.#debtMs > 0;
    this.#busy[this.#ticks % windowTicks] = isBusy ? 1 : Math.min(1, elapsedMs / tickMs);
    this.#ticks += 1;
    if (this.#ticks % windowTicks === 0) {
      const load = { utilization: this.utilization, lagMs: this.lagMs(nowMs) };
      this.admission?.adjust(load, nowMs, this.#mostPerSecond());
    }
  }

  #admit(nowMs: number): Job | undefined {
    if (this.admission === undefined) return undefined;
    for (const expired of this.admission.takeExpired(nowMs)) this.#onDropped(expired);
    for (;;) {
      const taken = this.admission.take(nowMs);
      for (const closed of taken?.closed ?? []) this.#onDropped(closed);
      // One for which there was no room is closed, and the next one has its turn.
      if (!taken || taken.begun) return taken?.begun;
    }
  }
}

/** A machine: its processes share its cores. */
export class Host {
  readonly cores: number;
  readonly processes: Process[];
  #asleepTicks = 0;

  constructor(cores: number, processes: Process[]) {
    this.cores = cores;
    this.processes = processes;
  }

  /** Has work, or had some within the time over which utilisation is measured. */
  get isAwake(): boolean {
    if (this.#hasWork) this.#asleepTicks = 0;
    else this.#asleepTicks += 1;
    return this.#asleepTicks <= windowTicks;
  }

  get #hasWork(): boolean {
    return this.processes.some((process) => process.hasWork);
  }

  /** One tick of its cores. No process gets more than one of them; what one leaves, others use. */
  turn(nowMs: number): void {
    const spent = this.processes.map(() => 0);
    let left = this.cores * tickMs;
    for (let round = 0; round < 3 && left > 1e-6; round += 1) {
      const active = this.processes.filter((process, at) => process.hasWork && (spent[at] as number) < tickMs);
      if (active.length === 0) break;
      const share = left / active.length;
      for (const process of active) {
        const at = this.processes.indexOf(process);
        const used = process.turn(Math.min(share, tickMs - (spent[at] as number)), nowMs);
        spent[at] = (spent[at] as number) + used;
        left -= used;
      }
    }
    const crowd = Math.max(1, spent.filter((used) => used > 0).length / this.cores);
    for (const [at, process] of this.processes.entries()) process.measure((spent[at] as number) * crowd, nowMs);
  }
}

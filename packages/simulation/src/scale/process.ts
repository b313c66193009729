import type { Admission } from './admission.ts';
import { type Job, JobQueue } from './job-queue.ts';
import { tickMs } from './timing-wheel.ts';

/** How many ticks the measured utilisation looks back on: 250 ms, as LoopMonitor does. */
const windowTicks = 250 / tickMs;
/** So many looks at an idle loop bring its pace back to what it was at first. */
const mostLooks = 40;

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
  readonly #queue = new JobQueue();
  /** The machine that it runs on. */
  host: Host | undefined;
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
  readonly #busy = new BusyWindow();
  #debtMs = 0;

  constructor({ name, perform, admission, onDropped = () => {}, mostPerSecond = () => undefined }: ProcessOptions) {
    this.name = name;
    this.#perform = perform;
    this.#onDropped = onDropped;
    this.#mostPerSecond = mostPerSecond;
    this.admission = admission;
  }

  /** Steps that wait, but for those that wait to be admitted. */
  get backlog(): number {
    return this.#queue.size;
  }

  /** One more step to take. */
  push(job: Job): void {
    this.#queue.push(job);
    this.host?.wake();
  }

  /** Drops all that it was to do. */
  clear(): void {
    this.#queue.clear();
  }

  get hasWork(): boolean {
    return this.#debtMs > 0 || this.#queue.size > 0 || (this.admission?.waiting ?? 0) > 0;
  }

  /** The part of the last 250 ms that the loop was not waiting for anything. */
  utilization(nowMs: number): number {
    this.#rest(tickOf(nowMs));
    return this.#busy.share;
  }

  /** For how long the oldest of what it has begun has waited. */
  lagMs(nowMs: number): number {
    return Math.max(0, nowMs - this.#queue.oldestMs);
  }

  /** Works for as much CPU as it is given, and says how much of it was used. */
  turn(budgetMs: number, nowMs: number): number {
    const before = this.#debtMs;
    let spent = Math.min(budgetMs, before);
    this.#debtMs -= spent;
    while (spent < budgetMs && !this.frozen) {
      const job = this.#queue.takeOldest() ?? this.#admit(nowMs);
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
    const tick = tickOf(nowMs);
    this.#rest(tick - 1);
    const isBusy = this.#queue.size > 0 || this.#debtMs > 0;
    this.#busy.add(isBusy ? 1 : Math.min(1, elapsedMs / tickMs));
    if (tick % windowTicks === 0) this.#adjust(nowMs);
  }

  /** Its host had no turn up to that tick: nothing was to be done. */
  #rest(tick: number): void {
    const rested = tick - this.#busy.ticks;
    if (rested <= 0) return;
    const fromTick = Math.max(this.#busy.ticks, tick - mostLooks * windowTicks);
    this.#busy.rest(rested);
    for (let look = Math.ceil((fromTick + 1) / windowTicks); look * windowTicks <= tick; look += 1) {
      this.#adjust(look * windowTicks * tickMs);
    }
  }

  #adjust(nowMs: number): void {
    const load = { utilization: this.#busy.share, lagMs: this.lagMs(nowMs) };
    this.admission?.adjust(load, nowMs, this.#mostPerSecond());
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

/** How busy a loop was in each of the last ticks. Ticks without work cost nothing until somebody asks. */
class BusyWindow {
  /** Ticks since the beginning. */
  ticks = 0;
  readonly #parts = new Float64Array(windowTicks);
  #sum = 0;

  get share(): number {
    return this.#sum / windowTicks;
  }

  add(part: number): void {
    this.ticks += 1;
    const at = this.ticks % windowTicks;
    this.#sum += part - (this.#parts[at] as number);
    this.#parts[at] = part;
  }

  rest(ticks: number): void {
    if (ticks < windowTicks) {
      for (let left = ticks; left > 0; left -= 1) this.add(0);
      return;
    }
    this.ticks += ticks;
    this.#parts.fill(0);
    this.#sum = 0;
  }
}

function tickOf(nowMs: number): number {
  return Math.round(nowMs / tickMs);
}

/** Machines that have work: the others get no turns. */
export class AwakeHosts {
  #hosts: Host[] = [];

  add(host: Host): void {
    this.#hosts.push(host);
  }

  /** One tick of all of them. */
  turn(nowMs: number): void {
    const turned = this.#hosts;
    this.#hosts = [];
    for (const host of turned) {
      host.turn(nowMs);
      if (host.staysAwake()) this.#hosts.push(host);
    }
  }
}

/** A machine: its processes share its cores. */
export class Host {
  readonly cores: number;
  readonly processes: Process[];
  readonly #awake: AwakeHosts;
  readonly #spent: Float64Array;
  #isAwake = false;

  constructor(cores: number, processes: Process[], awake: AwakeHosts) {
    this.cores = cores;
    this.processes = processes;
    this.#awake = awake;
    this.#spent = new Float64Array(processes.length);
    for (const process of processes) process.host = this;
  }

  wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    this.#awake.add(this);
  }

  /** To be asked after each turn. */
  staysAwake(): boolean {
    this.#isAwake = this.processes.some(({ hasWork }) => hasWork);
    return this.#isAwake;
  }

  /** One tick of its cores. No process gets more than one of them; what one leaves, others use. */
  turn(nowMs: number): void {
    const { processes } = this;
    const spent = this.#spent.fill(0);
    let left = this.cores * tickMs;
    for (let round = 0; round < 3 && left > 1e-6; round += 1) {
      const active = this.#countActive();
      if (active === 0) break;
      const share = left / active;
      for (let at = 0; at < processes.length; at += 1) {
        const [process, usedMs] = [processes[at] as Process, spent[at] as number];
        if (!process.hasWork || usedMs >= tickMs) continue;
        const used = process.turn(Math.min(share, left, tickMs - usedMs), nowMs);
        spent[at] = usedMs + used;
        left -= used;
      }
    }
    this.#measure(nowMs);
  }

  #measure(nowMs: number): void {
    let working = 0;
    for (const used of this.#spent) if (used > 0) working += 1;
    const crowd = Math.max(1, working / this.cores);
    for (let at = 0; at < this.processes.length; at += 1) {
      this.processes[at]?.measure((this.#spent[at] as number) * crowd, nowMs);
    }
  }

  #countActive(): number {
    let active = 0;
    for (let at = 0; at < this.processes.length; at += 1) {
      if (this.processes[at]?.hasWork && (this.#spent[at] as number) < tickMs) active += 1;
    }
    return active;
  }
}

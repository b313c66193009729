import { AsyncLocalStorage } from 'node:async_hooks';
import { AttendedClock, type Clock, sleepBy } from '@pushfleet/runtime';
import type { Random } from './random.ts';
import { endOfTurn } from './turn.ts';
import { firstWallMs, type World } from './world.ts';

/** A machine: its processes share an address and a wall clock. */
export class Host {
  /** How far its wall clock is ahead. */
  wallAheadMs = 0;
  /** The part of it that nobody sets right. */
  skewMs = 0;

  readonly name: string;
  readonly address: string;

  constructor(name: string, address: string) {
    this.name = name;
    this.address = address;
  }
}

/** So much is done in a turn, and what else came in waits for the next one: an event loop looks at its clock in between. */
const longestTurnMs = 5;

interface ProcessTimer {
  run(): void;
  isDisposed: boolean;
}

/** The process whose code runs now, also after an `await`. */
const current = new AsyncLocalStorage<SimulatedProcess>();

export function currentProcess(): SimulatedProcess | undefined {
  return current.getStore();
}

/**
 * A process as its event loop has it: timers that are due, then what came in, then what waits for the end of the turn. It runs
 * or does not: while it is paused or computes, all of that waits in its order. Its end drops timers, what came in, and memory.
 */
export class SimulatedProcess {
  readonly world: World;
  readonly name: string;
  readonly host: Host;
  readonly clock: Clock;
  readonly random: Random;
  readonly #onEnd: (() => void)[] = [];
  #attended: AttendedClock | undefined;
  #due: ProcessTimer[] = [];
  #inbox: (() => void)[] = [];
  #immediates: (() => void)[] = [];
  #turn: Disposable | undefined;
  #isInTurn = false;
  #pausedUntilMs = 0;
  #busyUntilMs = 0;
  #spentMs = 0;
  #held: Promise<void>[] = [];
  #timerCount = 0;
  #isEnded = false;
  /** Calls until it crashes, in the midst of a turn. */
  #callsLeft = Number.POSITIVE_INFINITY;
  /** How many times longer everything takes that it computes. */
  slowness = 1;
  readonly #startedAtMs: number;

  constructor(world: World, name: string, host: Host) {
    this.world = world;
    this.name = name;
    this.host = host;
    this.#startedAtMs = world.nowMs;
    this.random = world.random.fork(`${name}@${world.nowMs}`);
    this.clock = this.#createClock();
  }

  /** The clock by which it judges its peers. */
  get attended(): AttendedClock {
    this.#attended ??= this.run(() => new AttendedClock({ clock: this.clock }));
    return this.#attended;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isPaused(): boolean {
    return this.#pausedUntilMs > this.world.nowMs;
  }

  /** Timers that are set. */
  get timerCount(): number {
    return this.#timerCount;
  }

  /** Number of callbacks that wait for their turn. */
  get backlog(): number {
    return this.#inbox.length + this.#due.length + this.#immediates.length;
  }

  /** Runs code of the process now, in the midst of whatever else: for its beginning. */
  run<Result>(work: () => Result): Result {
    return current.run(this, work);
  }

  /** Runs code that is not of the world: with the time, the timers and the random numbers of the system. */
  leave<Result>(work: () => Result): Result {
    return current.exit(work);
  }

  /** Nothing goes on in the world until the promise is settled: it asks a real server. To be called by code of the process. */
  hold(answered: Promise<void>): void {
    this.#held.push(answered);
  }

  /** Something comes in. @param costMs Time that handling it takes of the processor. */
  receive(handle: () => void, costMs = 0): void {
    if (this.#isEnded) return;
    this.#inbox.push(
      costMs === 0
        ? handle
        : () => {
            this.spend(costMs);
            handle();
          },
    );
    this.#wake();
  }

  /** Calls `run` at the end of the turn. */
  atEndOfTurn(run: () => void): void {
    if (this.#isEnded) return;
    this.#immediates.push(run);
    this.#wake();
  }

  /** Keeps the processor busy: the next turn comes later. */
  spend(costMs: number): void {
    const fromMs = Math.max(this.#busyUntilMs, this.world.nowMs);
    this.#busyUntilMs = fromMs + costMs * this.slowness;
    this.#spentMs += costMs * this.slowness;
  }

  /** For how long what comes in now has to wait. */
  get lagMs(): number {
    return Math.max(0, this.#busyUntilMs - this.world.nowMs);
  }

  /** Time for which its loop has worked and has waited, as Node.js tells it. */
  get loopTimes(): { active: number; idle: number } {
    const { nowMs } = this.world;
    const active = this.#spentMs - Math.max(0, this.#busyUntilMs - nowMs);
    return { active, idle: Math.max(0, nowMs - this.#startedAtMs - active) };
  }

  /** Stops it, as SIGSTOP does. */
  pause(forMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.world.nowMs + forMs);
    this.#reschedule();
  }

  /** Ends it at once, whatever it is about. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#due = [];
    this.#inbox = [];
    this.#immediates = [];
    this.#turn?.[Symbol.dispose]();
    for (const listener of this.#onEnd.splice(0)) listener();
  }

  /** Ends it after so many more callbacks: at some `await`. */
  endAfterCalls(calls: number): void {
    this.#callsLeft = Math.max(1, calls);
  }

  onEnd(listener: () => void): void {
    if (this.#isEnded) listener();
    else this.#onEnd.push(listener);
  }

  #createClock(): Clock {
    const { world, host } = this;
    const clock: Clock = {
      now: () => Math.floor(world.nowMs - this.#startedAtMs),
      wallMs: () => Math.floor(firstWallMs + world.nowMs + host.wallAheadMs),
      after: (delayMs, run) => this.#setTimer(delayMs, run),
      every: (periodMs, run) => {
        let timer: Disposable;
        const again = () => {
          timer = this.#setTimer(periodMs, again);
          run();
        };
        timer = this.#setTimer(periodMs, again);
        return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
      },
      sleep: (delayMs, signal) => sleepBy(clock, delayMs, signal),
    };
    return clock;
  }

  #setTimer(delayMs: number, run: () => void): Disposable {
    const timer: ProcessTimer = { run, isDisposed: false };
    // Node.js takes what is no time at all for a millisecond.
    let isSet = true;
    const event = this.world.after(Math.max(1, delayMs), () => {
      if (isSet) this.#timerCount -= 1;
      isSet = false;
      if (this.#isEnded || timer.isDisposed) return;
      this.#due.push(timer);
      this.#wake();
    });
    this.#timerCount += 1;
    return {
      [Symbol.dispose]: () => {
        if (timer.isDisposed) return;
        timer.isDisposed = true;
        if (isSet) this.#timerCount -= 1;
        isSet = false;
        event[Symbol.dispose]();
      },
    };
  }

  #wake(): void {
    if (this.#turn || this.#isInTurn || this.#isEnded) return;
    const atMs = Math.max(this.#pausedUntilMs, this.#busyUntilMs, this.world.nowMs);
    this.#turn = this.world.at(atMs, () => this.#takeTurn());
  }

  #reschedule(): void {
    if (!this.#turn) return;
    this.#turn[Symbol.dispose]();
    this.#turn = undefined;
    this.#wake();
  }

  async #takeTurn(): Promise<void> {
    this.#turn = undefined;
    this.#isInTurn = true;
    for (const timer of this.#due.splice(0)) {
      if (timer.isDisposed) continue;
      timer.isDisposed = true;
      await this.#call(timer.run);
    }
    const came = this.#inbox.splice(0);
    let taken = 0;
    for (const handle of came) {
      if (this.#busyUntilMs > this.world.nowMs + longestTurnMs) break;
      taken += 1;
      await this.#call(handle);
    }
    if (taken < came.length && !this.#isEnded) this.#inbox = [...came.slice(taken), ...this.#inbox];
    for (const run of this.#immediates.splice(0)) await this.#call(run);
    this.#isInTurn = false;
    if (this.backlog > 0) this.#wake();
  }

  async #call(run: () => void): Promise<void> {
    if (this.#isEnded) return;
    current.run(this, () => {
      try {
        run();
      } catch (error) {
        this.world.find('exception', `${this.name}: ${error instanceof Error ? error.stack : error}`, {
          who: this.name,
        });
      }
    });
    if (this.#held.length > 0) await Promise.all(this.#held.splice(0));
    await endOfTurn();
    this.#callsLeft -= 1;
    if (this.#callsLeft === 0) {
      this.world.record('fault', `${this.name} crashes at an await`);
      this.end();
    }
  }
}

import { silentLogger, systemClock } from '@pushfleet/runtime';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Housekeeping, type LeaderTask, type LeaderTerm } from './housekeeping.ts';

/** A lease as the registry grants it, without the registry. */
class PlayedLease {
  #holder: string | undefined;
  #token = 0;
  #lapsesAtMs = 0;
  answers = true;

  async hold(_: 'housekeeping', holder: string, ttlMs: number): Promise<number | undefined> {
    if (!this.answers) throw new Error('no answer');
    const isHeld = Date.now() < this.#lapsesAtMs;
    if (isHeld && this.#holder !== holder) return undefined;
    if (!isHeld) this.#token += 1;
    this.#holder = holder;
    this.#lapsesAtMs = Date.now() + ttlMs;
    return this.#token;
  }

  async release(_: 'housekeeping', holder: string): Promise<boolean> {
    if (this.#holder !== holder) return false;
    this.#lapsesAtMs = 0;
    return true;
  }
}

class Counting implements LeaderTask {
  readonly name = 'counting';
  ticks = 0;
  term: LeaderTerm | undefined;

  async tick(term: LeaderTerm): Promise<void> {
    this.ticks += 1;
    this.term = term;
  }
}

function start(leases: PlayedLease) {
  const task = new Counting();
  const housekeeping = new Housekeeping({ leases, tasks: [task], clock: systemClock, logger: silentLogger });
  housekeeping.start();
  return { task, housekeeping };
}

describe('Housekeeping', () => {
  afterEach(() => void vi.useRealTimers());

  it('is done by one only; another one goes on as soon as that one stops', async () => {
    vi.useFakeTimers();
    const leases = new PlayedLease();
    const [one, two] = [start(leases), start(leases)];
    await vi.advanceTimersByTimeAsync(5_000);
    expect([one.task.ticks, two.task.ticks]).toEqual([6, 0]);
    await one.housekeeping[Symbol.asyncDispose]();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(two.task.ticks).toBe(1);
    expect(two.task.term?.token).toBeGreaterThan(one.task.term?.token ?? 0);
    expect(one.task.term?.signal.aborted).toBe(true);
    await two.housekeeping[Symbol.asyncDispose]();
  });

  it('ends by its own clock before anybody else can begin, when the registry does not answer', async () => {
    vi.useFakeTimers();
    const leases = new PlayedLease();
    const { task, housekeeping } = start(leases);
    await vi.advanceTimersByTimeAsync(1_000);
    leases.answers = false;
    await vi.advanceTimersByTimeAsync(3_999);
    expect(housekeeping.leads).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect([housekeeping.leads, task.term?.signal.aborted]).toEqual([false, true]);
    await housekeeping[Symbol.asyncDispose]();
  });

  it('never begins a task again that has not finished, and survives one that fails', async () => {
    vi.useFakeTimers();
    const leases = new PlayedLease();
    let began = 0;
    const slow: LeaderTask = { name: 'slow', tick: () => new Promise(() => (began += 1)) };
    const failing: LeaderTask = { name: 'failing', tick: () => Promise.reject(new Error('no')) };
    const counting = new Counting();
    const tasks = [slow, failing, counting];
    const housekeeping = new Housekeeping({ leases, tasks, clock: systemClock, logger: silentLogger });
    housekeeping.start();
    await vi.advanceTimersByTimeAsync(3_000);
    expect([began, counting.ticks]).toEqual([1, 4]);
  });
});

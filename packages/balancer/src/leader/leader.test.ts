import { silentLogger } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { Leader, type LeaderTask, type LeaderTerm } from './leader.ts';

/** Grants the lease as the registry does, in memory. */
class TestLeaseStore {
  readonly clock = new ManualClock();
  #holder: string | undefined;
  #token = 0;
  #lapsesAtMs = 0;
  answers = true;

  async hold(_: 'housekeeping', holder: string, ttlMs: number): Promise<number | undefined> {
    if (!this.answers) throw new Error('no answer');
    const isHeld = this.clock.now() < this.#lapsesAtMs;
    if (isHeld && this.#holder !== holder) return undefined;
    if (!isHeld) this.#token += 1;
    this.#holder = holder;
    this.#lapsesAtMs = this.clock.now() + ttlMs;
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

function start(leases: TestLeaseStore) {
  const task = new Counting();
  const leader = new Leader({ leases, tasks: [task], clock: leases.clock, logger: silentLogger });
  leader.start();
  return { task, leader };
}

describe('Leader', () => {
  it('is one only; another one leads as soon as that one stops', async () => {
    const leases = new TestLeaseStore();
    const [one, two] = [start(leases), start(leases)];
    await leases.clock.turn(5_000);
    expect([one.task.ticks, two.task.ticks]).toEqual([6, 0]);
    await one.leader[Symbol.asyncDispose]();
    await leases.clock.turn(1_000);
    expect(two.task.ticks).toBe(1);
    expect(two.task.term?.token).toBeGreaterThan(one.task.term?.token ?? 0);
    expect(one.task.term?.lost.aborted).toBe(true);
    await two.leader[Symbol.asyncDispose]();
  });

  it('ends by its own clock before anybody else can begin, when the registry does not answer', async () => {
    const leases = new TestLeaseStore();
    const { task, leader } = start(leases);
    await leases.clock.turn(1_000);
    leases.answers = false;
    await leases.clock.turn(3_999);
    expect(leader.leads).toBe(true);
    await leases.clock.turn(1);
    expect([leader.leads, task.term?.lost.aborted]).toEqual([false, true]);
    await leader[Symbol.asyncDispose]();
  });

  it('leads again, in another term, once the registry answers again', async () => {
    const leases = new TestLeaseStore();
    const { task, leader } = start(leases);
    await leases.clock.turn(1_000);
    const before = task.term;
    leases.answers = false;
    await leases.clock.turn(10_000);
    expect([leader.leads, before?.lost.aborted]).toEqual([false, true]);
    leases.answers = true;
    await leases.clock.turn(1_000);
    expect([leader.leads, task.term === before]).toEqual([true, false]);
    expect(task.term?.token).toBeGreaterThan(before?.token ?? 0);
    await leader[Symbol.asyncDispose]();
    expect(leases.clock.pending).toBe(0);
  });

  it('never begins a task again that has not finished, and survives one that fails', async () => {
    const leases = new TestLeaseStore();
    let began = 0;
    const slow: LeaderTask = { name: 'slow', tick: () => new Promise(() => (began += 1)) };
    const failing: LeaderTask = { name: 'failing', tick: () => Promise.reject(new Error('no')) };
    const counting = new Counting();
    const tasks = [slow, failing, counting];
    const leader = new Leader({ leases, tasks, clock: leases.clock, logger: silentLogger });
    leader.start();
    await leases.clock.turn(3_000);
    expect([began, counting.ticks]).toEqual([1, 4]);
  });
});

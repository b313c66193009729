import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { Lease, type LeaseStore } from './lease.ts';
import { silentLogger } from './logger.ts';

const name = 'the lease';
let clock: ManualClock;

/** Grants one lease, by the time of the test. */
class TestLeaseStore implements LeaseStore<typeof name> {
  holder: string | undefined;
  answers = true;
  holds = 0;
  /** An answer comes so much later than it was given. */
  answersAfterMs = 0;
  #token = 0;
  #expiresAtMs = 0;

  async hold(_: typeof name, holder: string, ttlMs: number): Promise<number | undefined> {
    this.holds += 1;
    if (!this.answers) throw new Error('no answer');
    await clock.sleep(this.answersAfterMs);
    const isHeld = this.holder !== undefined && clock.now() < this.#expiresAtMs;
    if (isHeld && this.holder !== holder) return undefined;
    if (!isHeld) this.#token += 1;
    this.holder = holder;
    this.#expiresAtMs = clock.now() + ttlMs;
    return this.#token;
  }

  async release(_: typeof name, holder: string): Promise<boolean> {
    if (this.holder !== holder) return false;
    this.holder = undefined;
    return true;
  }
}

async function acquire(leases: TestLeaseStore): Promise<Lease | undefined> {
  const asked = Lease.acquire({ leases, name, ttlMs: 10_000, renewEveryMs: 3_000, clock, logger: silentLogger });
  await clock.turn(0);
  clock.advance(0);
  return asked;
}

describe('Lease', () => {
  beforeEach(() => {
    clock = new ManualClock();
  });

  it('is of one only, for as long as that one renews it', async () => {
    const leases = new TestLeaseStore();
    const one = await acquire(leases);
    await clock.turn(60_000);
    expect(await acquire(leases)).toBeUndefined();
    expect([one?.lost.aborted, one?.token]).toEqual([false, 1]);
    await one?.release();
    const two = await acquire(leases);
    expect([one?.lost.aborted, two?.token]).toEqual([true, 2]);
    two?.end();
    expect(clock.pending).toBe(0);
  });

  it('ends by its own clock before anybody else can begin, when the store does not answer', async () => {
    const leases = new TestLeaseStore();
    const lease = await acquire(leases);
    const signal = lease?.lost;
    await clock.turn(3_000);
    leases.answers = false;
    await clock.turn(9_999);
    expect(signal?.aborted).toBe(false);
    await clock.turn(1, 1);
    expect(signal?.aborted).toBe(true);
  });

  it('is found to have ended after a stall, before any timer says so', async () => {
    const lease = await acquire(new TestLeaseStore());
    vi.spyOn(clock, 'now').mockReturnValue(10_000);
    expect(lease?.lost.aborted).toBe(true);
  });

  it('ends when somebody else has it, and does not take it from them', async () => {
    const leases = new TestLeaseStore();
    const lease = await acquire(leases);
    leases.holder = 'somebody else';
    await clock.turn(3_000);
    expect(lease?.lost.aborted).toBe(true);
    await lease?.release();
    expect(leases.holder).toBe('somebody else');
  });

  it('is not taken again by a renewal that was under way when it was given up', async () => {
    const leases = new TestLeaseStore();
    const lease = await acquire(leases);
    leases.answersAfterMs = 500;
    await clock.turn(3_100);
    const released = lease?.release();
    await clock.turn(1_000);
    await released;
    expect(leases.holder).toBeUndefined();
    const { holds } = leases;
    await clock.turn(60_000, 1_000);
    expect(leases.holds).toBe(holds);
  });

  it('is given up only after the work under it', async () => {
    const leases = new TestLeaseStore();
    const lease = await acquire(leases);
    const { promise: work, resolve: finish } = Promise.withResolvers<void>();
    const released = lease?.release(work);
    await clock.turn(100);
    expect([lease?.lost.aborted, leases.holder !== undefined]).toEqual([true, true]);
    finish();
    await released;
    expect(leases.holder).toBeUndefined();
  });
});

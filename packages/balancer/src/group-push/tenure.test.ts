import type { GroupPushId } from '@pushfleet/protocol';
import type { Leases } from '@pushfleet/registry';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Tenure } from './tenure.ts';

/** A lease as the registry grants it, by the time of the test. */
class PlayedLease implements Leases {
  holder: string | undefined;
  token = 0;
  #lapsesAtMs = 0;
  answers = true;
  holds = 0;

  async hold(_: string, holder: string, ttlMs: number): Promise<number | undefined> {
    this.holds += 1;
    if (!this.answers) throw new Error('no answer');
    const isHeld = this.holder !== undefined && Date.now() < this.#lapsesAtMs;
    if (isHeld && this.holder !== holder) return undefined;
    if (!isHeld) this.token += 1;
    this.holder = holder;
    this.#lapsesAtMs = Date.now() + ttlMs;
    return this.token;
  }

  async release(_: string, holder: string): Promise<boolean> {
    if (this.holder !== holder) return false;
    this.holder = undefined;
    return true;
  }
}

const begin = (leases: Leases) =>
  Tenure.begin('push' as GroupPushId, { leases, clock: systemClock, logger: silentLogger });

describe('Tenure', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is of one only, for as long as that one renews it', async () => {
    const leases = new PlayedLease();
    const one = await begin(leases);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await begin(leases)).toBeUndefined();
    expect([one?.lost.aborted, one?.token]).toEqual([false, 1]);
    await one?.release();
    const two = await begin(leases);
    expect([one?.lost.aborted, two?.token]).toEqual([true, 2]);
    two?.end();
  });

  it('ends by its own clock before anybody else can begin, when the registry does not answer', async () => {
    const leases = new PlayedLease();
    const tenure = await begin(leases);
    await vi.advanceTimersByTimeAsync(3_000);
    leases.answers = false;
    await vi.advanceTimersByTimeAsync(9_999);
    expect(tenure?.lost.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(tenure?.lost.aborted).toBe(true);
  });

  it('ends when somebody else has it', async () => {
    const leases = new PlayedLease();
    const tenure = await begin(leases);
    leases.holder = 'somebody else';
    await vi.advanceTimersByTimeAsync(3_000);
    expect(tenure?.lost.aborted).toBe(true);
    expect(leases.holder).toBe('somebody else');
  });

  it('is not taken again by a renewal that was under way when it was given up', async () => {
    const leases = new PlayedLease();
    const tenure = await begin(leases);
    const hold = leases.hold.bind(leases);
    leases.hold = async (name, holder, ttlMs) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return hold(name, holder, ttlMs);
    };
    await vi.advanceTimersByTimeAsync(3_100);
    const released = tenure?.release();
    await vi.advanceTimersByTimeAsync(1_000);
    await released;
    expect(leases.holder).toBeUndefined();
    const { holds } = leases;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(leases.holds).toBe(holds);
  });
});

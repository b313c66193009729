import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { SignInLock } from './sign-in-lock.ts';

const policy = {
  ...{ failures: 10, withinMs: 300_000, firstLockMs: 60_000, longestLockMs: 3_600_000 },
  ...{ forgetAfterMs: 7_200_000, keys: 100 },
};
const { failures, withinMs, firstLockMs, longestLockMs, forgetAfterMs, keys } = policy;

function startLock() {
  const clock = new ManualClock();
  const lock = new SignInLock(clock, policy);
  /** Tries so often; answers what it was told each time. */
  const fail = (address: string, times: number) => Array.from({ length: times }, () => lock.attempt(address));
  return { clock, lock, fail };
}

const looked = Array.from({ length: failures }, () => 0);

describe('a lock of sign-ins', () => {
  it('looks at ten that fail, and then at none for a time', () => {
    const { clock, lock, fail } = startLock();
    expect(fail('192.0.2.1', failures)).toEqual(looked);
    expect(lock.attempt('192.0.2.1')).toBe(firstLockMs);
    clock.advance(20_000);
    // Those that are not looked at do not prolong it.
    expect(fail('192.0.2.1', 50)).toEqual(Array.from({ length: 50 }, () => firstLockMs - 20_000));
    clock.advance(firstLockMs - 20_000);
    expect(lock.attempt('192.0.2.1')).toBe(0);
  });

  it('lasts twice as long each time, up to an hour, and begins anew when nobody has tried for long', () => {
    const { clock, lock, fail } = startLock();
    const lengths = Array.from({ length: 9 }, () => {
      fail('192.0.2.1', failures);
      const lockedMs = lock.attempt('192.0.2.1');
      clock.advance(lockedMs);
      return lockedMs / firstLockMs;
    });
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(longestLockMs / firstLockMs).toBe(60);
    clock.advance(forgetAfterMs);
    fail('192.0.2.1', failures);
    expect(lock.attempt('192.0.2.1')).toBe(firstLockMs);
  });

  it('forgets failures after five minutes, and does not count what was good', () => {
    const { clock, lock, fail } = startLock();
    fail('192.0.2.1', failures);
    clock.advance(withinMs);
    expect(fail('192.0.2.1', failures)).toEqual(looked);
    for (let at = 0; at < 3 * failures; at += 1) {
      lock.forgive('192.0.2.1');
      expect(lock.attempt('192.0.2.1')).toBe(0);
    }
    expect(lock.attempt('192.0.2.1')).toBe(firstLockMs);
    lock.forgive('nobody');
  });

  it('says how long a key is locked without an attempt', () => {
    const { clock, lock, fail } = startLock();
    fail('192.0.2.1', failures);
    expect(lock.lockedForMs('192.0.2.1')).toBe(0);
    lock.attempt('192.0.2.1');
    clock.advance(1_000);
    expect([lock.lockedForMs('192.0.2.1'), lock.lockedForMs('nobody')]).toEqual([firstLockMs - 1_000, 0]);
  });

  it('keeps nothing of keys whose attempts were good', () => {
    const { lock, fail } = startLock();
    fail('192.0.2.1', 2);
    for (const _ of [1, 2, 3]) lock.forgive('192.0.2.1');
    expect(lock.size).toBe(0);
  });

  it('remembers a bounded number of keys, and first forgets those that tried longest ago', () => {
    const { lock, fail } = startLock();
    fail('192.0.2.1', failures);
    fail('192.0.2.2', failures);
    const others = Array.from({ length: keys - 2 }, (_, at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`);
    for (const address of others) lock.attempt(address);
    expect(lock.attempt('192.0.2.1')).toBe(firstLockMs);
    lock.attempt('198.51.100.1');
    expect(lock.size).toBe(keys);
    expect([lock.attempt('192.0.2.1'), lock.attempt('192.0.2.2')]).toEqual([firstLockMs, 0]);
  });
});

import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { DeviceSignIns, deviceSignInPolicies, type LockedBy } from './device-sign-ins.ts';

const { pair, address, identity } = deviceSignInPolicies;

function start(shared?: BlockList) {
  const clock = new ManualClock();
  const reported: [LockedBy, number][] = [];
  const signIns = new DeviceSignIns({ clock, shared, onLocked: (_, by, lockedMs) => reported.push([by, lockedMs]) });
  /** Tries to be that device, with a bad credential. Answers whether it was looked at. */
  const fail = (from: string, device: string) => signIns.begin({ address: from, identity: device }) === 0;
  const succeed = (from: string, device: string) => {
    const isLookedAt = fail(from, device);
    if (isLookedAt) signIns.succeed({ address: from, identity: device });
    return isLookedAt;
  };
  return { clock, signIns, reported, fail, succeed };
}

const count = (looked: boolean[]) => looked.filter(Boolean).length;
const times = <Result>(length: number, act: (at: number) => Result) => Array.from({ length }, (_, at) => act(at));

describe('sign-ins of devices that fail', () => {
  it('are looked at a few times of ten thousand from one address, for one device or for many', () => {
    const one = start();
    expect(count(times(10_000, () => one.fail('192.0.2.1', 'laptop')))).toBe(pair.failures);
    const many = start();
    expect(count(times(10_000, (at) => many.fail('192.0.2.1', `guess-${at}`)))).toBe(address.failures);
    expect([one.reported, many.reported]).toEqual([[['pair', 2_000]], [['address', 2_000]]]);
    // Another address does not notice.
    expect(many.succeed('192.0.2.2', 'guess-1')).toBe(true);
  });

  it('are slowed down first, and then locked for a quarter of an hour', () => {
    const { clock, reported, fail } = start();
    // Six hours of a try each tenth of a second.
    let looked = 0;
    for (let at = 0; at < 6 * 36_000; at += 1) {
      looked += fail('192.0.2.1', 'laptop') ? 1 : 0;
      clock.advance(100);
    }
    const locks = reported.filter(([by]) => by === 'pair').map(([, lockedMs]) => lockedMs / 1_000);
    expect(locks.slice(0, 10)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
    expect(new Set(locks.slice(9))).toEqual(new Set([900]));
    expect(looked).toBeLessThanOrEqual(pair.failures * (locks.length + 1));
  });

  it('from many addresses lock a device for a minute at most', () => {
    const { clock, reported, fail } = start();
    const looked = times(10_000, (at) => fail(`10.0.${at >> 8}.${at & 255}`, 'laptop'));
    expect(count(looked)).toBe(identity.failures);
    for (let at = 0; at < 20_000; at += 1) {
      fail(`10.1.${at >> 8}.${at & 255}`, 'laptop');
      clock.advance(100);
    }
    expect(Math.max(...reported.filter(([by]) => by === 'identity').map(([, lockedMs]) => lockedMs))).toBe(60_000);
  });

  it('do not keep a device out where it has signed in before', () => {
    const { clock, fail, succeed } = start();
    expect(succeed('192.0.2.1', 'laptop')).toBe(true);
    // Of its neighbours behind the same address, and of others who claim to be it.
    times(1_000, (at) => fail('192.0.2.1', `guess-${at}`));
    times(1_000, (at) => fail(`10.0.${at >> 8}.${at & 255}`, 'laptop'));
    expect(succeed('192.0.2.1', 'tablet')).toBe(false);
    expect(times(20, () => succeed('192.0.2.1', 'laptop'))).toEqual(Array(20).fill(true));
    clock.advance(2_000);
    expect(succeed('192.0.2.1', 'tablet')).toBe(true);
    // Whoever guesses its own secret from its own address locks both.
    expect(count(times(1_000, () => fail('192.0.2.1', 'laptop')))).toBe(pair.failures);
  });

  it('are not counted by address in a network that many share', () => {
    const shared = new BlockList();
    shared.addSubnet('192.0.2.0', 24);
    const { signIns, fail, succeed } = start(shared);
    expect(count(times(1_000, (at) => fail('192.0.2.1', `guess-${at}`)))).toBe(1_000);
    expect(count(times(1_000, () => fail('192.0.2.1', 'guess-1')))).toBe(pair.failures - 1);
    expect([succeed('192.0.2.1', 'laptop'), signIns.isSuspect('192.0.2.1')]).toEqual([true, false]);
  });

  it('that come together with good ones do not lock a crowd behind one address', () => {
    const { signIns, fail } = start();
    // As many at once as a balancer looks at.
    for (let round = 0; round < 100; round += 1) {
      const crowd = times(64, (at) => ({ address: '192.0.2.1', identity: `device-${round}-${at}` }));
      expect(crowd.map((one) => signIns.begin(one))).toEqual(Array(64).fill(0));
      for (const one of crowd) signIns.succeed(one);
    }
    expect(fail('192.0.2.1', 'other')).toBe(true);
  });

  it('count for nothing where nobody knows whether the credential was good', () => {
    const { signIns } = start();
    const signIn = { address: '192.0.2.1', identity: 'laptop' };
    for (let at = 0; at < 1_000; at += 1) {
      expect(signIns.begin(signIn)).toBe(0);
      signIns.forgive(signIn);
    }
  });

  it('say beforehand how long nothing is looked at, and make their address suspect', () => {
    const { clock, signIns, fail } = start();
    times(200, (at) => fail('2001:db8:1:2::1', `guess-${at}`));
    const waits = ['2001:db8:1:2::7', '2001:db8:1:3::1'].map((from) =>
      signIns.lockedForMs({ address: from, identity: 'laptop' }),
    );
    expect(waits).toEqual([2_000, 0]);
    expect([signIns.isSuspect('2001:db8:1:2::7'), signIns.isSuspect('2001:db8:1:3::1')]).toEqual([true, false]);
    clock.advance(2_000);
    expect(signIns.isSuspect('2001:db8:1:2::7')).toBe(false);
  });
});

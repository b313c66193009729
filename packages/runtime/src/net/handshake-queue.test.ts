import { describe, expect, it } from 'vitest';
import { paceLimits } from './handshake-pace.ts';
import { type Candidate, HandshakeQueue } from './handshake-queue.ts';

const burst = paceLimits.firstPerSecond / 20;

function create({ waiting = 100, begun = 100, perAddress = 100 } = {}) {
  const limits = {
    waiting: { total: waiting, perAddress: waiting },
    begun: { total: begun, perAddress },
    patienceMs: 5_000,
  };
  const queue = new HandshakeQueue<Candidate>(limits, 0);
  const come = (key: string, nowMs = 0) => {
    const item = { key, isKnown: key === key.toUpperCase(), sinceMs: 0 };
    const refused = queue.add(item, '192.0.2.1', nowMs);
    queue.greet(item, nowMs);
    return refused.map((one) => `${one.item.key} ${one.why}`);
  };
  const take = (nowMs: number, isPaced = true) => {
    const taken = queue.take(nowMs, nowMs, isPaced);
    return taken && [taken.begun?.key, ...taken.refused.map((one) => `${one.item.key} ${one.why}`)];
  };
  return { queue, come, take };
}

describe('handshakes', () => {
  it('begin with known clients, and of each kind with the newest', () => {
    const { come, take } = create();
    for (const key of ['a', 'B', 'c', 'D']) come(key);
    expect([1, 2, 3, 4, 5].map(() => take(0)?.[0])).toEqual(['D', 'B', 'c', 'a', undefined]);
  });

  it('begin with suspects last, and with twenty of them in a second', () => {
    const { queue, come, take } = create();
    for (let at = 0; at < 30; at += 1) {
      const suspect = { key: `suspect-${at}`, isKnown: at % 2 === 0, isSuspect: true, sinceMs: 0 };
      queue.add(suspect, '192.0.2.1', 0);
      queue.greet(suspect, 0);
    }
    for (const key of ['a', 'B']) come(key);
    expect([take(0, false)?.[0], take(0, false)?.[0]]).toEqual(['B', 'a']);
    let begun = 0;
    while (take(0, false)) begun += 1;
    expect([begun, queue.waiting]).toEqual([20, 10]);
    come('b');
    expect([take(0, false)?.[0], take(0, false), take(50, false)?.[0]]).toEqual(['b', undefined, 'suspect-9']);
    expect(queue.takeExpired(5_001)).toHaveLength(9);
  });

  it('begin at the pace, and at once where there is none', () => {
    const { queue, come, take } = create();
    for (let at = 0; at < 60; at += 1) come(`client-${at}`);
    let begun = 0;
    while (take(0)) begun += 1;
    expect([begun, queue.waiting, queue.inFlight]).toEqual([burst, 60 - burst, burst]);
    while (take(0, false)) begun += 1;
    expect([begun, queue.waiting]).toEqual([60, 0]);
  });

  it('never begin for those who have waited for 5 s, who came too early for the room, or who have left', () => {
    const { queue, come, take } = create({ waiting: 3 });
    expect([come('a'), come('b', 1), come('c', 2), come('d', 3)]).toEqual([[], [], [], ['a perAddress']]);
    expect(queue.takeExpired(5_001).map(({ item, why }) => `${item.key} ${why}`)).toEqual(['b waitedTooLong']);
    expect(take(5_001)?.[0]).toBe('d');
    const gone = { key: 'e', isKnown: false, sinceMs: 0 };
    queue.add(gone, '192.0.2.1', 5_001);
    queue.greet(gone, 5_001);
    queue.remove(gone);
    expect([take(5_001)?.[0], take(5_001)]).toEqual(['c', undefined]);
  });

  it('are refused where too many have begun, until one has authenticated or has taken too long', () => {
    const { queue, come, take } = create({ begun: 1, perAddress: 2 });
    for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) come(key, at);
    expect(take(10)).toEqual(['d']);
    expect(take(10)).toEqual([undefined, 'c queueFull']);
    queue.release('d');
    expect(take(10)).toEqual(['b']);
    expect(take(5_001)).toEqual(['a', 'b queueFull']);
    expect(queue.inFlight).toBe(1);
  });

  it('stop counting as in flight when their clients are slow', () => {
    const { queue, come, take } = create();
    come('a');
    take(0);
    queue.adjust(undefined, 1_999);
    expect(queue.inFlight).toBe(1);
    queue.adjust(undefined, 2_000);
    expect(queue.inFlight).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { deliveryOf, targetOf, waitOf } from './options.ts';

describe('delivery', () => {
  it('is direct unless there is a time to live', () => {
    expect(deliveryOf({})).toEqual({
      ttlMs: 0,
      deliverWithinMs: 0,
      finishWithinMs: 0,
      collapseKey: '',
      idempotencyKey: '',
    });
    expect(deliveryOf({ ttl: 60_000, priority: 'high', collapseKey: 'k' })).toMatchObject({
      ttlMs: 60_000,
      priority: 'PRIORITY_HIGH',
      collapseKey: 'k',
    });
  });

  it('is to be there by the time it is to end', () => {
    expect(deliveryOf({ finishWithin: 5_000 })).toMatchObject({ deliverWithinMs: 5_000, finishWithinMs: 5_000 });
    expect(deliveryOf({ finishWithin: 60_000 })).toMatchObject({ deliverWithinMs: 10_000, finishWithinMs: 60_000 });
  });

  it('leaves it to balancers to say what does not fit together', () => {
    expect(deliveryOf({ ttl: 60_000, deliverWithin: 1_000, finishWithin: 1_000 })).toMatchObject({
      ttlMs: 60_000,
      deliverWithinMs: 1_000,
      finishWithinMs: 1_000,
    });
    expect(deliveryOf({ idempotencyKey: 'k' })).toMatchObject({ idempotencyKey: 'k', ttlMs: 0 });
  });

  it('is waited for to the end, with a time to live only where the device is connected', () => {
    expect([waitOf({}), waitOf({ ttl: 1 }), waitOf({ ttl: 1, wait: 'finished' })]).toEqual([
      'finished',
      'connected',
      'finished',
    ]);
  });
});

describe('targets', () => {
  const subgroups = true;

  it('are devices, each once', () => {
    expect(targetOf(['a', 'b', 'a'], { subgroups })).toEqual({ kind: 'devices', deviceIds: ['a', 'b'] });
  });

  it('are a group, with labels and a pace', () => {
    const flags = {
      group: 'HQ',
      subgroups: false,
      label: { ring: 'early' },
      rate: 200,
      jitter: 60_000,
      abortFailed: 10,
    };
    expect(targetOf([], flags)).toMatchObject({
      chosen: {
        group: 'HQ',
        excludeSubgroups: true,
        labels: { ring: 'early' },
        pace: { commandsPerSecond: 200, jitterWindowMs: 60_000, abortFailedPercent: 10 },
      },
    });
    expect(targetOf([], { all: true, subgroups })).toMatchObject({ kind: 'group', chosen: { group: '' } });
  });

  it.each([
    [[], {}, 'name devices, or a group'],
    [['a'], { group: 'HQ' }, 'name devices, or a group'],
    [[], { group: 'HQ', all: true as const }, 'name devices, or a group'],
    [[], { group: '' }, '--group must be the path'],
    [[], { all: true as const, subgroups: false }, '--no-subgroups is for --group'],
    [['a'], { label: { os: 'linux' } }, '--label is for groups'],
    [['a'], { rate: 5 }, '--rate is for groups'],
    [['a'], { jitter: 5 }, '--jitter is for groups'],
    [['a'], { abortFailed: 5 }, '--abort-failed is for groups'],
    [['a'], { detach: true as const }, '--detach is for groups'],
  ])('%o with %o is refused, and the flag is named', (ids, flags, message) => {
    expect(() => targetOf(ids, { subgroups, ...flags })).toThrow(message);
  });
});

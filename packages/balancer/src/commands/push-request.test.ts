import type { admin, CommandId } from '@pushfleet/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancerOf, CommandIds } from './command-id.ts';
import { fingerprint, parsePush } from './push-request.ts';

const ids = new CommandIds('aaaaaaaaaa');
const request: admin.PushRequest = {
  deviceId: 'laptop',
  operation: { kind: 'forceSync', forceSync: { reason: '' } },
  wait: 'WAIT_UNSPECIFIED',
  deliverWithinMs: 0,
  finishWithinMs: 0,
  ttlMs: 0,
  priority: 'PRIORITY_UNSPECIFIED',
  collapseKey: '',
  idempotencyKey: '',
  commandId: '',
};

it.each([
  [{}, { step: 'finished', deliverWithinMs: 10_000, finishWithinMs: 30_000 }],
  [{ deliverWithinMs: 60_000 }, { deliverWithinMs: 60_000, finishWithinMs: 60_000 }],
  [
    { wait: 'WAIT_ACCEPTED' as const, finishWithinMs: 10_000 },
    { step: 'accepted', finishWithinMs: 10_000 },
  ],
  [{}, { queueing: undefined }],
  [
    { ttlMs: 60_000 },
    {
      deliverWithinMs: 60_000,
      finishWithinMs: 360_000,
      queueing: { priority: 'normal', collapseKey: 'force_sync', idempotencyKey: '' },
    },
  ],
  [{ commandId: 'mine-7' }, { id: 'mine-7', hasChosenId: true }],
  [{ commandId: 'd-mine-7', ttlMs: 60_000 }, { id: 'd-mine-7' }],
  [{ ttlMs: 60_000, finishWithinMs: 60_000 }, { finishWithinMs: 60_000 }],
  [
    { ttlMs: 1, priority: 'PRIORITY_HIGH' as const, collapseKey: 'mine', idempotencyKey: 'once' },
    { queueing: { priority: 'high', collapseKey: 'mine', idempotencyKey: 'once' } },
  ],
  [
    { ttlMs: 1, operation: { kind: 'custom' as const, custom: { name: 'a', payload: Buffer.alloc(0) } } },
    { queueing: { priority: 'normal', collapseKey: '', idempotencyKey: '' } },
  ],
])('reads %j as %j', (change, expected) => {
  expect(parsePush({ ...request, ...change }, ids)).toMatchObject(expected);
});

it.each<[string, Partial<admin.PushRequest>]>([
  ['device_id', { deviceId: '' }],
  ['operation', { operation: null }],
  ['operation.custom.name', { operation: { kind: 'custom', custom: { name: 'no blanks', payload: Buffer.alloc(0) } } }],
  ['deliver_within', { deliverWithinMs: 600_001 }],
  ['finish_within', { deliverWithinMs: 2_000, finishWithinMs: 1_999 }],
  ['finish_within', { finishWithinMs: 3_600_001 }],
  ['wait', { wait: 9 as unknown as admin.Wait }],
  ['priority', { priority: 'PRIORITY_NORMAL' }],
  ['collapse_key', { collapseKey: 'one' }],
  ['idempotency_key', { idempotencyKey: 'one' }],
  ['command_id', { commandId: 'with blanks' }],
  ['command_id', { commandId: 'x'.repeat(65) }],
  ['command_id', { commandId: 'größe' }],
  ['command_id', { commandId: 'd-direct' }],
  ['command_id', { commandId: 'durable', ttlMs: 1_000 }],
  ['ttl', { ttlMs: 2_592_000_001 }],
  ['ttl', { ttlMs: -1 }],
  ['ttl', { ttlMs: Number.NaN }],
  ['deliver_within', { deliverWithinMs: -1 }],
  ['finish_within', { finishWithinMs: Number.NaN }],
  ['finish_within', { ttlMs: 1_000, finishWithinMs: -1 }],
  ['deliver_within', { ttlMs: 1_000, deliverWithinMs: 1_000 }],
  ['finish_within', { ttlMs: 1_000, finishWithinMs: 999 }],
  ['finish_within', { ttlMs: 1_000, finishWithinMs: 2_678_400_001 }],
  ['priority', { ttlMs: 1_000, priority: 9 as unknown as admin.Priority }],
  ['collapse_key', { ttlMs: 1_000, collapseKey: 'ä'.repeat(65) }],
  ['idempotency_key', { ttlMs: 1_000, idempotencyKey: 'x'.repeat(129) }],
])('names %s where it is wrong', (field, change) => {
  expect(() => parsePush({ ...request, ...change }, ids)).toThrow(expect.objectContaining({ field }));
});

it('makes ids that say of which kind a command is, and none twice', () => {
  const [direct, again, durable] = [{}, {}, { ttlMs: 1_000 }].map((change) =>
    parsePush({ ...request, ...change }, ids),
  );
  expect([direct?.id, durable?.id]).toEqual([expect.not.stringMatching(/^d-/), expect.stringMatching(/^d-/)]);
  expect(direct?.id).not.toBe(again?.id);
  expect(balancerOf(direct?.id as CommandId)).toBe(ids.balancerId);
  expect([direct, durable].map((push) => push?.hasChosenId)).toEqual([false, false]);
});

describe('the fingerprint of a request', () => {
  it('is the same for the same values in another order, and where something is absent', () => {
    const one = { operation: { parameters: { a: '1', b: '2' } }, ttlMs: 5, group: undefined };
    const other = { ttlMs: 5, operation: { parameters: { b: '2', a: '1' } } };
    expect(fingerprint(one)).toBe(fingerprint(other));
    expect(fingerprint(one)).toMatch(/^[\w-]{22}$/);
  });

  it.each<[unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }],
    [{ a: '1' }, { a: 1 }],
    [{ a: 'bc' }, { ab: 'c' }],
    [{ a: '' }, {}],
    [['a', 'b'], ['ab']],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [{ a: Buffer.from('x') }, { a: 'x' }],
    [{ a: Buffer.from([0xff]) }, { a: Buffer.from([0xfe]) }],
    [{ a: Buffer.from([0xff]) }, { a: Buffer.from([0xff, 0]) }],
  ])('tells %j from %j', (one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  it('is the same only for what is the same', () => {
    const bytes = fc.uint8Array({ maxLength: 3 });
    const value = fc.dictionary(fc.string({ maxLength: 2 }), fc.oneof(fc.string({ maxLength: 2 }), fc.nat(3), bytes));
    fc.assert(
      fc.property(value, value, (one, other) => {
        const same = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        const kinds = (of: object) =>
          JSON.stringify(
            Object.entries(of)
              .map(([name, field]) => [name, typeof field])
              .sort(),
          );
        expect(fingerprint(one) === fingerprint(other)).toBe(same && kinds(one) === kinds(other));
      }),
    );
  });
});

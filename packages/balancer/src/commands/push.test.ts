import type { admin } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { parsePush } from './push.ts';

const request: admin.PushRequest = {
  deviceId: 'laptop',
  operation: { kind: 'forceSync', forceSync: { reason: '' } },
  wait: 'WAIT_UNSPECIFIED',
  deliverWithinMs: 0,
  finishWithinMs: 0,
};

it.each([
  [{}, { wait: 'finished', deliverWithinMs: 10_000, finishWithinMs: 30_000 }],
  [{ deliverWithinMs: 60_000 }, { deliverWithinMs: 60_000, finishWithinMs: 60_000 }],
  [
    { wait: 'WAIT_ACCEPTED' as const, finishWithinMs: 10_000 },
    { wait: 'accepted', finishWithinMs: 10_000 },
  ],
])('reads %j as %j', (change, expected) => {
  expect(parsePush({ ...request, ...change })).toMatchObject(expected);
});

it.each<[string, Partial<admin.PushRequest>]>([
  ['device_id', { deviceId: '' }],
  ['operation', { operation: null }],
  ['operation.custom.name', { operation: { kind: 'custom', custom: { name: 'no blanks', payload: Buffer.alloc(0) } } }],
  ['deliver_within_ms', { deliverWithinMs: 600_001 }],
  ['finish_within_ms', { deliverWithinMs: 2_000, finishWithinMs: 1_999 }],
  ['finish_within_ms', { finishWithinMs: 3_600_001 }],
  ['wait', { wait: 9 as unknown as admin.Wait }],
])('names %s where it is wrong', (field, change) => {
  expect(() => parsePush({ ...request, ...change })).toThrow(expect.objectContaining({ field }));
});

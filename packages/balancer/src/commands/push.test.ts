import type { admin } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { parsePush } from './push.ts';

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
  [{}, { wait: 'finished', deliverWithinMs: 10_000, finishWithinMs: 30_000 }],
  [{ deliverWithinMs: 60_000 }, { deliverWithinMs: 60_000, finishWithinMs: 60_000 }],
  [
    { wait: 'WAIT_ACCEPTED' as const, finishWithinMs: 10_000 },
    { wait: 'accepted', finishWithinMs: 10_000 },
  ],
  [{}, { durable: undefined }],
  [
    { ttlMs: 60_000 },
    {
      deliverWithinMs: 60_000,
      finishWithinMs: 360_000,
      durable: { priority: 'normal', collapseKey: 'force_sync', idempotencyKey: '' },
    },
  ],
  [{ commandId: 'mine-7' }, { id: 'mine-7' }],
  [{ commandId: 'd-mine-7', ttlMs: 60_000 }, { id: 'd-mine-7' }],
  [{ ttlMs: 60_000, finishWithinMs: 60_000 }, { finishWithinMs: 60_000 }],
  [
    { ttlMs: 1, priority: 'PRIORITY_HIGH' as const, collapseKey: 'mine', idempotencyKey: 'once' },
    { durable: { priority: 'high', collapseKey: 'mine', idempotencyKey: 'once' } },
  ],
  [
    { ttlMs: 1, operation: { kind: 'custom' as const, custom: { name: 'a', payload: Buffer.alloc(0) } } },
    { durable: { priority: 'normal', collapseKey: '', idempotencyKey: '' } },
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
  ['priority', { priority: 'PRIORITY_NORMAL' }],
  ['collapse_key', { collapseKey: 'one' }],
  ['idempotency_key', { idempotencyKey: 'one' }],
  ['command_id', { commandId: 'with blanks' }],
  ['command_id', { commandId: 'x'.repeat(65) }],
  ['command_id', { commandId: 'größe' }],
  ['command_id', { commandId: 'd-direct' }],
  ['command_id', { commandId: 'durable', ttlMs: 1_000 }],
  ['ttl_ms', { ttlMs: 2_592_000_001 }],
  ['deliver_within_ms', { ttlMs: 1_000, deliverWithinMs: 1_000 }],
  ['finish_within_ms', { ttlMs: 1_000, finishWithinMs: 999 }],
  ['finish_within_ms', { ttlMs: 1_000, finishWithinMs: 2_678_400_001 }],
  ['priority', { ttlMs: 1_000, priority: 9 as unknown as admin.Priority }],
  ['collapse_key', { ttlMs: 1_000, collapseKey: 'ä'.repeat(65) }],
  ['idempotency_key', { ttlMs: 1_000, idempotencyKey: 'x'.repeat(129) }],
])('names %s where it is wrong', (field, change) => {
  expect(() => parsePush({ ...request, ...change })).toThrow(expect.objectContaining({ field }));
});

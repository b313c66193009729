import type { admin } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { parseGroupPush, parseOutcomeQuery } from './parse.ts';

const request: admin.PushToGroupRequest = {
  group: 'HQ',
  excludeSubgroups: false,
  labels: {},
  operation: { kind: 'forceSync', forceSync: { reason: '' } },
  delivery: null,
  pace: null,
  idempotencyKey: '',
};
const delivery: admin.GroupPushDelivery = {
  deliverWithinMs: 0,
  finishWithinMs: 0,
  ttlMs: 0,
  collapseKey: '',
  priority: 'PRIORITY_UNSPECIFIED',
};
const pace: admin.GroupPushPace = { commandsPerSecond: 0, jitterWindowMs: 0, abortFailedPercent: 0, abortAfter: 0 };
const custom = { kind: 'custom', custom: { name: 'x', payload: Buffer.alloc(1_048_577) } } as const;

describe('parseGroupPush', () => {
  it.each<[string, Partial<admin.PushToGroupRequest>, object]>([
    [
      'a direct one',
      {},
      { group: 'HQ', includeSubgroups: true, ttlMs: 0, deliverWithinMs: 10_000, finishWithinMs: 30_000 },
    ],
    ['of all devices', { group: '', excludeSubgroups: true }, { includeSubgroups: false }],
    [
      'a durable one',
      { delivery: { ...delivery, ttlMs: 60_000, priority: 'PRIORITY_HIGH' } },
      {
        ttlMs: 60_000,
        deliverWithinMs: 0,
        finishWithinMs: 360_000,
        priority: 'high',
        collapseKey: 'force_sync',
      },
    ],
    ['a share', { pace: { ...pace, abortFailedPercent: 10 } }, { abortFailedPercent: 10, abortAfter: 20 }],
    [
      'a pace',
      { pace: { commandsPerSecond: 7, jitterWindowMs: 86_400_000, abortFailedPercent: 100, abortAfter: 1 } },
      { ratePerSecond: 7, jitterWindowMs: 86_400_000, abortFailedPercent: 100, abortAfter: 1 },
    ],
    ['a key, though it is direct', { idempotencyKey: 'once' }, { idempotencyKey: 'once' }],
  ])('reads %s', (_, change, expected) => {
    expect(parseGroupPush({ ...request, ...change })).toMatchObject(expected);
  });

  it('names no group where all devices are meant', () => {
    expect(parseGroupPush({ ...request, group: '' })).not.toHaveProperty('group');
  });

  it.each<[string, Partial<admin.PushToGroupRequest>]>([
    ['group', { group: 'HQ//Floor' }],
    ['labels', { labels: { os: 'a b' } }],
    ['operation', { operation: null }],
    ['operation.custom.payload', { operation: custom }],
    ['operation.run_task.task_id', { operation: { kind: 'runTask', runTask: { taskId: '', parameters: {} } } }],
    ['delivery.deliver_within', { delivery: { ...delivery, deliverWithinMs: 600_001 } }],
    ['delivery.deliver_within', { delivery: { ...delivery, deliverWithinMs: 1, ttlMs: 1 } }],
    ['delivery.finish_within', { delivery: { ...delivery, finishWithinMs: 1 } }],
    ['delivery.ttl', { delivery: { ...delivery, ttlMs: 2_592_000_001 } }],
    ['delivery.collapse_key', { delivery: { ...delivery, ttlMs: 1, collapseKey: 'x'.repeat(129) } }],
    ['delivery.priority', { delivery: { ...delivery, ttlMs: 1, priority: 9 as never } }],
    ['delivery.priority', { delivery: { ...delivery, priority: 'PRIORITY_HIGH' } }],
    ['pace.jitter_window', { pace: { ...pace, jitterWindowMs: 86_400_001 } }],
    ['pace.jitter_window', { pace: { ...pace, jitterWindowMs: -1 } }],
    ['delivery.ttl', { delivery: { ...delivery, ttlMs: -1 } }],
    ['pace.abort_failed_percent', { pace: { ...pace, abortFailedPercent: 101 } }],
    ['idempotency_key', { idempotencyKey: 'x'.repeat(129) }],
  ])('names %s where it is wrong', (field, change) => {
    const parse = () => parseGroupPush({ ...request, ...change });
    expect(parse).toThrow(expect.objectContaining({ field }));
    expect(parse).toThrow(new RegExp(`^${field.replaceAll(/[.[\]]/g, String.raw`\$&`)}: must be `));
  });
});

describe('parseOutcomeQuery', () => {
  const query = { groupPushId: 'push', outcomes: [], pageSize: 0, pageToken: '' };

  it.each<[Partial<admin.ListGroupPushOutcomesRequest>, object]>([
    [{}, { limit: 100 }],
    [{ pageSize: 1_000 }, { limit: 1_000 }],
    [{ pageSize: 1_001 }, { limit: 1_000 }],
    [{ outcomes: ['OUTCOME_FAILED'] }, { limit: 100, outcomes: ['OUTCOME_FAILED'] }],
    [{ pageToken: Buffer.from('laptop').toString('base64url') }, { limit: 100, after: 'laptop' }],
  ])('reads %j', (change, expected) => {
    expect(parseOutcomeQuery({ ...query, ...change })).toEqual(expected);
  });

  it.each<[string, Partial<admin.ListGroupPushOutcomesRequest>]>([
    ['page_token', { pageToken: '!' }],
    ['outcomes[1]', { outcomes: ['OUTCOME_FAILED', 99 as never] }],
    ['outcomes[0]', { outcomes: ['OUTCOME_UNSPECIFIED'] }],
  ])('names %s where it is wrong', (field, change) => {
    expect(() => parseOutcomeQuery({ ...query, ...change })).toThrow(expect.objectContaining({ field }));
  });
});

import { type common, type DeviceId, parseGroupPushId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { DeviceOutcome, GroupPushRecord, GroupPushRequest } from '../group-pushes.ts';
import { commandId, custom } from './command-samples.fixture.ts';
import { deviceId, deviceIds, groupPath } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

export function groupPush(
  name: string | number,
  rest: Partial<GroupPushRecord> = {},
  request: Partial<GroupPushRequest> = {},
): GroupPushRecord {
  return {
    id: parseGroupPushId(`push-${name}`),
    request: {
      group: groupPath('HQ/Floor 2'),
      includeSubgroups: true,
      labels: { os: 'linux' },
      operation: custom(Buffer.from([0, 255, 128, 10])),
      deliverWithinMs: 1_000,
      finishWithinMs: 2_000,
      ttlMs: 0,
      priority: 'normal',
      collapseKey: '',
      ratePerSecond: 0,
      jitterWindowMs: 0,
      abortFailedPercent: 0,
      abortAfter: 0,
      idempotencyKey: '',
      ...request,
    },
    state: 'running',
    reason: '',
    devices: 0,
    allFound: false,
    startedAtMs: 1_000,
    ...rest,
  };
}

export function groupPushOutcome(device: DeviceId, reached: common.Outcome, reason = ''): DeviceOutcome {
  return { device, command: commandId(device), outcome: reached, reason, atMs: 7 };
}

const outcome = groupPushOutcome;
const padded = (index: number) => deviceId(String(index).padStart(5, '0'));

export function describeGroupPushes(createStore: CreateStore): void {
  describe('group pushes', () => {
    it('are kept with all that was asked for, newest first', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const pushes = [1, 2, 3].map((name) => groupPush(name, { startedAtMs: 1_000 * name }));
      for (const push of pushes) {
        const view = { ...push, counts: {}, desiredState: 'running' };
        expect(await registry.groupPushes.create(push)).toEqual({ kind: 'created', view });
        expect(await registry.groupPushes.get(push.id)).toEqual(view);
      }
      const views = pushes.map((push) => ({ ...push, counts: {}, desiredState: 'running' }));
      expect(await registry.groupPushes.list()).toEqual(views.reverse());
      expect((await registry.groupPushes.active()).sort()).toEqual(pushes.map(({ id }) => id));
      expect(await registry.groupPushes.get(parseGroupPushId('none'))).toBeUndefined();
    });

    it('are created once for an id and for an idempotency key, also by several at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const created = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? one : other).groupPushes.create(groupPush(index, {}, { idempotencyKey: 'once' })),
        ),
      );
      const [winner] = created.filter(({ kind }) => kind === 'created');
      expect(created.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      expect(new Set(created.map(({ view }) => view.id))).toEqual(new Set([winner?.view.id]));
      expect(await one.groupPushes.list()).toEqual([winner?.view]);
      expect(await one.groupPushes.active()).toEqual([winner?.view.id]);

      await one.groupPushes.create(groupPush('a', { reason: 'first' }));
      const again = await one.groupPushes.create(groupPush('a', { reason: 'second' }));
      expect(again).toMatchObject({ kind: 'known', view: { reason: 'first' } });
    });

    it('count devices by outcome as they advance, and keep the first final one of each', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const push = groupPush(1);
      await registry.groupPushes.create(push);
      const [a, b, c] = deviceIds(3) as [DeviceId, DeviceId, DeviceId];
      const next = { ...push, handedOutTo: c, devices: 3, allFound: true };
      const first = [a, b, c].map((device) => outcome(device, 'OUTCOME_ROUTED'));
      expect(await registry.groupPushes.advance(next, first, 5)).toEqual({
        ...next,
        counts: { OUTCOME_ROUTED: 3 },
        desiredState: 'running',
      });
      // Two of one device in one step: they apply in their order.
      const steps = [
        outcome(a, 'OUTCOME_RUNNING'),
        outcome(a, 'OUTCOME_SUCCEEDED'),
        outcome(b, 'OUTCOME_FAILED', 'no disk'),
      ];
      const counts = { OUTCOME_ROUTED: 1, OUTCOME_SUCCEEDED: 1, OUTCOME_FAILED: 1 };
      expect((await registry.groupPushes.advance(next, steps, 5))?.counts).toEqual(counts);
      const late = [outcome(a, 'OUTCOME_UNKNOWN'), outcome(b, 'OUTCOME_RUNNING'), outcome(c, 'OUTCOME_ROUTED')];
      expect((await registry.groupPushes.advance(next, late, 6))?.counts).toEqual(counts);
      expect(await registry.groupPushes.get(push.id)).toEqual({ ...next, counts, desiredState: 'running' });
      expect(await registry.groupPushes.outcomes(push.id, { limit: 9 })).toEqual([
        outcome(a, 'OUTCOME_SUCCEEDED'),
        outcome(b, 'OUTCOME_FAILED', 'no disk'),
        outcome(c, 'OUTCOME_ROUTED'),
      ]);
    });

    it('refuse to advance for whom a greater lease token has been seen, and what nobody has created', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const push = groupPush(1);
      await registry.groupPushes.create(push);
      const reached = [outcome(deviceId(1), 'OUTCOME_SUCCEEDED')];
      const later = { ...push, reason: 'of the new runner' };
      expect(await registry.groupPushes.advance(later, [], 8)).toMatchObject({ reason: 'of the new runner' });
      expect(await registry.groupPushes.advance(push, reached, 7)).toBeUndefined();
      expect(await registry.groupPushes.get(push.id)).toEqual({ ...later, counts: {}, desiredState: 'running' });
      expect(await registry.groupPushes.outcomes(push.id, { limit: 9 })).toEqual([]);
      expect(await registry.groupPushes.advance(groupPush('none'), reached, 9)).toBeUndefined();
      expect(await registry.groupPushes.get(parseGroupPushId('push-none'))).toBeUndefined();
    });

    it('remember what is asked of them; a cancel stays one', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const push = groupPush(1);
      await registry.groupPushes.create(push);
      for (const desiredState of ['paused', 'running', 'paused'] as const) {
        expect(await registry.groupPushes.setDesiredState(push.id, desiredState)).toMatchObject({ desiredState });
      }
      expect(await registry.groupPushes.advance({ ...push, state: 'paused' }, [], 1)).toMatchObject({
        desiredState: 'paused',
      });
      await registry.groupPushes.setDesiredState(push.id, 'cancelled');
      expect(await registry.groupPushes.setDesiredState(push.id, 'running')).toMatchObject({
        desiredState: 'cancelled',
      });
      expect(await registry.groupPushes.setDesiredState(parseGroupPushId('none'), 'running')).toBeUndefined();
    });

    it('page their outcomes in the order of ids, all or those of some kinds', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const push = groupPush(1);
      await registry.groupPushes.create(push);
      const kinds = ['OUTCOME_SUCCEEDED', 'OUTCOME_FAILED', 'OUTCOME_SUCCEEDED', 'OUTCOME_RUNNING'] as const;
      const all = Array.from({ length: 3_000 }, (_, index) =>
        outcome(padded(index), kinds[index % 4] ?? 'OUTCOME_RUNNING', `reason ${index}`),
      );
      for (let from = 0; from < all.length; from += 1_000) {
        await registry.groupPushes.advance(push, all.slice(from, from + 1_000).reverse(), 1);
      }
      const { outcomes } = registry.groupPushes;
      const read = outcomes.bind(registry.groupPushes);
      expect(await read(push.id, { limit: 700 })).toEqual(all.slice(0, 700));
      expect(await read(push.id, { limit: 700, after: padded(2_499) })).toEqual(all.slice(2_500));
      const failed = all.filter((one) => one.outcome === 'OUTCOME_FAILED');
      expect(await read(push.id, { limit: 9_999, outcomes: ['OUTCOME_FAILED'] })).toEqual(failed);
      expect(await read(push.id, { limit: 10, outcomes: ['OUTCOME_FAILED'], after: padded(1_000) })).toEqual(
        failed.filter(({ device }) => device > padded(1_000)).slice(0, 10),
      );
      expect(await read(push.id, { limit: 10, outcomes: [] })).toEqual([]);
      expect(await read(parseGroupPushId('none'), { limit: 10 })).toEqual([]);
      const view = await registry.groupPushes.get(push.id);
      expect(view?.counts).toEqual({ OUTCOME_SUCCEEDED: 1_500, OUTCOME_FAILED: 750, OUTCOME_RUNNING: 750 });
    });

    it('are no longer active when all has ended, and still known', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const push = groupPush(1, {}, { idempotencyKey: 'once' });
      await registry.groupPushes.create(push);
      await registry.groupPushes.create(groupPush(2));
      const ended = { ...push, state: 'done', endedAtMs: 9_000 } as const;
      await registry.groupPushes.advance(ended, [outcome(deviceId(1), 'OUTCOME_SUCCEEDED')], 1);
      expect(await registry.groupPushes.active()).toEqual([groupPush(2).id]);
      const view = { ...ended, counts: { OUTCOME_SUCCEEDED: 1 }, desiredState: 'running' };
      expect(await registry.groupPushes.get(push.id)).toEqual(view);
      expect(await registry.groupPushes.list()).toHaveLength(2);
      const again = await registry.groupPushes.create(groupPush(3, {}, { idempotencyKey: 'once' }));
      expect(again).toEqual({ kind: 'known', view });
    });

    it('are run by one at a time: each has a lease of its own', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const one = await registry.leases.hold('group-push:push-1', 'a', 60_000);
      expect(await registry.leases.hold('group-push:push-1', 'b', 60_000)).toBeUndefined();
      expect(await registry.leases.hold('group-push:push-2', 'b', 60_000)).toEqual(expect.any(Number));
      await registry.leases.release('group-push:push-1', 'a');
      expect(await registry.leases.hold('group-push:push-1', 'b', 60_000)).toBeGreaterThan(one ?? Number.NaN);
    });
  });
}

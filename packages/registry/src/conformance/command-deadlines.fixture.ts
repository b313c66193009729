import type { DeviceId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import {
  commandId,
  custom,
  expectOutcome,
  idsOf,
  newCommand,
  openSession,
  policy,
  putAll,
  takeIds,
} from './command-samples.fixture.ts';
import { deviceId } from './samples.fixture.ts';
import { type CreateStore, eventually, soonMs } from './store.fixture.ts';

const on = (name: string | number) => ({ device: deviceId(1), id: commandId(name) });

/** Commands that time alone changes. */
export function describeCommandDeadlines(createStore: CreateStore): void {
  describe('commands, as time passes', () => {
    it('expire when they waited too long, whoever looks', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const short = { ttlMs: 60, finishWithinMs: 60_000 };
      await putAll(registry, newCommand(1, { ...short, collapseKey: 'sync' }), newCommand(2));
      await eventually(() => expectOutcome(registry, 1, 'OUTCOME_EXPIRED', /time to live/));
      const stored = await registry.commands.get(deviceId(1), commandId(1));
      expect(stored?.status.atMs).toBe(stored?.deliverByMs);
      expect(idsOf(await registry.commands.list(deviceId(1)))).toEqual([commandId(2)]);
      const epoch = await openSession(registry);
      expect(await takeIds(registry, epoch)).toEqual([commandId(2)]);
      expect(await registry.commands.cancel(deviceId(1), commandId(1), '')).toMatchObject({ kind: 'ended' });
      const late = { ...on(1), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' } as const;
      expect(await registry.commands.updateStatus([late], 4)).toMatchObject([{ verdict: 'stale' }]);
    });

    it('make room in the queue when they expire', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const small = { ...policy, maxCommands: 1 };
      await registry.commands.put(newCommand(1, { ttlMs: soonMs }), small);
      expect(await registry.commands.put(newCommand(2), small)).toEqual({ kind: 'full' });
      await eventually(async () =>
        expect(await registry.commands.put(newCommand(2), small)).toMatchObject({ kind: 'queued' }),
      );
    });

    it('have an unknown outcome when they were taken and no result came in time; until then a late one counts', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      const short = { ttlMs: 100, finishWithinMs: soonMs };
      await putAll(registry, newCommand(1, short), newCommand(2, short), newCommand(3, short));
      await registry.commands.updateStatus([{ ...on(2), kind: 'running' }], 4);
      const last = await registry.commands.get(deviceId(1), commandId(3));
      await eventually(() => expect(Date.now()).toBeGreaterThan(last?.deliverByMs as number));
      const late = { ...on(3), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: 'late' } as const;
      expect(await registry.commands.updateStatus([late], 4)).toMatchObject([{ verdict: 'applied' }]);
      await expectOutcome(registry, 1, 'OUTCOME_ROUTED');
      await eventually(() => expectOutcome(registry, 1, 'OUTCOME_UNKNOWN', /no result/));
      await eventually(() => expectOutcome(registry, 2, 'OUTCOME_UNKNOWN', /no result/));
      await expectOutcome(registry, 3, 'OUTCOME_SUCCEEDED', /late/);
      const stored = await registry.commands.get(deviceId(1), commandId(1));
      expect(stored?.status.atMs).toBe(stored?.finishByMs);
    });

    it('are forgotten some time after they ended, and their ids and keys are free again', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const brief = { ...policy, keepEndedMs: soonMs };
      const command = newCommand(1, { idempotencyKey: 'once' });
      await registry.commands.put(command, brief);
      await registry.commands.put(newCommand(2), policy);
      await registry.commands.updateStatus([{ ...on(1), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' }], 4);
      await expectOutcome(registry, 1, 'OUTCOME_SUCCEEDED');
      await eventually(async () => expect(await registry.commands.get(deviceId(1), commandId(1))).toBeUndefined());
      expect(await registry.commands.updateStatus([{ ...on(1), kind: 'delivered' }], 4)).toMatchObject([
        { verdict: 'unknown' },
      ]);
      expect(await registry.commands.put(command, brief)).toMatchObject({ kind: 'queued' });
      expect(idsOf(await registry.commands.list(deviceId(1)))).toEqual([2, 1].map(commandId));
    });

    it('keep their payloads until they end, and then small ones only', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const large = custom('x'.repeat(4_097));
      const small = custom('x'.repeat(4_096));
      await openSession(registry);
      await putAll(registry, newCommand(1, { operation: large }), newCommand(2, { operation: small }));
      await putAll(registry, newCommand(3, { operation: large, ttlMs: 50, finishWithinMs: 100 }));
      const operationOf = async (name: number) =>
        (await registry.commands.get(deviceId(1), commandId(name)))?.operation;
      expect(await operationOf(1)).toEqual(large);
      const result = { kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' } as const;
      await registry.commands.updateStatus(
        [1, 2].map((name) => ({ ...on(name), ...result })),
        4,
      );
      expect(await operationOf(1)).toEqual(custom(''));
      expect(await operationOf(2)).toEqual(small);
      await eventually(() => expectOutcome(registry, 3, 'OUTCOME_UNKNOWN'));
      await registry.commands.put(newCommand(4), policy);
      expect(await operationOf(3)).toEqual(custom(''));
      expect(await registry.commands.put(newCommand(1), policy)).toMatchObject({ kind: 'known' });
    });

    it('are forgotten, with their keys, when a thousand later ones of their device have ended', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { commands } = registry;
      const large = { ...policy, maxCommands: 2_000 };
      await openSession(registry);
      await commands.put(newCommand('waits', { ttlMs: 30_000 }), { ...large, window: 0 });
      await commands.put(newCommand(0, { idempotencyKey: 'once' }), large);
      await commands.put(newCommand(0, { device: deviceId(2) }), large);
      const end = async (device: DeviceId, names: number[]) => {
        const result = { kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' } as const;
        await commands.updateStatus(
          names.map((name) => ({ device, id: commandId(name), ...result })),
          4,
        );
      };
      await end(deviceId(2), [0]);
      await end(deviceId(1), [0]);
      const later = Array.from({ length: 1_001 }, (_, index) => index + 1);
      await commands.putMany(
        later.map((name) => newCommand(name)),
        large,
      );
      await end(deviceId(1), later.slice(0, 999));
      expect(await commands.get(deviceId(1), commandId(0))).toBeDefined();
      await end(deviceId(1), later.slice(999));
      const kept = await commands.getMany([0, ...later].map((name) => ({ device: deviceId(1), id: commandId(name) })));
      expect(kept.slice(0, 2)).toEqual([undefined, undefined]);
      expect(kept.filter((one) => one?.status.outcome === 'OUTCOME_SUCCEEDED')).toHaveLength(1_000);
      expect((await commands.put(newCommand('new', { idempotencyKey: 'once' }), large)).kind).toBe('queued');
      expect(await commands.get(deviceId(2), commandId(0))).toBeDefined();
      await expectOutcome(registry, 'waits', 'OUTCOME_QUEUED');
    });
  });
}

import { describe, expect, it } from 'vitest';
import type { ConfirmedCommand, StoredCommand, StoredStatus } from '../commands.ts';
import type { Registry } from '../registry.ts';
import { commandId, custom, newCommand, openSession, policy, putAll, takeIds } from './command-samples.fixture.ts';
import { device, deviceId } from './samples.fixture.ts';
import type { CreateStore, TestStore } from './store.fixture.ts';

const keepEndedMs = policy.keepEndedMs;

async function confirmed(registry: Registry, name: number, rest: object = {}): Promise<ConfirmedCommand> {
  await putAll(registry, newCommand(name, rest));
  return { ...(await read(registry, name)), fingerprint: 'print' } as ConfirmedCommand;
}

async function read(registry: Registry, name: number): Promise<StoredCommand | undefined> {
  return registry.commands.get(deviceId(1), commandId(name));
}

function ended(command: ConfirmedCommand, status: Partial<StoredStatus> = {}): ConfirmedCommand {
  const { atMs } = command.status;
  return { ...command, status: { outcome: 'OUTCOME_SUCCEEDED', reason: 'done', atMs, ...status } };
}

async function withStore(createStore: CreateStore, test: (registry: Registry, store: TestStore) => Promise<void>) {
  await using store = await createStore();
  await using registry = await store.open();
  await test(registry, store);
}

/** Commands that a registry has lost, and gets again. */
export function describeCommandRestores(createStore: CreateStore): void {
  describe('commands that are restored', () => {
    it('have their times again, and go to the next session as ones that may have been sent', () =>
      withStore(createStore, async (registry, store) => {
        const command = await confirmed(registry, 1, { priority: 'high', collapseKey: 'c', idempotencyKey: 'i' });
        await store.wipe();
        await registry.commands.restore([command], keepEndedMs);
        const { status, routedAtMs, ...same } = command;
        const { fingerprint: _, ...kept } = same;
        expect(await read(registry, 1)).toMatchObject({ ...kept, status: { outcome: 'OUTCOME_ROUTED' } });
        const epoch = await openSession(registry);
        const { commands } = await registry.commands.take(deviceId(1), epoch, policy.window, 10);
        expect(commands).toMatchObject([{ id: command.id, operation: command.operation, redelivered: true }]);
        expect(commands[0]?.deliverWithinMs).toBeLessThanOrEqual(60_000);
        const again = await registry.commands.put(newCommand('other', { idempotencyKey: 'i' }), policy);
        expect(again).toMatchObject({ kind: 'known', command: { id: command.id } });
        const other = await registry.commands.put(newCommand(1, { fingerprint: 'other' }), policy);
        expect(other).toEqual({ kind: 'conflict', id: command.id });
      }));

    it('end as they did, with all that was said, and are handed out to nobody', () =>
      withStore(createStore, async (registry, store) => {
        const command = await confirmed(registry, 1, { operation: custom(Buffer.alloc(10_000)) });
        await store.wipe();
        const statistics = { counters: { 'a b': 1.5 }, atMs: 5 };
        const said = { output: Buffer.from([0, 255]), statistics, alreadyEnded: true, reason: 'größe' };
        await registry.commands.restore([ended(command, said)], keepEndedMs);
        const found = await read(registry, 1);
        expect(found?.status).toEqual({ outcome: 'OUTCOME_SUCCEEDED', atMs: command.status.atMs, ...said });
        expect(found?.operation.custom?.payload).toHaveLength(0);
        expect(await takeIds(registry, await openSession(registry))).toEqual([]);
        const { commands } = await registry.commands.listEnded(deviceId(1), 10);
        expect(commands.map(({ id }) => id)).toEqual([command.id]);
      }));

    it('change nothing where they are known, but for an end that is missing', () =>
      withStore(createStore, async (registry) => {
        const command = await confirmed(registry, 1);
        const before = await read(registry, 1);
        await registry.commands.restore([{ ...command, nodeId: 'dp-9' }], keepEndedMs);
        expect(await read(registry, 1)).toEqual(before);
        await registry.commands.restore([ended(command)], keepEndedMs);
        expect((await read(registry, 1))?.status).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED', reason: 'done' });
        await registry.commands.restore([ended(command, { outcome: 'OUTCOME_FAILED' })], keepEndedMs);
        expect((await read(registry, 1))?.status.outcome).toBe('OUTCOME_SUCCEEDED');
        expect(await takeIds(registry, await openSession(registry))).toEqual([]);
      }));

    it('never end as ones that nobody sent', () =>
      withStore(createStore, async (registry, store) => {
        const command = await confirmed(registry, 1);
        await store.wipe();
        const { acceptedAtMs } = command;
        const late = { ...command, deliverByMs: acceptedAtMs - 2, finishByMs: acceptedAtMs - 1 };
        await registry.commands.restore([late], keepEndedMs);
        expect((await read(registry, 1))?.status).toMatchObject({
          outcome: 'OUTCOME_UNKNOWN',
          atMs: late.finishByMs,
        });
      }));

    it('are left out once they would be forgotten, or their device was deleted', () =>
      withStore(createStore, async (registry, store) => {
        const command = await confirmed(registry, 1);
        await store.wipe();
        await registry.commands.restore([ended(command, { atMs: command.acceptedAtMs - keepEndedMs })], keepEndedMs);
        expect(await read(registry, 1)).toBeUndefined();
        await registry.fleet.putDevice(device(1, 'HQ'));
        await registry.fleet.deleteDevice(deviceId(1));
        await registry.commands.restore([command], keepEndedMs);
        expect(await read(registry, 1)).toBeUndefined();
      }));

    it('are to be cancelled, where they were', () =>
      withStore(createStore, async (registry, store) => {
        const command = await confirmed(registry, 1);
        await store.wipe();
        const status = { ...command.status, cancelRequested: true, reason: 'not needed' };
        await registry.commands.restore([{ ...command, status }], keepEndedMs);
        expect((await read(registry, 1))?.status).toMatchObject({ cancelRequested: true, reason: 'not needed' });
        const epoch = await openSession(registry);
        const { commands } = await registry.commands.take(deviceId(1), epoch, policy.window, 10);
        expect(commands).toMatchObject([{ id: command.id, cancelRequested: true, redelivered: true }]);
      }));

    it('take the place of an older one that waits with their collapse key, and of no newer one', () =>
      withStore(createStore, async (registry, store) => {
        const command = await confirmed(registry, 1, { collapseKey: 'same' });
        await store.wipe();
        const older = { ...command, acceptedAtMs: command.acceptedAtMs + 1_000 };
        await putAll(registry, newCommand(2, { collapseKey: 'same' }));
        await registry.commands.restore([{ ...command, acceptedAtMs: command.acceptedAtMs - 1_000 }], keepEndedMs);
        expect((await read(registry, 2))?.status.outcome).toBe('OUTCOME_QUEUED');
        await registry.commands.restore(
          [{ ...older, id: commandId(3), acceptedAtMs: Date.now() + 1_000 }],
          keepEndedMs,
        );
        expect((await read(registry, 2))?.status.outcome).toBe('OUTCOME_SUPERSEDED');
      }));

    it('have no idempotency key that somebody has used since', () =>
      withStore(createStore, async (registry, store) => {
        const command = await confirmed(registry, 1, { idempotencyKey: 'nightly' });
        await store.wipe();
        await putAll(registry, newCommand(2, { idempotencyKey: 'nightly' }));
        await registry.commands.restore([command], keepEndedMs);
        expect(await read(registry, 1)).toMatchObject({ idempotencyKey: '' });
        const known = await registry.commands.put(newCommand(3, { idempotencyKey: 'nightly' }), policy);
        expect(known).toMatchObject({ kind: 'known', command: { id: commandId(2) } });
      }));
  });
}

import { describe, expect, it } from 'vitest';
import type { Registry } from '../registry.ts';
import { idsOf, newCommand, openSession, policy, putAll } from './command-samples.fixture.ts';
import { device, deviceId } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const id = deviceId(1);

export function describeDeletions(createStore: CreateStore): void {
  describe('commands of a device that is deleted', () => {
    const withDevice = async (body: (registry: Registry) => Promise<void>) => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.fleet.putDevice(device(1, 'HQ'));
      await body(registry);
    };
    const outcomeOf = async (registry: Registry, command: number) => {
      const status = (await registry.commands.get(id, newCommand(command).id))?.status;
      return status && [status.outcome, status.reason];
    };

    it('are cancelled where they wait, unknown where they were taken, and forgotten where they had ended', async () => {
      await withDevice(async (registry) => {
        const epoch = await openSession(registry, id);
        await putAll(registry, ...[1, 2, 3, 4, 5, 6].map((name) => newCommand(name)));
        const update = (command: number) => ({ device: id, id: newCommand(command).id });
        await registry.commands.updateStatus(
          [
            { ...update(1), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' },
            { ...update(2), kind: 'delivered' },
          ],
          policy.window,
        );
        expect(await outcomeOf(registry, 6)).toEqual(['OUTCOME_QUEUED', '']);

        await registry.fleet.deleteDevice(id);
        expect(await outcomeOf(registry, 1)).toBeUndefined();
        const unknown = ['OUTCOME_UNKNOWN', 'the device was deleted before a result came'];
        for (const taken of [2, 3, 4]) expect(await outcomeOf(registry, taken)).toEqual(unknown);
        for (const waiting of [5, 6]) {
          expect(await outcomeOf(registry, waiting)).toEqual(['OUTCOME_CANCELLED', 'the device was deleted']);
        }
        expect(await registry.commands.list(id)).toEqual([]);
        expect(await registry.commands.take(id, epoch, policy.window, 10)).toEqual({ commands: [], more: false });
        const late = { ...update(2), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' } as const;
        expect(await registry.commands.updateStatus([late], policy.window)).toMatchObject([{ verdict: 'stale' }]);
      });
    });

    it('are nothing to another device of its id: neither queue, nor history, nor keys', async () => {
      await withDevice(async (registry) => {
        const keyed = { idempotencyKey: 'once', collapseKey: 'sync' };
        await registry.commands.put(newCommand(1, keyed), policy);
        await registry.commands.put(newCommand(2), policy);
        await registry.fleet.deleteDevice(id);
        await registry.fleet.putDevice(device(1, 'HQ', 'another secret'));

        const epoch = await openSession(registry, id);
        expect(await registry.commands.take(id, epoch, policy.window, 10)).toEqual({ commands: [], more: false });
        expect(await registry.commands.put(newCommand(3, keyed), policy)).toMatchObject({ kind: 'routed' });
        expect(await outcomeOf(registry, 1)).toEqual(['OUTCOME_CANCELLED', 'the device was deleted']);
        // What is forgotten of the former one takes nothing of the new one's with it.
        expect(await registry.commands.put(newCommand(4, keyed), policy)).toMatchObject({
          kind: 'known',
          command: { id: newCommand(3).id },
        });
        expect(idsOf(await registry.commands.list(id))).toEqual([newCommand(3).id]);
      });
    });

    it('are not accepted any more, until there is a device of its id again', async () => {
      await withDevice(async (registry) => {
        await registry.fleet.deleteDevice(id);
        const answers = await registry.commands.putMany(
          [newCommand(1), newCommand(2, { device: deviceId(2) })],
          policy,
        );
        expect(answers).toMatchObject([{ kind: 'deleted' }, { kind: 'queued' }]);
        await registry.fleet.putDevice(device(1, 'HQ'));
        expect(await registry.commands.put(newCommand(1), policy)).toMatchObject({ kind: 'queued' });
      });
    });

    it('stay where only its secret or its tickets change', async () => {
      await withDevice(async (registry) => {
        await registry.commands.put(newCommand(1), policy);
        await registry.fleet.putDevice(device(1, 'HQ', 'another secret'));
        await registry.fleet.voidTickets(id);
        expect(await outcomeOf(registry, 1)).toEqual(['OUTCOME_QUEUED', '']);
      });
    });
  });
}

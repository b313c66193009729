import { describe, expect, it } from 'vitest';
import {
  commandId,
  expectOutcome,
  idsOf,
  newCommand,
  openSession,
  policy,
  putAll,
  takeIds,
} from './command-samples.fixture.ts';
import { deviceId, deviceIds, openSession as openAt, workerRef } from './samples.fixture.ts';
import { type CreateStore, eventually, soonMs } from './store.fixture.ts';

const on = (name: string | number) => ({ device: deviceId(1), id: commandId(name) });

/** Commands when sessions change hands. */
export function describeCommandSessions(createStore: CreateStore): void {
  describe('commands and sessions', () => {
    it('says when a session opens whether there is something to take', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const open = async () => (await openAt(registry, deviceId(1), workerRef('dp-1'), 'mqtt')).hasCommands;
      expect(await open()).toBe(false);
      await putAll(registry, newCommand(1));
      expect(await open()).toBe(true);
      await registry.commands.updateStatus([{ ...on(1), kind: 'delivered' }], 4);
      expect(await open()).toBe(true);
      await registry.commands.updateStatus([{ ...on(1), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' }], 4);
      expect(await open()).toBe(false);
      await putAll(registry, newCommand(2, { ttlMs: 20, finishWithinMs: 20 }), newCommand(3, { device: deviceId(2) }));
      await eventually(async () => expect(await open()).toBe(false));
    });

    it('hands a later session what an earlier one has taken, with what it is to know of it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, ...[1, 2, 3, 4, 5].map((name) => newCommand(name)), newCommand(6, { priority: 'high' }));
      await registry.commands.updateStatus(
        [
          { ...on(2), kind: 'delivered' },
          { ...on(3), kind: 'running' },
        ],
        4,
      );
      await registry.commands.updateStatus([{ ...on(4), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' }], 4);
      const second = await openSession(registry, deviceId(1), 'dp-2');
      expect(await registry.commands.take(deviceId(1), first, 4, 100)).toEqual({ commands: [], more: false });

      const { commands, more } = await registry.commands.take(deviceId(1), second, 4, 100);
      expect(commands.map(({ id, redelivered }) => [id, redelivered])).toEqual([
        [commandId(1), true],
        [commandId(2), true],
        [commandId(3), true],
        [commandId(6), false],
        [commandId(5), false],
      ]);
      expect(more).toBe(false);
      // Of what was confirmed, what counts is the time in which to finish.
      const [unconfirmed, confirmed] = commands;
      expect(unconfirmed?.deliverWithinMs).toBeLessThanOrEqual(60_000);
      expect(confirmed?.deliverWithinMs).toBeGreaterThan(60_000);
      expect(confirmed?.deliverWithinMs).toBe(confirmed?.finishWithinMs);
      expect(await registry.commands.get(deviceId(1), commandId(3))).toMatchObject({
        nodeId: 'dp-2',
        status: { outcome: 'OUTCOME_RUNNING' },
      });
      expect(await takeIds(registry, second)).toEqual([]);
    });

    it('hands out what was taken before in portions, and says that there is more', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      await putAll(registry, ...[1, 2, 3, 4].map((name) => newCommand(name)));
      const epoch = await openSession(registry);
      const first = await registry.commands.take(deviceId(1), epoch, 4, 3);
      expect([idsOf(first.commands), first.more]).toEqual([[1, 2, 3].map(commandId), true]);
      const rest = await registry.commands.take(deviceId(1), epoch, 4, 3);
      expect([idsOf(rest.commands), rest.more]).toEqual([[commandId(4)], false]);
    });

    it('hands nothing to a session that is closed, and what waits to one that the registry has lost', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const epoch = await openSession(registry);
      await registry.sessions.close(deviceId(1), epoch);
      expect((await registry.commands.put(newCommand(1), policy)).kind).toBe('queued');
      expect(await takeIds(registry, epoch)).toEqual([]);
      await putAll(registry, newCommand(2, { device: deviceId(2) }));
      const lost = await registry.commands.take(deviceId(2), epoch, 4, 4);
      expect(idsOf(lost.commands)).toEqual([commandId(2)]);
    });

    it('takes back what was never sent, at its old place', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await putAll(registry, ...[1, 2, 3].map((name) => newCommand(name)));
      const epoch = await openSession(registry);
      expect(await takeIds(registry, epoch, 2)).toEqual([1, 2].map(commandId));
      const [released] = await registry.commands.updateStatus([{ ...on(1), kind: 'released', epoch }], 2);
      expect(released).toMatchObject({ verdict: 'applied', status: { outcome: 'OUTCOME_QUEUED' }, more: true });
      expect(idsOf(await registry.commands.list(deviceId(1)))).toEqual([2, 1, 3].map(commandId));
      const { commands } = await registry.commands.take(deviceId(1), epoch, 2, 9);
      expect(commands).toMatchObject([{ id: commandId(1), redelivered: false }]);
    });

    it('does not take back what the device has confirmed, what has ended, or what a later session has taken', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, ...[1, 2, 3].map((name) => newCommand(name)));
      await registry.commands.updateStatus([{ ...on(1), kind: 'delivered' }], 4);
      await registry.commands.updateStatus([{ ...on(2), kind: 'ended', outcome: 'OUTCOME_FAILED', reason: '' }], 4);
      const second = await openSession(registry);
      expect(await takeIds(registry, second)).toEqual([1, 3].map(commandId));
      for (const name of [1, 2, 3]) {
        const results = await registry.commands.updateStatus([{ ...on(name), kind: 'released', epoch: first }], 4);
        expect(results).toMatchObject([{ verdict: 'stale' }]);
      }
      await expectOutcome(registry, 1, 'OUTCOME_DELIVERED');
      await expectOutcome(registry, 3, 'OUTCOME_ROUTED');
    });

    it('never calls a command unsent that an earlier session may have sent', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      await putAll(registry, newCommand(1), newCommand(2));
      const epoch = await openSession(registry);
      expect(await takeIds(registry, epoch)).toEqual([1, 2].map(commandId));
      const released = await registry.commands.updateStatus([{ ...on(1), kind: 'released', epoch }], 4);
      expect(released).toMatchObject([{ verdict: 'applied', more: true }]);
      await expectOutcome(registry, 1, 'OUTCOME_ROUTED');
      expect(await registry.commands.cancel(deviceId(1), commandId(1), '')).toMatchObject({ kind: 'asked' });
      const { commands } = await registry.commands.take(deviceId(1), epoch, 4, 9);
      expect(commands).toMatchObject([{ id: commandId(1), redelivered: true, cancelRequested: true }]);
    });

    it('does not send again what was never confirmed in time, which then leaves the window', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      const short = { ttlMs: soonMs, finishWithinMs: 60_000 };
      await putAll(registry, newCommand(1, short), newCommand(2, short), newCommand(3), newCommand(4), newCommand(5));
      await registry.commands.updateStatus([{ ...on(2), kind: 'delivered' }], 4);
      await expectOutcome(registry, 5, 'OUTCOME_QUEUED');
      const epoch = await openSession(registry);
      const second = await registry.commands.get(deviceId(1), commandId(2));
      await eventually(async () => expect(Date.now()).toBeGreaterThan(second?.deliverByMs ?? Infinity));
      expect(await takeIds(registry, epoch)).toEqual([2, 3, 4, 5].map(commandId));
      await expectOutcome(registry, 1, 'OUTCOME_ROUTED');
    });

    it('gives each command to one of several that take at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      await putAll(one, ...Array.from({ length: 60 }, (_, index) => newCommand(index)));
      const epoch = await openSession(one);
      const taken = await Promise.all(
        Array.from({ length: 12 }, (_, index) => takeIds(index % 2 ? one : other, epoch, 100, 7)),
      );
      expect(taken.flat().sort()).toEqual(idsOf(await one.commands.list(deviceId(1))).sort());
    });

    it('lets a more urgent command go at once past those that wait for room, and none past its equals', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await putAll(registry, newCommand(1));
      await openSession(registry);
      expect(await putAll(registry, newCommand(2), newCommand(3, { priority: 'high' }))).toEqual(['queued', 'routed']);
    });

    it('loses none that are put, taken and updated by several processes at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const epoch = await openSession(one);
      const names = Array.from({ length: 80 }, (_, index) => index);
      const succeed = (ids: readonly string[]) =>
        other.commands.updateStatus(
          ids.map(
            (id) => ({ device: deviceId(1), id, kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' }) as never,
          ),
          4,
        );
      await Promise.all(
        names.map(async (name) => {
          const put = await (name % 2 ? one : other).commands.put(newCommand(name), policy);
          if (put.kind === 'routed') await succeed([put.command.id]);
          await succeed(await takeIds(one, epoch));
        }),
      );
      while ((await one.commands.list(deviceId(1))).length > 0) await succeed(await takeIds(one, epoch));
      for (const name of names) await expectOutcome(one, name, 'OUTCOME_SUCCEEDED');
    });

    it('finds the devices that are there while their commands are not on their way', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      // All have been looked at before the last one's command is as old.
      const overdueMs = soonMs;
      const devices = deviceIds(6);
      const [fine, unsent, absent, unconfirmed, done, fresh] = devices as [never, never, never, never, never, never];
      const put = (device: never) => registry.commands.put(newCommand(1, { device }), policy);
      // Its commands were put while it was away, and nobody has taken them since.
      await put(unsent);
      for (const device of devices) if (device !== absent && device !== fresh) await openSession(registry, device);
      for (const device of [fine, absent, unconfirmed, done]) await put(device);
      await registry.commands.updateStatus([{ device: fine, id: commandId(1), kind: 'delivered' }], 4);
      const ended = { kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' } as const;
      await registry.commands.updateStatus([{ device: done, id: commandId(1), ...ended }], 4);
      const last = await registry.commands.get(done, commandId(1));
      await eventually(() => expect(Date.now()).toBeGreaterThan((last?.acceptedAtMs as number) + overdueMs));
      await openSession(registry, fresh);
      await put(fresh);
      const found = new Map<string, unknown>();
      // A few at a time, until all have been looked at.
      for (let round = 0; round < 6; round += 1) {
        for (const { device, session } of await registry.commands.overdue(overdueMs, 2)) found.set(device, session);
      }
      expect([...found.keys()].sort()).toEqual([unsent, unconfirmed].sort());
      expect(found.get(unsent)).toEqual(await registry.sessions.find(unsent));
    });

    it('sends again what a session has not confirmed for long, and what it has confirmed no more', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      await putAll(registry, newCommand(1), newCommand(2));
      const epoch = await openSession(registry);
      await takeIds(registry, epoch);
      await registry.commands.updateStatus([{ ...on(2), kind: 'delivered' }], 4);
      await eventually(async () => {
        const { commands } = await registry.commands.take(deviceId(1), epoch, 4, 9);
        expect(commands).toMatchObject([{ id: commandId(1), redelivered: true }]);
      }, 8_000);
      expect(await takeIds(registry, epoch)).toEqual([]);
    });
  });
}

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
import { deviceId, deviceIds } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

export function describeCommands(createStore: CreateStore): void {
  describe('commands', () => {
    it('keeps a command for an absent device, with all that was said about it', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const command = newCommand(1, { priority: 'high', collapseKey: 'sync me', idempotencyKey: 'once: ü' });
      const before = Date.now();
      const put = await registry.commands.put(command, policy);
      expect(put).toMatchObject({ kind: 'queued', session: undefined });

      const stored = await registry.commands.get(deviceId(1), commandId(1));
      const { ttlMs, finishWithinMs, fingerprint, ...rest } = command;
      const at = stored?.acceptedAtMs ?? 0;
      expect(stored).toEqual({
        ...rest,
        status: { outcome: 'OUTCOME_QUEUED', reason: '', atMs: at },
        nodeId: '',
        acceptedAtMs: at,
        deliverByMs: at + ttlMs,
        finishByMs: at + finishWithinMs,
      });
      expect(put).toMatchObject({ command: stored });
      expect(Math.abs(at - before)).toBeLessThan(30_000);
      expect(await registry.commands.get(deviceId(2), commandId(1))).toBeUndefined();
      expect(await registry.commands.get(deviceId(1), commandId(2))).toBeUndefined();
    });

    it('routes a command to the open session, whose worker it names', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const epoch = await openSession(registry);
      const put = await registry.commands.put(newCommand(1), policy);
      const session = await registry.sessions.find(deviceId(1));
      expect(put).toMatchObject({ kind: 'routed', session, command: { nodeId: 'dp-1' } });
      const stored = await registry.commands.get(deviceId(1), commandId(1));
      expect(put).toMatchObject({ command: stored });
      expect(stored).toMatchObject({ status: { outcome: 'OUTCOME_ROUTED' }, routedAtMs: expect.any(Number) });
      // Whoever put it hands it over: the session is not given it once more.
      expect(await takeIds(registry, epoch)).toEqual([]);
    });

    it('hands what waits to the next session, the most urgent first and then in the order of acceptance', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await putAll(registry, newCommand(1, { priority: 'low' }), newCommand(2), newCommand(3, { priority: 'high' }));
      await putAll(registry, newCommand(4), newCommand(5, { priority: 'high' }), newCommand(6, { priority: 'low' }));
      const order = [3, 5, 2, 4, 1, 6].map(commandId);
      expect(idsOf(await registry.commands.list(deviceId(1)))).toEqual(order);
      const epoch = await openSession(registry);
      const taken = await registry.commands.take(deviceId(1), epoch, 10, 4);
      expect(idsOf(taken.commands)).toEqual(order.slice(0, 4));
      expect(taken.more).toBe(true);
      expect(taken.commands[0]).toMatchObject({
        operation: custom('payload 3'),
        redelivered: false,
        cancelRequested: false,
      });
      expect(taken.commands[0]?.deliverWithinMs).toBeGreaterThan(30_000);
      expect(taken.commands[0]?.finishWithinMs).toBeGreaterThan(90_000);
      expect(await registry.commands.take(deviceId(1), epoch, 10, 4)).toMatchObject({ more: false });
      expect(await takeIds(registry, epoch)).toEqual([]);
      await expectOutcome(registry, 6, 'OUTCOME_ROUTED');
    });

    it('keeps the order of many that are put at once', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const commands = Array.from({ length: 90 }, (_, index) => newCommand(index));
      const puts = await registry.commands.putMany(commands, policy);
      expect(puts.map((put) => put.kind)).toEqual(commands.map(() => 'queued'));
      const epoch = await openSession(registry);
      const taken = [...(await takeIds(registry, epoch, 100, 50)), ...(await takeIds(registry, epoch, 100, 50))];
      expect(taken).toEqual(commands.map(({ id }) => id));
    });

    it('puts commands of many devices, each to its own session', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const devices = deviceIds(150);
      for (const [index, device] of devices.entries()) if (index % 2) await openSession(registry, device);
      const puts = await registry.commands.putMany(
        devices.map((device, index) => newCommand(index, { device })),
        policy,
      );
      expect(puts.map((put) => put.kind)).toEqual(devices.map((_, index) => (index % 2 ? 'routed' : 'queued')));
      const refs = devices.map((device, index) => ({ device, id: commandId(index) }));
      const got = await registry.commands.getMany([...refs, { device: deviceId(1), id: commandId(2) }]);
      expect(got.map((command) => command?.id)).toEqual([...refs.map(({ id }) => id), undefined]);
      expect(await registry.commands.putMany([], policy)).toEqual([]);
      expect(await registry.commands.updateStatus([], 1)).toEqual([]);
      expect(await registry.commands.getMany([])).toEqual([]);
    });

    it('keeps any bytes, and as many as an operation may have', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const payload = Buffer.alloc(1_048_576, Buffer.from([0, 1, 255, 128, 10, 13, 195, 40]));
      const command = newCommand(1, { operation: custom(payload) });
      expect(await registry.commands.put(command, policy)).toMatchObject({ kind: 'queued' });
      const epoch = await openSession(registry);
      const [taken] = (await registry.commands.take(deviceId(1), epoch, 1, 1)).commands;
      expect(payload.equals(taken?.operation.custom?.payload ?? Buffer.alloc(0))).toBe(true);
      const kept = (await registry.commands.get(deviceId(1), commandId(1)))?.operation.custom?.payload;
      expect(payload.equals(kept ?? Buffer.alloc(0))).toBe(true);
      const ended = { kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '', output: payload } as const;
      await registry.commands.updateStatus([{ device: deviceId(1), id: commandId(1), ...ended }], 1);
      const stored = await registry.commands.get(deviceId(1), commandId(1));
      expect(payload.equals(stored?.status.output ?? Buffer.alloc(0))).toBe(true);
    });

    it('lets no more than the window be on their way, and says when there is room again', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const epoch = await openSession(registry);
      const kinds = await putAll(registry, ...[1, 2, 3, 4, 5, 6].map((name) => newCommand(name)));
      expect(kinds).toEqual(['routed', 'routed', 'routed', 'routed', 'queued', 'queued']);
      expect(await registry.commands.take(deviceId(1), epoch, policy.window, 100)).toEqual({
        commands: [],
        more: false,
      });
      const delivered = (name: number) => ({ device: deviceId(1), id: commandId(name), kind: 'delivered' as const });
      expect(await registry.commands.updateStatus([delivered(1)], policy.window)).toMatchObject([{ more: true }]);
      expect(await takeIds(registry, epoch)).toEqual([commandId(5)]);
      const updates = await registry.commands.updateStatus([delivered(2), delivered(5)], policy.window);
      expect(updates).toMatchObject([{ more: true }, { more: true }]);
      expect(await takeIds(registry, epoch)).toEqual([commandId(6)]);
      expect(await registry.commands.updateStatus([delivered(6)], policy.window)).toMatchObject([{ more: false }]);
    });
  });
}

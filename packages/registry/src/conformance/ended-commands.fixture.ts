import type { CommandId, common } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import type { EndedPlace, StatusUpdate } from '../commands.ts';
import type { Registry } from '../registry.ts';
import { commandId, idsOf, newCommand, openSession, policy, putAll } from './command-samples.fixture.ts';
import { deviceId } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const device = deviceId(1);

type Result = Partial<Pick<Extract<StatusUpdate, { kind: 'ended' }>, 'output' | 'statistics'>>;

async function end(registry: Registry, names: readonly (string | number)[], result: Result = {}): Promise<void> {
  const ended = { kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '', ...result } as const;
  const updates = names.map((name) => ({ device, id: commandId(name), ...ended }));
  const answers = await registry.commands.updateStatus(updates, 4);
  expect(answers.map(({ verdict }) => verdict)).toEqual(names.map(() => 'applied'));
}

async function pagesOf(registry: Registry, limit: number): Promise<CommandId[][]> {
  const pages: CommandId[][] = [];
  let after: EndedPlace | undefined;
  do {
    const { commands, next } = await registry.commands.listEnded(device, limit, after);
    pages.push(idsOf(commands));
    after = next;
  } while (after);
  return pages;
}

/** Lists of the commands of a device that have ended. */
export function describeEndedCommands(createStore: CreateStore): void {
  describe('commands that have ended', () => {
    it('are listed as they are, the last one first, page by page, and others are not', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      expect(await registry.commands.listEnded(device, 10)).toEqual({ commands: [], next: undefined });
      await openSession(registry);
      await putAll(registry, newCommand('a'), newCommand('b'), newCommand('c'), newCommand('d'));
      await putAll(registry, newCommand('other', { device: deviceId(2) }));
      for (const name of ['b', 'a', 'd']) {
        const before = (await registry.commands.listEnded(device, 1)).commands[0]?.status.atMs ?? 0;
        await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(before));
        await end(registry, [name], { output: Buffer.from(name) });
      }
      const { commands, next } = await registry.commands.listEnded(device, 3);
      expect(idsOf(commands)).toEqual(['d', 'a', 'b'].map(commandId));
      expect(next).toBeUndefined();
      expect(commands).toEqual(await registry.commands.getMany(commands.map(({ id }) => ({ device, id }))));
      expect(await pagesOf(registry, 2)).toEqual([['d', 'a'].map(commandId), [commandId('b')]]);
    });

    it('are in one page each where many end at one time', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      const names = Array.from({ length: 13 }, (_, index) => `n${index}`);
      await putAll(registry, ...names.map((name) => newCommand(name)));
      await end(registry, names);
      const pages = await pagesOf(registry, 4);
      expect(pages.map(({ length }) => length)).toEqual([4, 4, 4, 1]);
      expect(pages.flat().sort()).toEqual(names.map(commandId).sort());
    });

    it('are those too that time alone has ended, for as long as they are kept', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.commands.put(newCommand(1, { ttlMs: 1, finishWithinMs: 1 }), policy);
      await vi.waitFor(async () => {
        const { commands } = await registry.commands.listEnded(device, 10);
        expect(commands).toMatchObject([{ id: commandId(1), status: { outcome: 'OUTCOME_EXPIRED' } }]);
      });
      await registry.commands.put(newCommand(2, { ttlMs: 1, finishWithinMs: 1 }), { ...policy, keepEndedMs: 1 });
      await vi.waitFor(async () => {
        expect(await registry.commands.get(device, commandId(2))).toBeUndefined();
        expect(idsOf((await registry.commands.listEnded(device, 10)).commands)).toEqual([commandId(1)]);
      });
    });

    it('are without outputs and statistics of more than 4 KiB', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      await putAll(registry, newCommand('large'), newCommand('small'));
      const counters = Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`${index}`.padEnd(60, 'x'), 1]));
      const large = { output: Buffer.alloc(4_097), statistics: { counters, atMs: 1 } };
      const small = { output: Buffer.alloc(4_096), statistics: { counters: { a: 1 }, atMs: 1 } };
      await end(registry, ['large'], large);
      await end(registry, ['small'], small);
      const { commands } = await registry.commands.listEnded(device, 10);
      const statusOf = (name: string) => commands.find(({ id }) => id === commandId(name))?.status;
      expect(statusOf('small')).toMatchObject(small);
      expect(statusOf('large')).toEqual({ outcome: 'OUTCOME_SUCCEEDED', reason: '', atMs: expect.any(Number) });
      expect((await registry.commands.get(device, commandId('large')))?.status).toMatchObject(large);
    });

    it('are no more in one page once they are large together', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      const parameters = { a: 'x'.repeat(800_000) };
      const operation: common.Operation = { kind: 'runTask', runTask: { taskId: 'scan', parameters } };
      await putAll(registry, ...[1, 2, 3, 4].map((name) => newCommand(name, { operation })));
      await end(registry, [1, 2, 3, 4]);
      const pages = await pagesOf(registry, 10);
      expect(pages.map(({ length }) => length)).toEqual([3, 1]);
      expect(pages.flat().sort()).toEqual([1, 2, 3, 4].map(commandId));
    });
  });
}

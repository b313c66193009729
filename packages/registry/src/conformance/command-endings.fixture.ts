import type { common } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { NewCommand, StatusUpdate } from '../commands.ts';
import {
  commandId,
  expectOutcome,
  idsOf,
  newCommand,
  openSession,
  policy,
  putAll,
  takeIds,
  weightOf,
} from './command-samples.fixture.ts';
import { deviceId } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const on = (name: string | number) => ({ device: deviceId(1), id: commandId(name) });
const ended = (outcome: common.Outcome, reason = ''): StatusUpdate =>
  ({ ...on(1), kind: 'ended', outcome, reason }) as StatusUpdate;

/** How commands end: by results, by newer ones, and by a cancel. */
export function describeCommandEndings(createStore: CreateStore): void {
  describe('commands, as they end', () => {
    it('rise in rank step by step, each with its time, and keep what the device said', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      await putAll(registry, newCommand(1));
      const statistics = { counters: { 'a b': 1.5, 'ü"': -2 }, atMs: 5 };
      const progress = { percent: 40, message: 'näher "dran"' };
      const updates = await registry.commands.updateStatus(
        [
          { ...on(1), kind: 'delivered' },
          { ...on(1), kind: 'running', progress },
          { ...on(1), kind: 'running', statistics },
        ],
        4,
      );
      expect(updates).toEqual(updates.map(() => ({ verdict: 'applied', status: undefined, more: false })));
      const running = await registry.commands.get(deviceId(1), commandId(1));
      expect(running?.status).toMatchObject({ outcome: 'OUTCOME_RUNNING', progress, statistics });
      expect(running?.runningAtMs).toBeGreaterThanOrEqual(running?.deliveredAtMs ?? Number.NaN);

      const output = Buffer.from([0, 255, 10]);
      const result = { outcome: 'OUTCOME_FAILED', reason: 'no disk', output, alreadyEnded: true } as const;
      const [answer] = await registry.commands.updateStatus([{ ...on(1), kind: 'ended', ...result }], 4);
      expect(answer).toEqual({ verdict: 'applied', status: undefined, more: false });
      const { status } = (await registry.commands.get(deviceId(1), commandId(1))) ?? {};
      expect(status).toEqual({ ...result, statistics, atMs: expect.any(Number) });
      const [again] = await registry.commands.updateStatus([{ ...on(1), kind: 'ended', ...result }], 4);
      expect(again).toEqual({ verdict: 'stale', status, more: false });
    });

    it('never fall in rank, and keep the first final outcome', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      await putAll(registry, newCommand(1));
      const update = async (one: StatusUpdate) => (await registry.commands.updateStatus([one], 4))[0];
      expect(await update({ ...on(1), kind: 'running' })).toMatchObject({ verdict: 'applied' });
      const late = await update({ ...on(1), kind: 'delivered' });
      expect(late).toMatchObject({ verdict: 'stale', status: { outcome: 'OUTCOME_RUNNING' } });
      expect(await update(ended('OUTCOME_SUCCEEDED', 'first'))).toMatchObject({ verdict: 'applied' });
      const before = await registry.commands.get(deviceId(1), commandId(1));
      const others: StatusUpdate[] = [
        ended('OUTCOME_FAILED'),
        { ...on(1), kind: 'running' },
        ended('OUTCOME_CANCELLED'),
      ];
      for (const other of [...others, { ...on(1), kind: 'delivered' } as const]) {
        const results = await update(other);
        expect(results).toMatchObject({ verdict: 'stale', status: { outcome: 'OUTCOME_SUCCEEDED', reason: 'first' } });
      }
      expect(await registry.commands.get(deviceId(1), commandId(1))).toEqual(before);
      expect(await update({ ...on('none'), kind: 'delivered' })).toEqual({
        verdict: 'unknown',
        status: undefined,
        more: false,
      });
    });

    it('end by a result that comes without any confirmation, also where the device has gone', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const epoch = await openSession(registry);
      await putAll(registry, newCommand(1));
      await registry.sessions.close(deviceId(1), epoch);
      expect(await registry.commands.updateStatus([ended('OUTCOME_SUCCEEDED')], 4)).toMatchObject([
        { verdict: 'applied' },
      ]);
      expect(await registry.commands.list(deviceId(1))).toEqual([]);
    });

    it('have one result, whoever updates first', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      await openSession(one);
      await putAll(one, newCommand(1));
      const outcomes = ['OUTCOME_SUCCEEDED', 'OUTCOME_FAILED', 'OUTCOME_REJECTED', 'OUTCOME_CANCELLED'] as const;
      const results = await Promise.all(
        outcomes.map(
          async (outcome, index) => (await (index % 2 ? one : other).commands.updateStatus([ended(outcome)], 4))[0],
        ),
      );
      const winner = outcomes[results.findIndex((answer) => answer?.verdict === 'applied')];
      const losers = results.filter((answer) => answer?.verdict === 'stale');
      expect(losers.map(({ status } = {} as never) => status?.outcome)).toEqual([winner, winner, winner]);
    });

    it('are known by id and by idempotency key, and are not written twice', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = newCommand(1, { idempotencyKey: 'once' });
      await putAll(registry, first);
      const known = await registry.commands.get(deviceId(1), commandId(1));
      const { put } = registry.commands;
      const again = put.bind(registry.commands);
      expect(await again({ ...first, operation: newCommand(9).operation }, policy)).toEqual({
        kind: 'known',
        command: known,
      });
      expect(await again(newCommand(2, { idempotencyKey: 'once' }), policy)).toEqual({ kind: 'known', command: known });
      expect(await registry.commands.get(deviceId(1), commandId(2))).toBeUndefined();
      // Of another device it is another key.
      const ofAnother = newCommand(2, { idempotencyKey: 'once', device: deviceId(2) });
      expect(await again(ofAnother, policy)).toMatchObject({ kind: 'queued' });

      await registry.commands.updateStatus([ended('OUTCOME_SUCCEEDED')], 4);
      const retried = await again(newCommand(3, { idempotencyKey: 'once' }), policy);
      expect(retried).toMatchObject({
        kind: 'known',
        command: { id: commandId(1), status: { outcome: 'OUTCOME_SUCCEEDED' } },
      });
    });

    it('are in conflict with what the id or the idempotency key stands for, where fingerprints tell', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const terms = { idempotencyKey: 'once' };
      const first = newCommand(1, { ...terms, fingerprint: 'a' });
      await putAll(one, first);
      const put = (command: NewCommand, registry = one) => registry.commands.put(command, policy);
      const conflict = { kind: 'conflict', id: commandId(1) };
      expect(await put(newCommand(2, { ...terms, fingerprint: 'b' }), other)).toEqual(conflict);
      expect(await put({ ...first, fingerprint: 'b' }, other)).toEqual(conflict);
      expect(await put(newCommand(2, { ...terms, fingerprint: 'a' }))).toMatchObject({ kind: 'known' });
      expect(await put(newCommand(2, terms))).toMatchObject({ kind: 'known' });
      await one.commands.updateStatus([ended('OUTCOME_SUCCEEDED')], 4);
      expect(await put(newCommand(2, { ...terms, fingerprint: 'b' }))).toEqual(conflict);
      expect(await one.commands.get(deviceId(1), commandId(2))).toBeUndefined();
      // One that was put without is in conflict with nothing.
      await putAll(one, newCommand(3, { idempotencyKey: 'other' }));
      expect(await put(newCommand(4, { idempotencyKey: 'other', fingerprint: 'b' }))).toMatchObject({ kind: 'known' });
    });

    it('are one, and in conflict with all others, where several are put with one key at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const names = [1, 2, 3, 4, 5, 6];
      const puts = await Promise.all(
        names.map((name) =>
          (name % 2 ? one : other).commands.put(
            newCommand(name, { idempotencyKey: 'once', fingerprint: `${name}` }),
            policy,
          ),
        ),
      );
      const written = puts.findIndex(({ kind }) => kind === 'queued');
      expect(puts.filter(({ kind }) => kind === 'queued')).toHaveLength(1);
      const id = commandId(names[written] ?? '');
      expect(puts.filter(({ kind }) => kind === 'conflict')).toEqual(Array(5).fill({ kind: 'conflict', id }));
    });

    it('are superseded while they wait by a newer one with their collapse key, and only then', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const sync = { collapseKey: 'sync' };
      await putAll(registry, newCommand(1, sync), newCommand(2, { collapseKey: 'other' }), newCommand(3, sync));
      await expectOutcome(registry, 1, 'OUTCOME_SUPERSEDED', /c-3.*collapse key/);
      expect(idsOf(await registry.commands.list(deviceId(1)))).toEqual([2, 3].map(commandId));
      const epoch = await openSession(registry);
      await takeIds(registry, epoch);
      await putAll(registry, newCommand(4, sync));
      await expectOutcome(registry, 3, 'OUTCOME_ROUTED');
      await expectOutcome(registry, 4, 'OUTCOME_ROUTED');
    });

    it('collapse also where one comes back that was never sent', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const epoch = await openSession(registry);
      await putAll(registry, newCommand(1, { collapseKey: 'sync' }));
      await registry.sessions.close(deviceId(1), epoch);
      await putAll(registry, newCommand(2, { collapseKey: 'sync' }));
      await registry.commands.updateStatus([{ ...on(1), kind: 'released', epoch }], 4);
      await expectOutcome(registry, 1, 'OUTCOME_SUPERSEDED', /c-2/);
      await putAll(registry, newCommand(3, { collapseKey: 'sync' }));
      expect(idsOf(await registry.commands.list(deviceId(1)))).toEqual([commandId(3)]);
    });

    it('are refused where the queue is full, unless a less urgent one waits there', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const small = { ...policy, maxCommands: 3 };
      const put = (name: number, rest = {}) => registry.commands.put(newCommand(name, rest), small);
      await put(1, { priority: 'low' });
      await put(2, { priority: 'low' });
      await put(3);
      expect(await put(4, { priority: 'low' })).toEqual({ kind: 'full' });
      expect(await registry.commands.get(deviceId(1), commandId(4))).toBeUndefined();
      expect(await put(5)).toMatchObject({ kind: 'queued' });
      await expectOutcome(registry, 2, 'OUTCOME_SUPERSEDED', /c-5/);
      await expectOutcome(registry, 1, 'OUTCOME_QUEUED');
      expect(await put(6, { priority: 'high' })).toMatchObject({ kind: 'queued' });
      await expectOutcome(registry, 1, 'OUTCOME_SUPERSEDED', /full/);
      expect(await put(7)).toEqual({ kind: 'full' });
      expect(idsOf(await registry.commands.list(deviceId(1)))).toEqual([6, 3, 5].map(commandId));
      // What is on its way is not displaced, and still has its place.
      const epoch = await openSession(registry);
      await takeIds(registry, epoch);
      expect(await put(8, { priority: 'high' })).toEqual({ kind: 'full' });
      await registry.commands.updateStatus([{ ...on(3), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' }], 4);
      expect(await put(8)).toMatchObject({ kind: 'routed' });
    });

    it('are refused where the bytes of the queue are used up; one that collapses makes room', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const weight = weightOf(newCommand(1));
      const small = { ...policy, maxBytes: 2 * weight };
      const put = (name: number, rest = {}) => registry.commands.put(newCommand(name, rest), small);
      await put(1, { collapseKey: 'sync' });
      await put(2, { priority: 'low' });
      expect(await put(3, { priority: 'low' })).toEqual({ kind: 'full' });
      expect(await put(4, { collapseKey: 'sync', priority: 'low' })).toMatchObject({ kind: 'queued' });
      await expectOutcome(registry, 1, 'OUTCOME_SUPERSEDED', /collapse/);
      await expectOutcome(registry, 2, 'OUTCOME_QUEUED');
      expect(await put(5, { priority: 'high' })).toMatchObject({ kind: 'queued' });
      await expectOutcome(registry, 4, 'OUTCOME_SUPERSEDED', /full/);
      expect(await registry.commands.put(newCommand(6), { ...policy, maxBytes: weight - 1 })).toEqual({ kind: 'full' });
    });

    it('are cancelled for good while they wait; on their way they are asked to be given up', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { commands } = registry;
      await putAll(registry, newCommand(1), newCommand(2));
      expect(await commands.cancel(deviceId(1), commandId('none'), '')).toEqual({ kind: 'unknown' });
      const cancelled = await commands.cancel(deviceId(1), commandId(1), 'not needed');
      expect(cancelled).toEqual({ kind: 'cancelled', command: await commands.get(deviceId(1), commandId(1)) });
      await expectOutcome(registry, 1, 'OUTCOME_CANCELLED', /^not needed$/);
      expect(await commands.cancel(deviceId(1), commandId(1), 'again')).toEqual({ ...cancelled, kind: 'ended' });

      const epoch = await openSession(registry);
      expect(await takeIds(registry, epoch)).toEqual([commandId(2)]);
      const session = await registry.sessions.find(deviceId(1));
      const asked = await commands.cancel(deviceId(1), commandId(2), 'too late');
      expect(asked).toMatchObject({ kind: 'asked', session, command: { status: { cancelRequested: true } } });
      await expectOutcome(registry, 2, 'OUTCOME_ROUTED');
      // The device never confirmed it: the next session learns that it is to be given up.
      const next = await openSession(registry);
      const taken = await commands.take(deviceId(1), next, 4, 4);
      expect(taken.commands).toMatchObject([{ id: commandId(2), cancelRequested: true, redelivered: true }]);
    });

    it('are cancelled where a cancel was asked for and they come back without having been sent', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const epoch = await openSession(registry);
      await putAll(registry, newCommand(1));
      await registry.commands.cancel(deviceId(1), commandId(1), 'stop it');
      await registry.commands.updateStatus([{ ...on(1), kind: 'released', epoch }], 4);
      await expectOutcome(registry, 1, 'OUTCOME_CANCELLED', /^stop it$/);
    });

    it('are either cancelled or taken when both happen at once, never both', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const names = Array.from({ length: 40 }, (_, index) => index);
      await putAll(one, ...names.map((name) => newCommand(name)));
      const epoch = await openSession(one);
      const [taken, ...cancels] = await Promise.all([
        one.commands.take(deviceId(1), epoch, 100, 100),
        ...names.map((name) => other.commands.cancel(deviceId(1), commandId(name), '')),
      ]);
      const cancelled = cancels.filter(({ kind }) => kind === 'cancelled').length;
      expect(taken.commands.length + cancelled).toBe(names.length);
      for (const id of idsOf(taken.commands)) {
        expect((await one.commands.get(deviceId(1), id))?.status.outcome).toBe('OUTCOME_ROUTED');
      }
    });
  });
}

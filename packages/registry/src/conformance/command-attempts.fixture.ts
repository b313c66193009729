import type { Epoch } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { attemptWeight } from '../command-state.ts';
import type { StatusUpdate } from '../commands.ts';
import type { Registry } from '../registry.ts';
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
import { deviceId } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';
import { eventually } from './store.fixture.ts';

const on = (name: string | number) => ({ device: deviceId(1), id: commandId(name) });
const reason = "the device's link ended each time";

type Failed = Extract<StatusUpdate, { kind: 'attempt-failed' }>;

function failed(name: string | number, epoch: Epoch, more: Partial<Failed> = {}): StatusUpdate {
  return { ...on(name), kind: 'attempt-failed', epoch, weight: attemptWeight.broken, alone: false, reason, ...more };
}

/** Commands that take their device's link with them. */
export function describeCommandAttempts(createStore: CreateStore): void {
  describe('commands whose links end upon them', () => {
    async function fail(registry: Registry, name: string | number, epoch: Epoch, more: Partial<Failed> = {}) {
      const [result] = await registry.commands.updateStatus([failed(name, epoch, more)], policy.window);
      return result?.verdict;
    }

    it('step back: others go first, those that waited included, and are told apart', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, ...[1, 2, 3, 4, 5, 6].map((name) => newCommand(name)));
      const updates = [failed(1, first), failed(3, first)];
      const results = await registry.commands.updateStatus(updates, policy.window);
      // Out of the window: they keep nothing from going that waits behind them.
      expect(results).toMatchObject([
        { verdict: 'applied', status: { outcome: 'OUTCOME_ROUTED' }, more: true },
        { verdict: 'applied', status: { outcome: 'OUTCOME_ROUTED' }, more: true },
      ]);
      const second = await openSession(registry);
      const { commands, more } = await registry.commands.take(deviceId(1), second, policy.window, 9);
      expect(idsOf(commands)).toEqual([2, 4, 5, 6, 1, 3].map(commandId));
      expect(commands.map(({ failedBefore }) => failedBefore)).toEqual([false, false, false, false, true, true]);
      expect(commands.map(({ redelivered }) => redelivered)).toEqual([true, true, false, false, true, true]);
      expect(more).toBe(false);
      expect(idsOf(await registry.commands.list(deviceId(1)))).toEqual([1, 2, 3, 4, 5, 6].map(commandId));
    });

    it('go the later the likelier they are to fail again', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, ...[1, 2, 3, 4].map((name) => newCommand(name)));
      await fail(registry, 1, first, { weight: attemptWeight.broken + attemptWeight.first });
      await fail(registry, 2, first);
      await fail(registry, 3, first, { weight: attemptWeight.quiet });
      expect(await takeIds(registry, await openSession(registry))).toEqual([4, 3, 2, 1].map(commandId));
    });

    it('are handed out in portions like any others', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, ...[1, 2, 3, 4].map((name) => newCommand(name)));
      for (const name of [1, 2, 3]) await fail(registry, name, first);
      const second = await openSession(registry);
      const portions: [string[], boolean][] = [];
      for (let round = 0; round < 3; round += 1) {
        const { commands, more } = await registry.commands.take(deviceId(1), second, policy.window, 2);
        portions.push([idsOf(commands), more]);
      }
      expect(portions).toEqual([
        [[4, 1].map(commandId), true],
        [[2, 3].map(commandId), false],
        [[], false],
      ]);
    });

    it('are rejected for the reason given once they were alone and enough has failed', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, newCommand(1), newCommand(2));
      expect(await fail(registry, 1, first, { alone: true })).toBe('applied');
      await expectOutcome(registry, 1, 'OUTCOME_ROUTED');
      const second = await openSession(registry);
      expect(await takeIds(registry, second)).toEqual([2, 1].map(commandId));
      const [result] = await registry.commands.updateStatus([failed(1, second, { alone: true })], policy.window);
      expect(result).toMatchObject({ verdict: 'applied', status: { outcome: 'OUTCOME_REJECTED', reason } });
      await expectOutcome(registry, 1, 'OUTCOME_REJECTED', /each time/);
      expect(await takeIds(registry, await openSession(registry))).toEqual([commandId(2)]);
    });

    it('are not rejected while anything else may be to blame, however often', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await openSession(registry);
      await putAll(registry, newCommand(1));
      for (let round = 0; round < 9; round += 1) {
        const epoch = await openSession(registry);
        expect(await takeIds(registry, epoch)).toEqual([commandId(1)]);
        expect(await fail(registry, 1, epoch)).toBe('applied');
      }
      await expectOutcome(registry, 1, 'OUTCOME_ROUTED');
    });

    it('need more ends of the quiet kind', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await putAll(registry, newCommand(1));
      const outcomes: (string | undefined)[] = [];
      for (let round = 0; round < 5; round += 1) {
        const epoch = await openSession(registry);
        await takeIds(registry, epoch);
        await fail(registry, 1, epoch, { alone: true, weight: attemptWeight.quiet });
        outcomes.push((await registry.commands.get(deviceId(1), commandId(1)))?.status.outcome);
      }
      const routed = 'OUTCOME_ROUTED';
      expect(outcomes).toEqual([routed, routed, routed, routed, 'OUTCOME_REJECTED']);
    });

    it('are rejected at once where no link can carry them', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const epoch = await openSession(registry);
      await putAll(registry, newCommand(1));
      await fail(registry, 1, epoch, { alone: true, weight: attemptWeight.impossible });
      await expectOutcome(registry, 1, 'OUTCOME_REJECTED');
    });

    it('count once for each session, however often and how late it is said', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, newCommand(1), newCommand(2));
      expect(await fail(registry, 1, first, { alone: true })).toBe('applied');
      expect(await fail(registry, 1, first, { alone: true })).toBe('stale');
      const second = await openSession(registry);
      await takeIds(registry, second);
      expect(await fail(registry, 1, first, { alone: true })).toBe('stale');
      // The link was back before it was written that it had broken.
      expect(await fail(registry, 2, first)).toBe('applied');
      await expectOutcome(registry, 1, 'OUTCOME_ROUTED');
      expect(await fail(registry, 2, second, { alone: true })).toBe('applied');
      await expectOutcome(registry, 2, 'OUTCOME_REJECTED');
    });

    it('say that nobody knows where the device has confirmed the command', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, newCommand(1));
      await registry.commands.updateStatus([{ ...on(1), kind: 'running', progress: { percent: 5, message: '' } }], 4);
      await fail(registry, 1, first, { alone: true });
      await expectOutcome(registry, 1, 'OUTCOME_RUNNING');
      const second = await openSession(registry);
      await takeIds(registry, second);
      await fail(registry, 1, second, { alone: true });
      await expectOutcome(registry, 1, 'OUTCOME_UNKNOWN', /each time/);
      expect((await registry.commands.get(deviceId(1), commandId(1)))?.status.progress).toBeUndefined();
    });

    it('are nothing new of a command that a later session has confirmed, that waits, has ended or is not known', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, newCommand(1), newCommand(2), newCommand(3));
      await registry.commands.updateStatus([{ ...on(2), kind: 'released', epoch: first }], 4);
      await registry.commands.updateStatus([{ ...on(3), kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' }], 4);
      const second = await openSession(registry);
      await takeIds(registry, second);
      await registry.commands.updateStatus([{ ...on(1), kind: 'delivered' }], 4);
      await registry.commands.updateStatus([{ ...on(2), kind: 'released', epoch: second }], 4);
      const verdicts = [1, 2, 3, 9].map((name) => fail(registry, name, first, { alone: true }));
      expect(await Promise.all(verdicts)).toEqual(['stale', 'stale', 'stale', 'unknown']);
    });

    it('are sent no more once their time to live has passed, and end by their deadline', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, newCommand(1, { ttlMs: 100, finishWithinMs: 3_000 }));
      await fail(registry, 1, first);
      await eventually(async () => expect(await takeIds(registry, await openSession(registry))).toEqual([]));
      await expectOutcome(registry, 1, 'OUTCOME_ROUTED');
      await eventually(() => expectOutcome(registry, 1, 'OUTCOME_UNKNOWN', /no result by the deadline/));
    });

    it('are found by the sweep when nobody sends them', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const first = await openSession(registry);
      await putAll(registry, newCommand(1));
      await fail(registry, 1, first);
      await openSession(registry);
      await eventually(async () => expect(await registry.commands.overdue(30, 9)).toHaveLength(1));
    });
  });
}

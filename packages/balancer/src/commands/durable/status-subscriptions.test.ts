import { type DeviceId, durableCommandId, type node } from '@pushfleet/protocol';
import type { StoredCommand } from '@pushfleet/registry';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import type { CommandListener, CommandRef, Status, Subscription } from '../engine.ts';
import { RegistryClock } from './put-queue.ts';
import { StatusSubscriptions } from './status-subscriptions.ts';

const device = 'laptop' as DeviceId;
const refOf = (nth: number): CommandRef => ({ device, id: durableCommandId(String(nth)) });

/** Subscriptions over a registry in which every command has the outcome that a test sets. */
function create() {
  const clock = new ManualClock({ nowMs: 1 });
  const registry = { outcome: 'OUTCOME_QUEUED' as Status['outcome'], reads: 0, isEmpty: false };
  const status = (): Status => ({ outcome: registry.outcome, reason: '', atMs: clock.wallMs() });
  const stored = (ref: CommandRef, deliverWithinMs = 60_000) => {
    const times = { deliverByMs: clock.wallMs() + deliverWithinMs, finishByMs: clock.wallMs() + 90_000 };
    return { ...ref, ...times, status: status(), nodeId: 'dp-1' } as StoredCommand;
  };
  const getMany = async (refs: readonly CommandRef[]) => {
    registry.reads += refs.length;
    return refs.map((ref) => (registry.isEmpty ? undefined : stored(ref)));
  };
  const registryClock = new RegistryClock(clock);
  const subscriptions = new StatusSubscriptions({ commands: { getMany }, registryClock, clock, attended: clock });
  onTestFinished(() => subscriptions[Symbol.dispose]());
  return { clock, registry, subscriptions, stored };
}

/** A listener that keeps what it hears. */
function hear(on: Subscription['on'] = 'change') {
  const heard: string[] = [];
  const onStatus = (_ref: CommandRef, { outcome }: Status) => void heard.push(outcome);
  const listener: CommandListener & { closed: boolean } = { closed: false, onStatus, onFailed: () => {} };
  return { heard, listener, subscription: { listener, tag: 0, on } };
}

it('has at most 20,000 commands waiting to be read, and reads the others in their turn', async () => {
  const { clock, registry, subscriptions } = create();
  const { heard, subscription } = hear();
  for (let nth = 0; nth < 20_500; nth += 1) subscriptions.ask(refOf(nth), subscription);
  await vi.waitFor(() => expect(heard).toHaveLength(20_000), 10_000);
  expect(registry.reads).toBe(20_000);
  // Those that were read are due again at the same moment, before them.
  await vi.waitFor(async () => {
    await clock.turn(2_000);
    expect(heard).toHaveLength(20_500);
  }, 10_000);
});

it('asks the registry of a command of which nobody reports, and ever more rarely', async () => {
  const { clock, registry, subscriptions, stored } = create();
  const { heard, subscription } = hear();
  subscriptions.add(stored(refOf(1)), subscription);
  await clock.turn(20_000);
  expect(registry.reads).toBe(3);
  registry.outcome = 'OUTCOME_EXPIRED';
  await clock.turn(30_000);
  expect(heard).toEqual(['OUTCOME_QUEUED', 'OUTCOME_EXPIRED']);
  expect(subscriptions.size).toBe(0);
});

it('asks at once, without waiting for its turn, where a report says nothing by itself', async () => {
  const { registry, subscriptions, stored } = create();
  const { heard, subscription } = hear('finished');
  subscriptions.add(stored(refOf(1)), subscription);
  registry.outcome = 'OUTCOME_REJECTED';
  const { id: commandId, device: deviceId } = refOf(1);
  subscriptions.onReport({ commandId, deviceId, report: 'unsent' } as node.CommandReport, undefined, 'dp-1');
  await vi.waitFor(() => expect(heard).toEqual(['OUTCOME_REJECTED']));
  expect(registry.reads).toBe(1);
});

it('asks soon after the time to live, long before its turn', async () => {
  const { clock, registry, subscriptions, stored } = create();
  const { heard, subscription } = hear('finished');
  subscriptions.add(stored(refOf(1), 100), subscription);
  registry.outcome = 'OUTCOME_EXPIRED';
  await clock.turn(400);
  expect(heard).toEqual(['OUTCOME_EXPIRED']);
});

it('tells who waits for a step once, and counts it until then', () => {
  const { subscriptions, stored } = create();
  const [delivered, finished, accepted] = [hear('delivered'), hear('finished'), hear('accepted')];
  for (const { subscription } of [delivered, finished, accepted]) subscriptions.add(stored(refOf(1)), subscription);
  expect([subscriptions.awaited, accepted.heard]).toEqual([2, ['OUTCOME_QUEUED']]);
  const { id, device: deviceId } = refOf(1);
  const status = { outcome: 'OUTCOME_DELIVERED', reason: '', atMs: 0 } as const;
  subscriptions.onReport({ commandId: id, deviceId, report: 'delivered' } as node.CommandReport, status, 'dp-1');
  expect([delivered.heard, finished.heard, subscriptions.awaited]).toEqual([['OUTCOME_DELIVERED'], [], 1]);
  subscriptions.answerAwaited();
  expect([finished.heard, subscriptions.awaited, subscriptions.size]).toEqual([['OUTCOME_DELIVERED'], 0, 0]);
});

it('does not keep what nobody listens to', () => {
  const { subscriptions, stored } = create();
  const [one, other, closed] = [hear(), hear('finished'), hear()];
  closed.listener.closed = true;
  subscriptions.add(stored(refOf(2)), closed.subscription);
  for (const { subscription } of [one, other]) subscriptions.add(stored(refOf(1)), subscription);
  subscriptions.remove(refOf(1), one.listener);
  expect(subscriptions.size).toBe(1);
  subscriptions.removeAll(other.listener);
  expect([subscriptions.size, subscriptions.awaited]).toEqual([0, 0]);
});

it('takes a command for lost that the registry has had and has not any more, unless it is there again soon', async () => {
  const { clock, registry, subscriptions, stored } = create();
  const { heard, subscription } = hear();
  subscriptions.add(stored(refOf(1)), subscription);
  registry.isEmpty = true;
  await clock.turn(14_000);
  registry.isEmpty = false;
  registry.outcome = 'OUTCOME_ROUTED';
  await clock.turn(4_000);
  expect(heard).toEqual(['OUTCOME_QUEUED', 'OUTCOME_ROUTED']);
  registry.isEmpty = true;
  await clock.turn(60_000);
  expect(heard).toEqual(['OUTCOME_QUEUED', 'OUTCOME_ROUTED', 'OUTCOME_UNKNOWN']);
});

it('takes a command for lost at once that the registry has never had', async () => {
  const { clock, registry, subscriptions } = create();
  const { heard, subscription } = hear();
  registry.isEmpty = true;
  subscriptions.ask(refOf(1), subscription);
  await clock.turn(0);
  await vi.waitFor(() => expect(heard).toEqual(['OUTCOME_UNKNOWN']));
});

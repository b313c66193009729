import { type DeviceId, durableCommandId, type Epoch, type node } from '@pushfleet/protocol';
import type { NewCommand, SessionRef, StatusUpdate, StatusUpdateResult } from '@pushfleet/registry';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { expect, it, vi } from 'vitest';
import { ChannelBatch, type OutboundItem } from '../workers/channel-batch.ts';
import { DurableDispatch } from './dispatch.ts';
import { RegistryClock } from './put-queue.ts';
import { StatusSubscriptions } from './status-subscriptions.ts';

const session = { nodeId: 'dp-1', workerId: 'w0', bootId: 'b', epoch: 7 as Epoch } as SessionRef;
const device = 'laptop' as DeviceId;
const command: NewCommand = {
  ...{ id: durableCommandId('1'), device, operation: { kind: 'forceSync', forceSync: { reason: '' } } },
  ...{ priority: 'normal', collapseKey: '', idempotencyKey: '', fingerprint: '', ttlMs: 1_000, finishWithinMs: 2_000 },
};
const released: StatusUpdate = { kind: 'released', device, id: command.id, epoch: session.epoch };
const report = (kind: node.CommandReport['report']) =>
  ({ commandId: command.id, deviceId: device, report: kind }) as node.CommandReport;

/** A dispatch whose worker takes all items. */
function createDispatch({ more = false } = {}) {
  const updates: StatusUpdate[] = [];
  const taken: OutboundItem[] = [];
  const registryClock = new RegistryClock(systemClock);
  const dispatch = new DurableDispatch({
    commands: {
      updateStatus: async (batch) => {
        updates.push(...batch);
        return batch.map((): StatusUpdateResult => ({ verdict: 'applied', status: undefined, more }));
      },
    },
    subscriptions: new StatusSubscriptions({
      commands: { getMany: async () => [] },
      registryClock,
      clock: systemClock,
      attended: systemClock,
    }),
    confirmed: { onStatus: () => {} },
    channels: { send: (_worker, item) => void taken.push(item) },
    findSession: async () => session,
    clock: systemClock,
    logger: silentLogger,
  });
  return { dispatch, updates, taken };
}

function pack(items: readonly OutboundItem[], atMs = systemClock.now()): node.ChannelRequestInit {
  const batch = new ChannelBatch();
  for (const item of items) item.addTo(batch, atMs);
  return batch.messages[0] ?? {};
}

it('gives back what the channel took and never wrote', async () => {
  const { dispatch, updates, taken } = createDispatch();
  dispatch.send(command, session);
  expect(updates).toEqual([]);
  for (const item of taken) item.onDropped?.();
  await vi.waitFor(() => expect(updates).toEqual([released]));
});

it('gives back what would be written after its time to live', async () => {
  const { dispatch, updates, taken } = createDispatch();
  dispatch.send(command, session);
  expect(pack(taken, systemClock.now() + 1_001).pushes).toBeUndefined();
  await vi.waitFor(() => expect(updates).toEqual([released]));
});

it('gives back once what a worker has no link for, for the session that it went to', async () => {
  const { dispatch, updates } = createDispatch();
  dispatch.send(command, session);
  expect([dispatch.onReport(report('notHere')), dispatch.onReport(report('notHere'))]).toEqual([true, true]);
  await vi.waitFor(() => expect(updates).toEqual([released]));
});

it('gives nothing back that the device has confirmed', async () => {
  const { dispatch, updates } = createDispatch();
  dispatch.send(command, session);
  expect(dispatch.onReport(report('delivered'))).toBe(false);
  dispatch.onReport(report('notHere'));
  dispatch.release({ device, id: durableCommandId('2') }, session.epoch);
  await vi.waitFor(() => expect(updates).toHaveLength(1));
  expect(updates[0]?.id).toBe('d-2');
});

it('sends a command with what is left of its time', () => {
  const { dispatch, taken } = createDispatch();
  dispatch.send(command, session);
  const [push] = pack(taken, systemClock.now() + 400).pushes ?? [];
  expect(push).toMatchObject({ commandId: 'd-1', epoch: 7 });
  expect(push?.deliverWithinMs).toBeLessThanOrEqual(600);
  expect((push?.finishWithinMs ?? 0) - (push?.deliverWithinMs ?? 0)).toBe(1_000);
});

it('sends the worker for what may be taken after something was given back', async () => {
  const { dispatch, taken } = createDispatch({ more: true });
  dispatch.release(command, session.epoch);
  await vi.waitFor(() => expect(pack(taken).wakeups).toEqual([{ deviceId: 'laptop' }]));
});

it('tells the worker of a command that is to be cancelled', () => {
  const { dispatch, taken } = createDispatch();
  dispatch.cancel(command, session, 'not needed');
  expect(pack(taken).cancels).toEqual([{ deviceId: 'laptop', commandId: 'd-1', reason: 'not needed' }]);
});

it('holds 20,000 commands that are to be given back; the sweep finds others', async () => {
  const { dispatch, updates } = createDispatch();
  for (let nth = 0; nth < 20_001; nth += 1) dispatch.release({ device, id: durableCommandId(`${nth}`) }, session.epoch);
  await vi.waitFor(() => expect(updates).toHaveLength(20_000), 10_000);
  dispatch.release(command, session.epoch);
  await vi.waitFor(() => expect(updates.at(-1)).toEqual(released));
  expect(updates).toHaveLength(20_001);
});

it('knows of 50,000 for which session they went out, and gives no other back', async () => {
  const { dispatch, updates } = createDispatch();
  dispatch.send(command, session);
  for (let nth = 0; nth < 50_000; nth += 1) dispatch.send({ ...command, id: durableCommandId(`of-${nth}`) }, session);
  const second = durableCommandId('of-0');
  const isLast = [report('notHere'), { ...report('notHere'), commandId: second }].map((one) => dispatch.onReport(one));
  expect(isLast).toEqual([true, true]);
  await vi.waitFor(() => expect(updates).toEqual([{ ...released, id: second }]));
});

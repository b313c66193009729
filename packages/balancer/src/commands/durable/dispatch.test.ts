import { type DeviceId, durableCommandId, type Epoch, type node } from '@pushfleet/protocol';
import type { NewCommand, SessionRef, StatusUpdate, StatusUpdateResult } from '@pushfleet/registry';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { expect, it, vi } from 'vitest';
import { Outgoing, type Parcel } from '../courier/outgoing.ts';
import { DurableDispatch } from './dispatch.ts';
import { Follows } from './follows.ts';
import { RegistryClock } from './registry-clock.ts';

const session = { nodeId: 'dp-1', workerId: 'w0', bootId: 'b', epoch: 7 as Epoch } as SessionRef;
const device = 'laptop' as DeviceId;
const command: NewCommand = {
  ...{ id: durableCommandId('1'), device, operation: { kind: 'forceSync', forceSync: { reason: '' } } },
  ...{ priority: 'normal', collapseKey: '', idempotencyKey: '', fingerprint: '', ttlMs: 1_000, finishWithinMs: 2_000 },
};
const released: StatusUpdate = { kind: 'released', device, id: command.id, epoch: session.epoch };
const report = (kind: node.CommandReport['report']) =>
  ({ commandId: command.id, deviceId: device, report: kind }) as node.CommandReport;

/** A dispatch whose worker takes all parcels, from a moment on. */
function createDispatch({ known = true, more = false } = {}) {
  const noted: StatusUpdate[] = [];
  const taken: Parcel[] = [];
  let reachable = known;
  const registryClock = new RegistryClock(systemClock);
  const dispatch = new DurableDispatch({
    commands: {
      updateStatus: async (notes) => {
        noted.push(...notes);
        return notes.map((): StatusUpdateResult => ({ verdict: 'applied', status: undefined, more }));
      },
    },
    follows: new Follows({
      commands: { getMany: async () => [] },
      registryClock,
      clock: systemClock,
      attended: systemClock,
    }),
    channelOf: () => (reachable ? { add: (parcel) => taken.push(parcel) > 0 } : undefined),
    findSession: async () => session,
    refreshDirectory: async () => {
      reachable = true;
    },
    clock: systemClock,
    logger: silentLogger,
  });
  return { dispatch, noted, taken };
}

function pack(parcels: readonly Parcel[], atMs = systemClock.now()): node.ChannelRequestInit {
  const outgoing = new Outgoing();
  for (const parcel of parcels) parcel.pack(outgoing, atMs);
  return outgoing.messages[0] ?? {};
}

it('gives back what the channel took and never wrote', async () => {
  const { dispatch, noted, taken } = createDispatch();
  dispatch.handOver(command, session);
  expect(noted).toEqual([]);
  dispatch.onUnwritten(taken);
  await vi.waitFor(() => expect(noted).toEqual([released]));
});

it('gives back what would be written after its time to live', async () => {
  const { dispatch, noted, taken } = createDispatch();
  dispatch.handOver(command, session);
  expect(pack(taken, systemClock.now() + 1_001).pushes).toBeUndefined();
  await vi.waitFor(() => expect(noted).toEqual([released]));
});

it('gives back once what a worker has no link for, for the session that it went to', async () => {
  const { dispatch, noted } = createDispatch();
  dispatch.handOver(command, session);
  expect([dispatch.onReport(report('notHere')), dispatch.onReport(report('notHere'))]).toEqual([true, true]);
  await vi.waitFor(() => expect(noted).toEqual([released]));
});

it('gives nothing back that the device has confirmed', async () => {
  const { dispatch, noted } = createDispatch();
  dispatch.handOver(command, session);
  expect(dispatch.onReport(report('delivered'))).toBe(false);
  dispatch.onReport(report('notHere'));
  dispatch.release({ device, id: durableCommandId('2') }, session);
  await vi.waitFor(() => expect(noted).toHaveLength(1));
  expect(noted[0]?.id).toBe('d-2');
});

it('hands over to a worker that has just started', async () => {
  const { dispatch, noted, taken } = createDispatch({ known: false });
  dispatch.handOver(command, session);
  await vi.waitFor(() => expect(pack(taken).pushes).toMatchObject([{ commandId: 'd-1', epoch: 7 }]));
  expect(noted).toEqual([]);
});

it('sends the worker for what may be taken after something was given back', async () => {
  const { dispatch, taken } = createDispatch({ more: true });
  dispatch.release(command, session);
  await vi.waitFor(() => expect(pack(taken).wakeups).toEqual([{ deviceId: 'laptop' }]));
});

it('tells a worker that has just started of a command that is withdrawn', async () => {
  const { dispatch, taken } = createDispatch({ known: false });
  dispatch.cancel(command, session, 'not needed');
  const cancels = [{ deviceId: 'laptop', commandId: 'd-1', reason: 'not needed' }];
  await vi.waitFor(() => expect(pack(taken).cancels).toEqual(cancels));
});

it('holds 20,000 commands that are to be given back; the sweep finds others', async () => {
  const { dispatch, noted } = createDispatch();
  for (let nth = 0; nth < 20_001; nth += 1) dispatch.release({ device, id: durableCommandId(`${nth}`) }, session);
  await vi.waitFor(() => expect(noted).toHaveLength(20_000), 10_000);
  dispatch.release(command, session);
  await vi.waitFor(() => expect(noted.at(-1)).toEqual(released));
  expect(noted).toHaveLength(20_001);
});

it('knows of 50,000 for which session they went out, and gives no other back', async () => {
  const { dispatch, noted } = createDispatch();
  dispatch.handOver(command, session);
  for (let nth = 0; nth < 50_000; nth += 1)
    dispatch.handOver({ ...command, id: durableCommandId(`of-${nth}`) }, session);
  const second = durableCommandId('of-0');
  const isLast = [report('notHere'), { ...report('notHere'), commandId: second }].map((one) => dispatch.onReport(one));
  expect(isLast).toEqual([true, true]);
  await vi.waitFor(() => expect(noted).toEqual([{ ...released, id: second }]));
});

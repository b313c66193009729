import { status } from '@grpc/grpc-js';
import type { admin, CommandId, DeviceId } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { call, type TestBalancer, withToken } from '../balancer.fixture.ts';
import { cancelCommand, connect, firstPush, getCommand } from './connected.fixture.ts';

const silent = () => {};
const direct = { deviceId: 'laptop', wait: 'WAIT_ACCEPTED' } as const;
const durable = { ...direct, ttlMs: 60_000 };
const kinds = [
  ['direct', direct],
  ['durable', durable],
] as const;

function watch(test: TestBalancer, { deviceId, commandId }: { deviceId: string; commandId: string }) {
  const stream = test.commands().watchCommand({ deviceId, commandId }, withToken());
  const records: admin.CommandRecord[] = [];
  stream.on('data', ({ command }: admin.WatchCommandResponse) => records.push(command as admin.CommandRecord));
  stream.on('error', () => {});
  const ended = new Promise<{ code: status }>((resolve) => stream.on('status', resolve));
  const outcomes = () => records.map((record) => record.status?.outcome);
  return { stream, records, outcomes, ended };
}

describe('GetCommand', () => {
  it.each(kinds)('finds a %s command under way, with its times', async (kind, request) => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const answer = await test.push(request);
    const record = await getCommand(test, answer);
    expect(record).toMatchObject({
      commandId: answer.commandId,
      operation: { kind: 'forceSync' },
      status: { outcome: 'OUTCOME_ROUTED' },
      nodeId: 'dp-1',
      durable: kind === 'durable',
      deliveredAtMs: 0,
    });
    expect(record.routedAtMs).toBeGreaterThanOrEqual(record.acceptedAtMs);
    expect(record.deliverByMs).toBeGreaterThan(record.acceptedAtMs);
  });

  it('finds a direct command that has ended since its caller left', async () => {
    const { test } = await connect();
    const answer = await test.push(direct);
    await vi.waitFor(async () => {
      expect((await getCommand(test, answer)).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    });
  });

  it('does not find a direct command of which its caller knows the end', async () => {
    const { test } = await connect();
    const answer = await test.push({ deviceId: 'laptop' });
    await expect(getCommand(test, answer)).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it.each(kinds)('does not find a %s command of another device', async (_kind, request) => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const { commandId } = await test.push(request);
    await expect(getCommand(test, { deviceId: 'phone', commandId })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe('ListCommands', () => {
  it('lists what waits for a device, and knows which devices there are', async () => {
    const { test } = await connect();
    const client = test.commands();
    const list = async (deviceId: string) =>
      call<admin.ListCommandsResponse>((done) => client.listCommands({ deviceId }, withToken(), done));
    const low = await test.push({ ...durable, deviceId: 'phone', collapseKey: 'a', priority: 'PRIORITY_LOW' });
    const high = await test.push({ ...durable, deviceId: 'phone', collapseKey: 'b', priority: 'PRIORITY_HIGH' });
    expect((await list('phone')).commands).toMatchObject([
      { commandId: high.commandId, priority: 'PRIORITY_HIGH', durable: true },
      { commandId: low.commandId, priority: 'PRIORITY_LOW' },
    ]);
    const page = (pageToken: string) =>
      call<admin.ListCommandsResponse>((done) =>
        client.listCommands({ deviceId: 'phone', pageSize: 1, pageToken }, withToken(), done),
      );
    const first = await page('');
    expect(first.commands.map(({ commandId }) => commandId)).toEqual([high.commandId]);
    const second = await page(first.nextPageToken);
    expect(second.commands.map(({ commandId }) => commandId)).toEqual([low.commandId]);
    expect(second.nextPageToken).toBe('');
    await expect(page('!')).rejects.toThrow('page_token: must be');
    expect((await list('laptop')).commands).toEqual([]);
    await expect(list('nobody')).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe('WatchCommand', () => {
  it.each(kinds)('tells of a %s command from where it stands to its end', async (_kind, request) => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const watched = watch(test, await test.push(request));
    await vi.waitFor(() => expect(watched.outcomes()).toEqual(['OUTCOME_ROUTED']));
    const push = await firstPush(worker);
    worker.report(push, { delivered: {} });
    await vi.waitFor(() => expect(watched.outcomes().at(-1)).toBe('OUTCOME_DELIVERED'));
    worker.report(push, { result: { running: { progress: { percent: 50, message: 'half' } } } });
    await vi.waitFor(() => expect(watched.records.at(-1)?.status?.progress).toEqual({ percent: 50, message: 'half' }));
    worker.report(push, { result: { succeeded: { output: Buffer.from('done') } } });
    expect((await watched.ended).code).toBe(status.OK);
    const last = watched.records.at(-1);
    expect(last?.status).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED' });
    expect(last?.runningAtMs).toBeGreaterThanOrEqual(last?.deliveredAtMs ?? Number.NaN);
    expect(last?.deliveredAtMs).toBeGreaterThan(0);
  });

  it.each(kinds)('of a %s command that has ended says so and ends', async (_kind, request) => {
    const { test, worker } = await connect();
    const answer = await test.push(request);
    const push = await firstPush(worker);
    const ref = { device: push.deviceId as DeviceId, id: push.commandId as CommandId };
    if (request === durable) {
      await test.registry.commands.updateStatus(
        [{ ...ref, kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' }],
        32,
      );
    }
    await vi.waitFor(async () => {
      expect((await getCommand(test, answer)).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    });
    const watched = watch(test, answer);
    expect((await watched.ended).code).toBe(status.OK);
    expect(watched.outcomes()).toEqual(['OUTCOME_SUCCEEDED']);
  });

  it.each(kinds)('keeps nothing but the latest of a %s command for a reader that is slow', async (_kind, request) => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const custom = { name: 'large', payload: Buffer.alloc(500_000) };
    const watched = watch(test, await test.push({ ...request, operation: { custom } }));
    await vi.waitFor(() => expect(watched.records).toHaveLength(1));
    watched.stream.pause();
    const push = await firstPush(worker);
    for (let percent = 0; percent <= 100; percent += 1) {
      worker.report(push, { result: { running: { progress: { percent, message: '' } } } });
    }
    worker.report(push, { result: { succeeded: {} } });
    // All of it has arrived here once a later command has gone the same way.
    worker.onPush = (each) => worker.report(each, { result: { succeeded: {} } });
    await test.push({ deviceId: 'laptop' });
    watched.stream.resume();
    expect((await watched.ended).code).toBe(status.OK);
    expect(watched.outcomes().at(-1)).toBe('OUTCOME_SUCCEEDED');
    expect(watched.records.length).toBeLessThan(50);
  });

  it.each(['4f1d', 'd-4f1d'])('of a command that there is not (%s) says so', async (commandId) => {
    const { test } = await connect();
    expect(await watch(test, { deviceId: 'laptop', commandId }).ended).toMatchObject({ code: status.NOT_FOUND });
  });

  it('ends when the balancer stops', async () => {
    const { test } = await connect();
    const watched = watch(test, await test.push({ ...durable, deviceId: 'phone' }));
    await vi.waitFor(() => expect(watched.records).toHaveLength(1));
    await test.balancer.drain(AbortSignal.timeout(5_000));
    expect(await watched.ended).toMatchObject({ code: status.UNAVAILABLE });
  });
});

describe('CancelCommand', () => {
  it('ends a durable command that waits', async () => {
    const { test, worker } = await connect();
    const pushed = test.push({ ...durable, deviceId: 'phone', wait: 'WAIT_FINISHED' });
    await vi.waitFor(async () => expect(await test.registry.commands.list('phone' as DeviceId)).toHaveLength(1));
    const [waiting] = await test.registry.commands.list('phone' as DeviceId);
    const record = await cancelCommand(test, { deviceId: 'phone', commandId: waiting?.id ?? '' }, 'not needed');
    expect(record.status).toMatchObject({ outcome: 'OUTCOME_CANCELLED' });
    expect((await pushed).status?.outcome).toBe('OUTCOME_CANCELLED');
    expect(worker.cancels).toEqual([]);
  });

  it.each(kinds)(
    'tells the worker that has a %s command, and leaves the outcome to the device',
    async (_kind, request) => {
      const { test, worker } = await connect();
      worker.onPush = silent;
      worker.onCancel = (order) => worker.report(order, { result: { cancelled: { reason: 'as told' } } });
      const answer = await test.push(request);
      const watched = watch(test, answer);
      await vi.waitFor(() => expect(watched.records).toHaveLength(1));
      const record = await cancelCommand(test, answer, 'not needed');
      expect(record.status).toMatchObject({ outcome: 'OUTCOME_ROUTED', cancelRequested: true });
      await watched.ended;
      expect(worker.cancels).toEqual([{ commandId: answer.commandId, deviceId: 'laptop', reason: 'not needed' }]);
      expect(watched.records.at(-1)?.status).toMatchObject({ outcome: 'OUTCOME_CANCELLED', cancelRequested: true });
    },
  );

  it('leaves a command that has ended as it is', async () => {
    const { test } = await connect();
    const answer = await test.push(direct);
    await vi.waitFor(async () => {
      expect((await getCommand(test, answer)).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    });
    const record = await cancelCommand(test, answer);
    expect(record.status).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED', cancelRequested: false });
  });

  it('finds the device on another worker when its link was lost', async () => {
    const { test, worker } = await connect();
    const second = await test.startWorker('dp-2');
    await vi.waitFor(() => expect(second.channels).toBe(1), 3_000);
    worker.onPush = (push) => {
      worker.report(push, { result: { running: {} } });
      worker.report(push, { linkLost: { reason: 'linkLost' } });
    };
    const answer = await test.push({ ...direct, finishWithinMs: 60_000 });
    await vi.waitFor(async () => expect((await getCommand(test, answer)).status?.outcome).toBe('OUTCOME_RUNNING'));
    await second.openSession('laptop');
    await vi.waitFor(async () => {
      await cancelCommand(test, answer);
      expect(second.cancels.length).toBeGreaterThan(0);
    });
  });

  it('names what is wrong', async () => {
    const { test } = await connect();
    const known = { deviceId: 'laptop', commandId: 'none' };
    await expect(cancelCommand(test, known)).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(cancelCommand(test, known, 'x'.repeat(257))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('reason'),
    });
  });
});

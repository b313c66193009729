import { type ServiceError, status } from '@grpc/grpc-js';
import { type admin, type CommandId, type DeviceId, fromStatus } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { call, withToken } from '../../balancer.fixture.ts';
import { connect, firstPush, stored } from '../connected.fixture.ts';

const silent = () => {};
const durable = { deviceId: 'laptop', ttlMs: 60_000 };
const accepted = { ...durable, wait: 'WAIT_ACCEPTED' } as const;

describe('a durable command', () => {
  it('is in the registry, goes to the worker with its id, and is answered with the result', async () => {
    const { test, worker, session } = await connect();
    const answer = await test.push(durable);
    expect(answer).toMatchObject({ deviceId: 'laptop', nodeId: 'dp-1', status: { outcome: 'OUTCOME_SUCCEEDED' } });
    expect(answer.commandId).toMatch(/^d-/);
    expect(worker.received).toMatchObject([{ commandId: answer.commandId, epoch: session.epoch, redelivered: false }]);
    expect(await stored(test, answer)).toMatchObject({ collapseKey: 'force_sync', nodeId: 'dp-1' });
  });

  it.each([
    ['laptop', 'OUTCOME_ROUTED'],
    ['phone', 'OUTCOME_QUEUED'],
  ])('for the %s is accepted as %s', async (deviceId, outcome) => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const answer = await test.push({ ...accepted, deviceId });
    expect(answer.status?.outcome).toBe(outcome);
    expect(Number(answer.status?.atMs)).toBeGreaterThan(Date.now() - 10_000);
    expect((await stored(test, answer))?.status.outcome).toBe(outcome);
  });

  it('carries what is left of its time', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    await test.push({ ...accepted, finishWithinMs: 90_000 });
    const push = await firstPush(worker);
    expect(push.deliverWithinMs).toBeGreaterThan(50_000);
    expect(push.finishWithinMs - push.deliverWithinMs).toBe(30_000);
  });

  it('is QUEUED again when the worker has not the link, and may then be taken', async () => {
    const { test, worker, session } = await connect();
    worker.onPush = (push) => worker.report(push, { notHere: { epoch: 0 } });
    const answer = await test.push(accepted);
    await vi.waitFor(async () => expect((await stored(test, answer))?.status.outcome).toBe('OUTCOME_QUEUED'));
    // The worker may have found the link meanwhile.
    await vi.waitFor(() => expect(worker.wakeups).toMatchObject([{ deviceId: 'laptop' }]));
    const { commands } = await test.registry.commands.take('laptop' as DeviceId, session.epoch, 32, 10);
    expect(commands).toMatchObject([{ id: answer.commandId }]);
  });

  it('is QUEUED again when its worker cannot be reached', async () => {
    const { test, worker } = await connect();
    worker.crash();
    await vi.waitFor(async () => expect((await test.push({ deviceId: 'laptop' })).nodeId).toBe(''));
    const answer = await test.push(accepted);
    await vi.waitFor(async () => expect((await stored(test, answer))?.status.outcome).toBe('OUTCOME_QUEUED'));
  });

  it('stays where it is when its caller hangs up', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const client = test.commands();
    const gone = call((done) => {
      const started = client.push({ ...durable, operation: { forceSync: {} } }, withToken(), done);
      void firstPush(worker).then(() => started.cancel());
    });
    await expect(gone).rejects.toMatchObject({ code: status.CANCELLED });
    const push = await firstPush(worker);
    expect((await stored(test, push))?.status).toMatchObject({ outcome: 'OUTCOME_ROUTED' });
  });

  it('is put once, however often it is pushed with one idempotency key', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const first = await test.push({ ...accepted, idempotencyKey: 'nightly' });
    const second = test.push({ ...durable, idempotencyKey: 'nightly' });
    const push = await firstPush(worker);
    await test.push({ ...accepted, deviceId: 'phone', idempotencyKey: 'nightly' });
    worker.report(push, { result: { succeeded: {} } });
    expect(await second).toMatchObject({ commandId: first.commandId, status: { outcome: 'OUTCOME_SUCCEEDED' } });
    expect(worker.received).toHaveLength(1);
  });

  it.each<[string, admin.PushRequestInit]>([
    ['operation', { operation: { runTask: { taskId: 'other' } } }],
    ['payload', { operation: { custom: { name: 'reboot', payload: Buffer.from('later') } } }],
    ['time to live', { ttlMs: 60_001 }],
    ['deadline', { finishWithinMs: 90_000 }],
    ['priority', { priority: 'PRIORITY_HIGH' }],
    ['collapse key', { collapseKey: 'other' }],
  ])('is refused where its idempotency key stands for one with another %s', async (_, other) => {
    const { test, worker } = await connect();
    await using _test = test;
    worker.onPush = silent;
    const operation = { custom: { name: 'reboot', payload: Buffer.from('now') } };
    const first = await test.push({ ...accepted, operation, idempotencyKey: 'nightly' });
    const push = test.push({ ...accepted, operation, idempotencyKey: 'nightly', ...other });
    const error = await push.catch((refused: ServiceError) => fromStatus(refused));
    expect(error).toMatchObject({
      code: 'ALREADY_EXISTS',
      field: 'idempotency_key',
      message: expect.stringContaining(first.commandId),
    });
  });

  it('is the same whatever the order of its parameters', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const run = (parameters: Record<string, string>) =>
      test.push({ ...accepted, operation: { runTask: { taskId: 'scan', parameters } }, idempotencyKey: 'nightly' });
    const first = await run({ depth: 'full', area: 'disk' });
    expect((await run({ area: 'disk', depth: 'full' })).commandId).toBe(first.commandId);
  });

  it('is refused where the queue of its device is full', async () => {
    const { test } = await connect({ queueCommands: 1 });
    await test.push({ ...accepted, deviceId: 'phone', collapseKey: 'one' });
    const push = test.push({ ...accepted, deviceId: 'phone', collapseKey: 'two' });
    await expect(push).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringMatching(/phone/),
    });
  });

  it('is refused for a device that there is not', async () => {
    const { test } = await connect();
    await expect(test.push({ ...accepted, deviceId: 'nobody' })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe('a caller of a durable command', () => {
  it('learns from the registry what no worker has reported', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const answer = test.push(durable);
    const push = await firstPush(worker);
    const ref = { device: push.deviceId as DeviceId, id: push.commandId as CommandId };
    await test.registry.commands.updateStatus(
      [{ ...ref, kind: 'ended', outcome: 'OUTCOME_FAILED', reason: 'disk full' }],
      32,
    );
    expect((await answer).status).toMatchObject({ outcome: 'OUTCOME_FAILED', reason: 'disk full' });
  });

  it('learns from the registry where a report says nothing by itself', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const answer = test.push(durable);
    const push = await firstPush(worker);
    const ref = { device: push.deviceId as DeviceId, id: push.commandId as CommandId };
    await test.registry.commands.updateStatus(
      [{ ...ref, kind: 'ended', outcome: 'OUTCOME_REJECTED', reason: 'unsupported' }],
      32,
    );
    worker.report(push, { unsent: { cause: 'UNSENT_CAUSE_UNSUPPORTED' } });
    expect((await answer).status).toMatchObject({ outcome: 'OUTCOME_REJECTED', reason: 'unsupported' });
  });

  it('that waits for the delivery hears of it', async () => {
    const { test, worker } = await connect();
    worker.onPush = (push) => worker.report(push, { delivered: {} });
    const answer = await test.push({ ...durable, wait: 'WAIT_DELIVERED' });
    expect(answer.status?.outcome).toBe('OUTCOME_DELIVERED');
  });

  it('hears after the time to live that the command has expired', async () => {
    const { test } = await connect();
    const answer = await test.push({ deviceId: 'phone', ttlMs: 100 });
    expect(answer.status?.outcome).toBe('OUTCOME_EXPIRED');
  });

  it('hears that a newer command has taken the place of its own', async () => {
    const { test } = await connect();
    const first = test.push({ ...durable, deviceId: 'phone' });
    await vi.waitFor(async () => expect(await test.registry.commands.list('phone' as DeviceId)).toHaveLength(1));
    await test.push({ ...accepted, deviceId: 'phone' });
    expect((await first).status?.outcome).toBe('OUTCOME_SUPERSEDED');
  });

  it('is told where the command stands when the balancer stops', async () => {
    const { test } = await connect();
    const answer = test.push({ ...durable, deviceId: 'phone' });
    await vi.waitFor(async () => expect(await test.registry.commands.list('phone' as DeviceId)).toHaveLength(1));
    await test.balancer.drain(AbortSignal.timeout(5_000));
    expect((await answer).status?.outcome).toBe('OUTCOME_QUEUED');
  });

  it('is refused while the registry is away, and direct commands go on', async () => {
    const { test } = await connect();
    await test.push({ deviceId: 'laptop' });
    test.registrySwitch.on = false;
    await expect(test.push(durable)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect((await test.push({ deviceId: 'laptop' })).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    test.registrySwitch.on = true;
    expect((await test.push(durable)).status?.outcome).toBe('OUTCOME_SUCCEEDED');
  });
});

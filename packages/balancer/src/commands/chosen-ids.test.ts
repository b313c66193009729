import { type ServiceError, status } from '@grpc/grpc-js';
import { type admin, fromStatus } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { call, type TestBalancer, withToken } from '../balancer.fixture.ts';
import { connect, firstPush, getCommand } from './connected.fixture.ts';

const silent = () => {};
const mine = { deviceId: 'laptop', commandId: 'order-7' };

/** Pushes, and goes away: by cancelling, or because the deadline passes. */
async function pushAndLeave(
  test: TestBalancer,
  request: admin.PushRequestInit,
  how: 'cancel' | 'deadline',
  when: Promise<unknown>,
) {
  const asked = { operation: { forceSync: {} }, ...request };
  const options = how === 'deadline' ? { deadline: Date.now() + 4_000 } : {};
  const gone = call((done) => {
    const started = test.commands().push(asked, withToken(), options, done);
    if (how === 'cancel') void when.then(() => started.cancel());
  });
  const code = how === 'cancel' ? status.CANCELLED : status.DEADLINE_EXCEEDED;
  await expect(gone).rejects.toMatchObject({ code });
}

const refusal = (push: Promise<unknown>) => push.catch((error: ServiceError) => fromStatus(error));

describe.each(['cancel', 'deadline'] as const)('a direct command whose caller goes away by %s', (how) => {
  it('is withdrawn while it waits for the link', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    worker.onDiscard = (discard) => worker.report(discard, { unsent: { cause: 'UNSENT_CAUSE_CANCELLED' } });
    await pushAndLeave(test, mine, how, firstPush(worker));
    await vi.waitFor(async () => {
      expect((await getCommand(test, mine)).status).toMatchObject({
        outcome: 'OUTCOME_CANCELLED',
        reason: 'withdrawn before it was sent: its caller went away',
      });
    });
    expect(worker.discards).toMatchObject([mine]);
    // The device is not told: it never had it.
    expect(worker.cancels).toEqual([]);
  });

  it('goes on once it is on the wire, and tells of its outcome by the id that was chosen', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    await pushAndLeave(test, mine, how, firstPush(worker));
    await vi.waitFor(() => expect(worker.discards).toHaveLength(1));
    expect((await getCommand(test, mine)).status?.outcome).toBe('OUTCOME_ROUTED');
    worker.report(mine, { delivered: {} });
    worker.report(mine, { result: { succeeded: { output: Buffer.from('done') } } });
    await vi.waitFor(async () => expect((await getCommand(test, mine)).status?.outcome).toBe('OUTCOME_SUCCEEDED'));
  });

  it('is not withdrawn while another caller waits for it', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const push = firstPush(worker);
    const other = push.then(() => test.push(mine));
    // The other one is there as soon as one that came after it is answered.
    const both = push.then(() => test.push({ ...mine, wait: 'WAIT_ACCEPTED' }));
    await pushAndLeave(test, mine, how, both);
    worker.report(mine, { result: { succeeded: {} } });
    expect((await other).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    expect(worker.discards).toEqual([]);
  });
});

it('withdraws what is unsent of a stream that breaks off, and nothing that it has been told of', async () => {
  const { test, worker } = await connect();
  worker.onPush = silent;
  const stream = test.commands().pushStream(withToken());
  stream.on('error', () => {});
  const answered = new Promise((resolve) => stream.on('data', resolve));
  const push = (correlationId: number, commandId: string, wait: admin.Wait) => ({
    correlationId,
    push: { ...mine, commandId, operation: { forceSync: {} }, wait },
  });
  stream.write({ pushes: [push(1, 'awaited', 'WAIT_FINISHED'), push(2, 'accepted', 'WAIT_ACCEPTED')] });
  await answered;
  stream.cancel();
  await vi.waitFor(() => expect(worker.discards).toMatchObject([{ commandId: 'awaited' }]));
});

describe('a direct command with an id of its caller', () => {
  it('is one, however often it is pushed, before and after its end', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    const first = test.push(mine);
    const push = await firstPush(worker);
    expect(push).toMatchObject(mine);
    const second = test.push(mine);
    const accepted = await test.push({ ...mine, wait: 'WAIT_ACCEPTED' });
    expect(accepted).toMatchObject({ commandId: 'order-7', nodeId: 'dp-1', status: { outcome: 'OUTCOME_ROUTED' } });
    worker.report(push, { delivered: {} });
    expect((await test.push({ ...mine, wait: 'WAIT_DELIVERED' })).status?.outcome).toBe('OUTCOME_DELIVERED');
    worker.report(push, { result: { succeeded: { output: Buffer.from('done') } } });
    const answers = [await first, await second, await test.push(mine)];
    expect(answers.map((answer) => String(answer.status?.output))).toEqual(['done', 'done', 'done']);
    expect(worker.received).toHaveLength(1);
    // Its caller may not have heard: it is kept as if nobody had.
    expect((await getCommand(test, mine)).status?.outcome).toBe('OUTCOME_SUCCEEDED');
  });

  it.each<[string, admin.PushRequestInit]>([
    ['operation', { operation: { forceSync: { reason: 'other' } } }],
    ['device', { deviceId: 'phone' }],
    ['deadline', { finishWithinMs: 31_000 }],
  ])('is refused where it stands for one with another %s', async (_, other) => {
    const { test, worker } = await connect();
    await using _test = test;
    worker.onPush = silent;
    await test.push({ ...mine, wait: 'WAIT_ACCEPTED' });
    expect(await refusal(test.push({ ...mine, ...other }))).toMatchObject({
      code: 'ALREADY_EXISTS',
      field: 'command_id',
    });
    expect(worker.received).toHaveLength(1);
  });

  it('is free again where it was not accepted, and whoever joined hears why', async () => {
    const { test } = await connect();
    const pushes = [1, 2].map(() => refusal(test.push({ deviceId: 'nobody', commandId: 'order-8' })));
    expect(await Promise.all(pushes)).toMatchObject([{ code: 'DEVICE_NOT_FOUND' }, { code: 'DEVICE_NOT_FOUND' }]);
    expect((await test.push({ ...mine, commandId: 'order-8' })).status?.outcome).toBe('OUTCOME_SUCCEEDED');
  });
});

describe('a durable command with an id of its caller', () => {
  const durable = { deviceId: 'laptop', commandId: 'd-order-7', ttlMs: 60_000, wait: 'WAIT_ACCEPTED' } as const;

  it('is one, however often it is pushed, and in conflict with anything else', async () => {
    const { test, worker } = await connect();
    worker.onPush = silent;
    expect((await test.push(durable)).commandId).toBe('d-order-7');
    expect((await test.push(durable)).commandId).toBe('d-order-7');
    expect(worker.received).toHaveLength(1);
    expect(await refusal(test.push({ ...durable, ttlMs: 61_000 }))).toMatchObject({
      code: 'ALREADY_EXISTS',
      field: 'command_id',
    });
    const other = { ...durable, commandId: 'd-order-8', idempotencyKey: 'nightly' };
    expect((await test.push(other)).commandId).toBe('d-order-8');
    expect((await test.push({ ...other, commandId: 'd-order-9' })).commandId).toBe('d-order-8');
  });
});

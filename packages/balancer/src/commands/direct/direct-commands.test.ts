import { status } from '@grpc/grpc-js';
import type { admin, node } from '@pushfleet/protocol';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { call, TestBalancer, withToken } from '../../balancer.fixture.ts';
import type { FakeWorker } from '../../worker.fixture.ts';

const silent = () => {};

/** A balancer, one worker and a device whose link the worker holds. */
async function connect(change = {}) {
  const test = await TestBalancer.start(change);
  onTestFinished(() => test[Symbol.asyncDispose]());
  await test.putFleet('HQ', 'dp-1', 'laptop', 'phone');
  const worker = await test.startWorker('dp-1');
  const session = await worker.openSession('laptop');
  return { test, worker, session };
}

/** The first push that the worker receives. */
async function firstPush(worker: FakeWorker): Promise<node.PushCommand> {
  await vi.waitFor(() => expect(worker.received.length).toBeGreaterThan(0));
  return worker.received[0] as node.PushCommand;
}

const outcome = (answer: admin.PushResponse) => answer.status?.outcome;

it('carries a command to the worker that holds the link and answers with the result', async () => {
  const { test, worker, session } = await connect();
  const custom = { name: 'reboot', payload: Buffer.from([1, 2, 3]) };
  const answer = await test.push({ deviceId: 'laptop', operation: { custom } });
  expect(outcome(answer)).toBe('OUTCOME_SUCCEEDED');
  expect(answer.status?.output.toString()).toBe('done');
  expect(answer).toMatchObject({ deviceId: 'laptop', nodeId: 'dp-1' });
  expect(worker.received[0]).toMatchObject({
    commandId: answer.commandId,
    deviceId: 'laptop',
    epoch: session.epoch,
    operation: { kind: 'custom', custom },
  });
});

describe('a caller', () => {
  it.each([
    ['WAIT_ACCEPTED', silent, 'OUTCOME_ROUTED'],
    ['WAIT_DELIVERED', (push, worker) => worker.report(push, { delivered: {} }), 'OUTCOME_DELIVERED'],
    ['WAIT_DELIVERED', (push, worker) => worker.report(push, { result: { running: {} } }), 'OUTCOME_RUNNING'],
    ['WAIT_FINISHED', undefined, 'OUTCOME_SUCCEEDED'],
  ] satisfies [admin.Wait, FakeWorker['onPush'] | undefined, string][])(
    'that waits with %s',
    async (wait, onPush, expected) => {
      const { test, worker } = await connect();
      if (onPush) worker.onPush = onPush;
      expect(outcome(await test.push({ deviceId: 'laptop', wait }))).toBe(expected);
    },
  );

  it('is told about a failure in the words of the device', async () => {
    const { test, worker } = await connect();
    worker.onPush = (push) => worker.report(push, { result: { failed: { reason: 'disk full' } } });
    const answer = await test.push({ deviceId: 'laptop' });
    expect(answer.status).toMatchObject({ outcome: 'OUTCOME_FAILED', reason: 'disk full' });
  });

  it('is told at once that the device is away', async () => {
    const { test } = await connect();
    const answer = await test.push({ deviceId: 'phone' });
    expect(answer).toMatchObject({ nodeId: '', status: { outcome: 'OUTCOME_NOT_CONNECTED' } });
  });

  it('is told that there is no such device, by name', async () => {
    const { test } = await connect();
    const push = test.push({ deviceId: 'nobody' });
    await expect(push).rejects.toMatchObject({ code: status.NOT_FOUND, details: expect.stringContaining('nobody') });
  });

  it('is told the field that is wrong', async () => {
    const { test } = await connect();
    const push = test.push({ deviceId: 'laptop', deliverWithinMs: 600_001 });
    await expect(push).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'deliver_within: must be 0.001s to 600s, or absent (10s)',
    });
  });

  it('is refused while too many commands are under way, and may come back', async () => {
    const { test, worker } = await connect({ commandsInFlight: 1 });
    worker.onPush = silent;
    const first = test.push({ deviceId: 'laptop' });
    const push = await firstPush(worker);
    await expect(test.push({ deviceId: 'laptop' })).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    worker.report(push, { result: { succeeded: {} } });
    await first;
    worker.onPush = (next) => worker.report(next, { result: { succeeded: {} } });
    expect(outcome(await test.push({ deviceId: 'laptop' }))).toBe('OUTCOME_SUCCEEDED');
  });

  it('that goes away leaves no command behind', async () => {
    const { test, worker } = await connect({ commandsInFlight: 1 });
    worker.onPush = silent;
    const client = test.commands();
    const gone = call((done) => {
      const started = client.push({ deviceId: 'laptop', operation: { forceSync: {} } }, withToken(), done);
      void firstPush(worker).then(() => started.cancel());
    });
    await expect(gone).rejects.toMatchObject({ code: status.CANCELLED });
    worker.report(await firstPush(worker), { delivered: {} });
    worker.onPush = (push) => worker.report(push, { result: { succeeded: {} } });
    await vi.waitFor(async () => expect(outcome(await test.push({ deviceId: 'laptop' }))).toBe('OUTCOME_SUCCEEDED'));
  });
});

describe('a route', () => {
  it('that is known needs no registry', async () => {
    const { test } = await connect();
    await test.push({ deviceId: 'laptop' });
    test.registrySwitch.on = false;
    expect(outcome(await test.push({ deviceId: 'laptop' }))).toBe('OUTCOME_SUCCEEDED');
    await expect(test.push({ deviceId: 'phone' })).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  it('outlives a registry that has lost its data', async () => {
    const { test, worker } = await connect();
    await test.push({ deviceId: 'laptop' });
    await test.registry.nodes.retire(worker.ref.nodeId, worker.ref.bootId);
    const client = test.fleet();
    const nodes = () => call<admin.ListNodesResponse>((done) => client.listNodes({}, withToken(), done));
    await vi.waitFor(async () => expect((await nodes()).nodes).toEqual([]), 3_000);
    expect(outcome(await test.push({ deviceId: 'laptop' }))).toBe('OUTCOME_SUCCEEDED');
  });

  it('that is out of date is read anew and tried once more', async () => {
    const { test, worker } = await connect();
    await test.push({ deviceId: 'laptop' });
    const second = await test.startWorker('dp-2');
    const session = await second.openSession('laptop');
    worker.onPush = (push) => worker.report(push, { notHere: { epoch: 0 } });
    const answer = await test.push({ deviceId: 'laptop' });
    expect(answer).toMatchObject({ nodeId: 'dp-2', status: { outcome: 'OUTCOME_SUCCEEDED' } });
    expect(second.received).toMatchObject([{ epoch: session.epoch }]);
    expect(worker.received).toHaveLength(2);
  });

  it('that is out of date twice makes a device that is not connected', async () => {
    const { test, worker } = await connect();
    worker.onPush = (push) => {
      worker.report(push, { notHere: { epoch: 0 } });
    };
    const answer = await test.push({ deviceId: 'laptop' });
    expect(outcome(answer)).toBe('OUTCOME_NOT_CONNECTED');
    expect(worker.received).toHaveLength(1);
  });

  it('to a worker that has begun another life is void', async () => {
    const { test, worker } = await connect();
    await test.push({ deviceId: 'laptop' });
    const nextLife = await test.startWorker('dp-1');
    worker.crash();
    await vi.waitFor(async () => {
      const answer = await test.push({ deviceId: 'laptop', deliverWithinMs: 1_000 });
      expect(answer.status).toMatchObject({ outcome: 'OUTCOME_NOT_CONNECTED' });
    });
    await nextLife.openSession('laptop');
    expect(outcome(await test.push({ deviceId: 'laptop' }))).toBe('OUTCOME_SUCCEEDED');
  });
});

describe('a device that reconnects elsewhere', () => {
  it('reports its result there', async () => {
    const { test, worker } = await connect();
    const second = await test.startWorker('dp-2');
    await vi.waitFor(() => expect(second.channels).toBe(1), 3_000);
    worker.onPush = (push) => {
      worker.report(push, { delivered: {} });
      worker.report(push, { linkLost: { reason: 'linkLost' } });
    };
    const answer = test.push({ deviceId: 'laptop' });
    const push = await firstPush(worker);
    second.report({ ...push, deviceId: 'another' }, { result: { failed: { reason: 'not mine' } } });
    second.report(push, { result: { succeeded: {} } });
    expect(outcome(await answer)).toBe('OUTCOME_SUCCEEDED');
  });
});

describe('a worker that is lost', () => {
  it('leaves commands that may have reached the device open, until the device reports elsewhere', async () => {
    const { test, worker } = await connect();
    const second = await test.startWorker('dp-2');
    await vi.waitFor(() => expect(second.channels).toBe(1), 3_000);
    worker.onPush = silent;
    const answer = test.push({ deviceId: 'laptop' });
    const push = await firstPush(worker);
    worker.crash();
    await vi.waitFor(() => expect(worker.channels).toBe(0));
    second.report(push, { result: { succeeded: {} } });
    expect(outcome(await answer)).toBe('OUTCOME_SUCCEEDED');
  });

  it('makes the outcome of what was sent and not confirmed unknown', async () => {
    const { test, worker } = await connect();
    // Its channel is open from here on.
    await test.push({ deviceId: 'laptop' });
    worker.onPush = () => worker.crash();
    const answer = await test.push({ deviceId: 'laptop', deliverWithinMs: 2_000 });
    expect(answer.status).toMatchObject({
      outcome: 'OUTCOME_UNKNOWN',
      reason: 'the push server was lost before the device confirmed the command, and no result came',
    });
  });

  it('makes its devices unreachable at once, and reachable again once it answers', async () => {
    const { test, worker } = await connect();
    await test.push({ deviceId: 'laptop' });
    worker.crash();
    await vi.waitFor(async () => {
      const answer = await test.push({ deviceId: 'laptop', deliverWithinMs: 100 });
      expect(answer.status).toMatchObject({
        outcome: 'OUTCOME_NOT_CONNECTED',
        reason: 'push server "dp-1" cannot be reached',
      });
    });
    await worker.listen();
    await vi.waitFor(
      async () => expect(outcome(await test.push({ deviceId: 'laptop' }))).toBe('OUTCOME_SUCCEEDED'),
      10_000,
    );
  });
});

describe('deadlines', () => {
  it('make the outcome of an unconfirmed command unknown, never expired', async () => {
    const { test, worker } = await connect();
    // Its channel is open from here on.
    await test.push({ deviceId: 'laptop' });
    worker.onPush = silent;
    const answer = await test.push({ deviceId: 'laptop', deliverWithinMs: 2_000 });
    expect(answer.status).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', reason: 'not confirmed by the deadline' });
  });

  it('let a command expire that its worker knows to be unsent', async () => {
    const { test, worker } = await connect();
    worker.onPush = (push) => worker.report(push, { unsent: { cause: 'UNSENT_CAUSE_EXPIRED' } });
    expect(outcome(await test.push({ deviceId: 'laptop' }))).toBe('OUTCOME_EXPIRED');
  });

  it('make the outcome of a command without a result unknown', async () => {
    const { test, worker } = await connect();
    await test.push({ deviceId: 'laptop' });
    worker.onPush = (push) => worker.report(push, { delivered: {} });
    const answer = await test.push({ deviceId: 'laptop', deliverWithinMs: 2_000, finishWithinMs: 2_000 });
    expect(answer.status).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', reason: 'no result by the deadline' });
  });

  it('reach the worker as what is left of them', async () => {
    const { test, worker } = await connect();
    await test.push({ deviceId: 'laptop', deliverWithinMs: 60_000, finishWithinMs: 61_000 });
    const push = await firstPush(worker);
    expect(push.deliverWithinMs).toBeLessThanOrEqual(60_000);
    expect(push.deliverWithinMs).toBeGreaterThan(40_000);
    expect(push.finishWithinMs - push.deliverWithinMs).toBe(1_000);
  });
});

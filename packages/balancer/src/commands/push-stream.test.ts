import { type ClientDuplexStream, status } from '@grpc/grpc-js';
import { type admin, fromRpcStatus, limits } from '@pushfleet/protocol';
import { expect, it, onTestFinished, vi } from 'vitest';
import { TestBalancer, withToken } from '../balancer.fixture.ts';

type Stream = ClientDuplexStream<admin.PushStreamRequestInit, admin.PushStreamResponse>;

async function openStream(change = {}) {
  const test = await TestBalancer.start(change);
  onTestFinished(() => test[Symbol.asyncDispose]());
  await test.putFleet('HQ', 'dp-1', 'laptop');
  const worker = await test.startWorker('dp-1');
  await worker.openSession('laptop');
  const stream: Stream = test.commands().pushStream(withToken());
  const answers: admin.StreamedAnswer[] = [];
  const messages: number[] = [];
  stream.on('data', (message: admin.PushStreamResponse) => {
    answers.push(...message.answers);
    messages.push(message.answers.length);
  });
  const ended = new Promise<{ code: status; details: string }>((resolve) => stream.on('status', resolve));
  stream.on('error', () => {});
  const item = (correlationId: number, change = {}): admin.StreamedPushInit => ({
    correlationId,
    push: { deviceId: 'laptop', operation: { forceSync: {} }, ...change },
  });
  const push = (correlationId: number, change = {}) => stream.write({ pushes: [item(correlationId, change)] });
  const pushMany = (count: number) => stream.write({ pushes: Array.from({ length: count }, (_, id) => item(id + 1)) });
  return { test, worker, stream, answers, messages, ended, item, push, pushMany };
}

const errorIn = (answer?: admin.StreamedAnswer) => answer?.error && fromRpcStatus(answer.error);

it('answers every command by its number, and ends after the caller has', async () => {
  const { stream, answers, ended, push } = await openStream();
  for (let id = 1; id <= 500; id += 1) push(id);
  stream.end();
  expect((await ended).code).toBe(status.OK);
  expect(answers).toHaveLength(500);
  expect(new Set(answers.map((answer) => answer.correlationId)).size).toBe(500);
  expect(answers.every(({ response }) => response?.status?.outcome === 'OUTCOME_SUCCEEDED')).toBe(true);
});

it('answers a command that is not accepted with an error and goes on', async () => {
  const { stream, answers, ended, push } = await openStream();
  push(1, { deviceId: 'not a device id' });
  push(2, { deviceId: 'nobody' });
  stream.write({ pushes: [{ correlationId: 3 }] });
  push(4);
  stream.end();
  await ended;
  const byId = new Map(answers.map((answer) => [answer.correlationId, answer]));
  expect(errorIn(byId.get(1))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('device_id'),
    field: 'device_id',
  });
  expect(errorIn(byId.get(2))).toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  expect(errorIn(byId.get(3))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(byId.get(4)?.response?.status?.outcome).toBe('OUTCOME_SUCCEEDED');
});

it('takes batches, and answers in batches', async () => {
  const { stream, answers, messages, ended, pushMany } = await openStream();
  pushMany(500);
  stream.end();
  await ended;
  expect(answers).toHaveLength(500);
  expect(messages.length).toBeLessThan(50);
});

it.each(['one by one', 'in one batch'])(
  'takes no more while 4,096 commands are under way, sent %s, and goes on as they end',
  async (how) => {
    const { test, worker, stream, answers, ended, push, pushMany } = await openStream({ commandsInFlight: 10_000 });
    worker.onPush = () => {};
    if (how === 'in one batch') pushMany(6_000);
    else for (let id = 1; id <= 6_000; id += 1) push(id);
    stream.end();
    await vi.waitFor(() => expect(worker.received).toHaveLength(4_096), 5_000);
    // A command of another call passes through; had more been taken from the stream, they would have come before it.
    await test.push({ deviceId: 'laptop', wait: 'WAIT_ACCEPTED' });
    await vi.waitFor(() => expect(worker.received).toHaveLength(4_097));
    worker.onPush = (each) => worker.report(each, { result: { succeeded: {} } });
    for (const each of [...worker.received]) worker.report(each, { result: { succeeded: {} } });
    expect((await ended).code).toBe(status.OK);
    expect(new Set(answers.map(({ correlationId }) => correlationId)).size).toBe(6_000);
  },
  20_000,
);

it('takes no more while its answers are not read', async () => {
  const { test, worker, stream, answers, ended, push } = await openStream({ commandsInFlight: 10_000 });
  const output = Buffer.alloc(100_000);
  worker.onPush = (each) => worker.report(each, { result: { succeeded: { output } } });
  stream.pause();
  for (let id = 1; id <= 100; id += 1) push(id);
  await vi.waitFor(() => expect(worker.received).toHaveLength(100));
  // It ends after all of these, whose answers fill the way back by then.
  await test.push({ deviceId: 'laptop' });
  for (let id = 101; id <= 400; id += 1) push(id);
  stream.end();
  const settled = async () => {
    const before = worker.received.length;
    // Each goes the whole way that more commands of the stream would have gone in the meantime.
    for (let round = 0; round < 5; round += 1) await test.push({ deviceId: 'laptop' });
    expect(worker.received.length).toBe(before + 5);
  };
  await vi.waitFor(settled, 10_000);
  expect(worker.received.length).toBeLessThan(400);
  stream.resume();
  await ended;
  expect(answers).toHaveLength(400);
}, 30_000);

it('carries commands of both kinds', async () => {
  const { worker, stream, answers, ended, push } = await openStream();
  push(1, { ttlMs: 60_000 });
  push(2);
  push(3, { ttlMs: 60_000, deviceId: 'nobody' });
  stream.end();
  await ended;
  const byId = new Map(answers.map((answer) => [answer.correlationId, answer]));
  expect(byId.get(1)?.response).toMatchObject({ commandId: expect.stringMatching(/^d-/) });
  expect(byId.get(2)?.response).toMatchObject({ commandId: expect.not.stringMatching(/^d-/) });
  expect(errorIn(byId.get(3))).toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  expect(worker.received).toHaveLength(2);
});

it('ends with what is under way answered when the balancer stops', async () => {
  const { test, worker, answers, ended, push } = await openStream();
  worker.onPush = () => {};
  push(1);
  await vi.waitFor(() => expect(worker.received).toHaveLength(1));
  const drained = test.balancer.drain(AbortSignal.timeout(5_000));
  const [only] = worker.received;
  if (only) worker.report(only, { result: { succeeded: {} } });
  expect(await ended).toMatchObject({ code: status.UNAVAILABLE, details: expect.stringContaining('stopping') });
  expect(answers).toMatchObject([{ correlationId: 1, response: { status: { outcome: 'OUTCOME_SUCCEEDED' } } }]);
  await drained;
});

it('refuses a message that is too large with the limit, and accepts nothing of it', async () => {
  const { test, worker, stream, ended, push, item } = await openStream();
  worker.onPush = () => {};
  push(1, { commandId: 'in-flight' });
  await vi.waitFor(() => expect(worker.received).toHaveLength(1));
  const operation = { custom: { name: 'n', payload: Buffer.alloc(500_000) } };
  stream.write({ pushes: [2, 3, 4].map((id) => item(id, { operation, commandId: `large-${id}` })) });
  const { code, details } = await ended;
  expect(code).toBe(status.RESOURCE_EXHAUSTED);
  expect(details).toContain(`${limits.frameBytes}`);
  // What was under way is withdrawn as far as it is unsent; nothing else has come.
  await vi.waitFor(() => expect(worker.discards).toMatchObject([{ commandId: 'in-flight' }]));
  expect(worker.received).toHaveLength(1);
  expect((await test.push({ deviceId: 'laptop', wait: 'WAIT_ACCEPTED' })).status?.outcome).toBe('OUTCOME_ROUTED');
});

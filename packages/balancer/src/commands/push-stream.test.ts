import { type ClientDuplexStream, status } from '@grpc/grpc-js';
import type { admin } from '@pushfleet/protocol';
import { expect, it, vi } from 'vitest';
import { TestBalancer, withToken } from '../balancer.fixture.ts';

type Stream = ClientDuplexStream<admin.PushStreamRequestInit, admin.PushStreamResponse>;

async function openStream(change = {}) {
  const test = await TestBalancer.start(change);
  await test.putFleet('HQ', 'dp-1', 'laptop');
  const worker = await test.startWorker('dp-1');
  await worker.openSession('laptop');
  const stream: Stream = test.commands().pushStream(withToken());
  const answers: admin.PushStreamResponse[] = [];
  stream.on('data', (answer: admin.PushStreamResponse) => answers.push(answer));
  const ended = new Promise<{ code: status; details: string }>((resolve) => stream.on('status', resolve));
  stream.on('error', () => {});
  const push = (correlationId: number, deviceId = 'laptop') =>
    stream.write({ correlationId, push: { deviceId, operation: { forceSync: {} } } });
  return { test, worker, stream, answers, ended, push };
}

it('answers every command by its number, and ends after the caller has', async () => {
  const { test, stream, answers, ended, push } = await openStream();
  await using _ = test;
  for (let id = 1; id <= 500; id += 1) push(id);
  stream.end();
  expect((await ended).code).toBe(status.OK);
  expect(answers).toHaveLength(500);
  expect(new Set(answers.map((answer) => answer.correlationId)).size).toBe(500);
  expect(answers.every(({ response }) => response?.status?.outcome === 'OUTCOME_SUCCEEDED')).toBe(true);
});

it('answers a command that is not accepted with an error and goes on', async () => {
  const { test, stream, answers, ended, push } = await openStream();
  await using _ = test;
  push(1, 'not a device id');
  push(2, 'nobody');
  stream.write({ correlationId: 3 });
  push(4);
  stream.end();
  await ended;
  const byId = new Map(answers.map((answer) => [answer.correlationId, answer]));
  expect(byId.get(1)?.error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('device_id') });
  expect(byId.get(2)?.error).toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  expect(byId.get(3)?.error).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(byId.get(4)?.response?.status?.outcome).toBe('OUTCOME_SUCCEEDED');
});

it('stops reading while 1,024 commands are under way and reads on as they end', async () => {
  const { test, worker, stream, answers, ended, push } = await openStream({ commandsInFlight: 10_000 });
  await using _ = test;
  worker.onPush = () => {};
  for (let id = 1; id <= 2_000; id += 1) push(id);
  stream.end();
  await vi.waitFor(() => expect(worker.received).toHaveLength(1_024), 5_000);
  // A command of another call passes through; had more been read from the stream, they would have come before it.
  await test.push({ deviceId: 'laptop', wait: 'WAIT_ACCEPTED' });
  await vi.waitFor(() => expect(worker.received).toHaveLength(1_025));
  worker.onPush = (each) => worker.report(each, { result: { succeeded: {} } });
  for (const each of [...worker.received]) worker.report(each, { result: { succeeded: {} } });
  await ended;
  expect(answers).toHaveLength(2_000);
});

it('ends with what is under way answered when the balancer stops', async () => {
  const { test, worker, answers, ended, push } = await openStream();
  await using _ = test;
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

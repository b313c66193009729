import { type admin, limits, PushfleetError, toRpcStatus } from '@pushfleet/protocol';
import { CommandService } from '@pushfleet/protocol/admin';
import { expect, it } from 'vitest';
import { type StreamCall, startBalancer, type TestBalancer } from './balancer.fixture.ts';
import { createAdminClient } from './client.ts';

const connect = ({ address }: TestBalancer) => createAdminClient({ address, token: 'token-1', plaintext: true });

function* requests(count: number, pulled: { count: number } = { count: 0 }): Generator<admin.PushRequestInit> {
  for (let id = 1; id <= count; id += 1) {
    pulled.count = id;
    yield { deviceId: `d${id}`, operation: { forceSync: {} } };
  }
}

const answer = ({ correlationId, push }: admin.StreamedPush): admin.StreamedAnswerInit => ({
  correlationId,
  response: { deviceId: push?.deviceId ?? '', status: { outcome: 'OUTCOME_SUCCEEDED' } },
});

/** Answers each message of requests at once, with as many answers. */
function echo(call: StreamCall, answerOf = answer): void {
  call.on('data', ({ pushes }: admin.PushStreamRequest) => call.write({ answers: pushes.map(answerOf) }));
  call.on('end', () => call.end());
}

it('answers every request, each with its own response', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = (call) => echo(call);
  const answers = await Array.fromAsync(client.commands.pushMany(requests(2_000)));
  expect(answers).toHaveLength(2_000);
  expect(answers.every(({ request, response }) => request.deviceId === response?.deviceId)).toBe(true);
});

it('takes a request that was not accepted for an answer, not for the end', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const details = { field: 'device_id', retryAfterMs: 250 };
  const error = toRpcStatus(new PushfleetError('DEVICE_NOT_FOUND', 'no such device', details));
  balancer.onStream = (call) =>
    echo(call, (push) => (push.push?.deviceId === 'd2' ? { correlationId: push.correlationId, error } : answer(push)));
  const answers = await Array.fromAsync(client.commands.pushMany(requests(3)));
  expect(answers.map(({ request, error }) => [request.deviceId, error?.code])).toEqual([
    ['d1', undefined],
    ['d2', 'DEVICE_NOT_FOUND'],
    ['d3', undefined],
  ]);
  expect(answers[1]?.error).toMatchObject({ message: 'no such device', ...details });
});

it('pulls no more requests than may be under way', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const seen: admin.StreamedPush[] = [];
  const { promise, resolve } = Promise.withResolvers<StreamCall>();
  balancer.onStream = (call) => {
    call.on('data', ({ pushes }: admin.PushStreamRequest) => seen.push(...pushes));
    call.on('end', () => call.end());
    resolve(call);
  };
  const pulled = { count: 0 };
  const answers = client.commands.pushMany(requests(100, pulled), { inFlight: 10 });
  const first = answers.next();
  const call = await promise;
  await expect.poll(() => seen.length).toBe(10);
  expect(pulled.count).toBe(10);
  call.write({ answers: [answer(seen[3] as admin.StreamedPush)] });
  expect((await first).value?.request.deviceId).toBe('d4');
  await expect.poll(() => seen.length).toBe(11);
  await answers.return();
});

it('sends all requests of one turn in one message, up to 128 of them or what a balancer takes in one', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const sizes: number[] = [];
  balancer.onStream = (call) => {
    call.on('data', ({ pushes }: admin.PushStreamRequest) => sizes.push(pushes.length));
    echo(call);
  };
  await Array.fromAsync(client.commands.pushMany(requests(300)));
  expect(sizes).toEqual([128, 128, 44]);

  sizes.length = 0;
  const payload = Buffer.alloc(400_000);
  const large = Array.from({ length: 4 }, () => ({ deviceId: 'd1', operation: { custom: { name: 'n', payload } } }));
  await Array.fromAsync(client.commands.pushMany(large));
  expect(sizes).toEqual([3, 1]);
});

const parameters = (count: number, bytes: number, text: string) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`key-${index}`, text.repeat(bytes / Buffer.byteLength(text))]),
  );

it.each<[string, admin.PushRequestInit]>([
  [
    'a payload of the largest size',
    { operation: { custom: { name: 'n', payload: Buffer.alloc(limits.payloadBytes) } } },
  ],
  ['half of one', { operation: { custom: { name: 'n', payload: Buffer.alloc(limits.payloadBytes / 2 + 1_000) } } }],
  ['all parameters of a task', { operation: { runTask: { taskId: 't', parameters: parameters(64, 4_096, 'x') } } }],
  ['the same in another script', { operation: { runTask: { taskId: 't', parameters: parameters(64, 4_092, '界') } } }],
  [
    'all counters',
    { operation: { getStatistics: { applicationId: 'a', counters: Array(256).fill('c'.repeat(128)) } } },
  ],
  ['long reasons and keys', { operation: { forceSync: { reason: 'r'.repeat(256) } }, collapseKey: 'ü'.repeat(64) }],
])('never sends a message that a balancer refuses, with %s', async (_, push) => {
  await using balancer = await startBalancer({ maxMessageBytes: limits.frameBytes });
  using client = connect(balancer);
  balancer.onStream = (call) => echo(call);
  const request = { deviceId: 'd'.repeat(128), ...push };
  // Several messages, however many of the requests fit into one.
  const bytes = CommandService.service.Push.requestSerialize(request as admin.PushRequest).length;
  const count = Math.min(300, Math.ceil((8 * limits.frameBytes) / bytes));
  const answers = await Array.fromAsync(client.commands.pushMany(Array(count).fill(request), { inFlight: 300 }));
  expect(answers.filter(({ response }) => response)).toHaveLength(count);
});

it('refuses by itself what no message has room for, and goes on with the others', async () => {
  await using balancer = await startBalancer({ maxMessageBytes: limits.frameBytes });
  using client = connect(balancer);
  balancer.onStream = (call) => echo(call);
  const huge = { deviceId: 'huge', operation: { custom: { name: 'n', payload: Buffer.alloc(limits.frameBytes) } } };
  const answers = await Array.fromAsync(
    client.commands.pushMany([huge, ...requests(2), huge, ...requests(1)], { inFlight: 1 }),
  );
  const got = answers.map(({ request, error }) => [request.deviceId, error?.code]).sort();
  expect(got).toEqual([
    ['d1', undefined],
    ['d1', undefined],
    ['d2', undefined],
    ['huge', 'PAYLOAD_TOO_LARGE'],
    ['huge', 'PAYLOAD_TOO_LARGE'],
  ]);
});

it('takes requests of an asynchronous source, and those of one turn together', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const sizes: number[] = [];
  balancer.onStream = (call) => {
    call.on('data', ({ pushes }: admin.PushStreamRequest) => sizes.push(pushes.length));
    echo(call);
  };
  const source = async function* () {
    yield* requests(50);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    yield* requests(3);
  };
  const answers = await Array.fromAsync(client.commands.pushMany(source()));
  expect(answers).toHaveLength(53);
  expect(sizes).toEqual([50, 3]);
});

it('stops pulling where answers are not taken', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = (call) => echo(call);
  const pulled = { count: 0 };
  const answers = client.commands.pushMany(requests(100_000, pulled), { inFlight: 50 });
  await answers.next();
  const counts = [-1];
  await expect.poll(() => counts.at(-1) === counts[counts.push(pulled.count) - 2]).toBe(true);
  expect(pulled.count).toBeLessThan(1_000);
  await answers.return();
});

it('tells each request under way that the stream failed, then throws', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = (call) => {
    call.on('data', ({ pushes: [first] }: admin.PushStreamRequest) => {
      call.write({ answers: [answer(first as admin.StreamedPush)] });
      setImmediate(() => call.emit('error', { code: 14, details: 'the balancer died' }));
    });
  };
  const got: [string | undefined, string | undefined][] = [];
  const drain = async () => {
    for await (const { request, error } of client.commands.pushMany(requests(3)))
      got.push([request.deviceId, error?.code]);
  };
  await expect(drain()).rejects.toMatchObject({ message: expect.stringContaining('the balancer died') });
  expect(got).toEqual([
    ['d1', undefined],
    ['d2', 'UNREACHABLE'],
    ['d3', 'UNREACHABLE'],
  ]);
});

it('throws where the balancer ends the stream before all is answered', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = (call) => call.end();
  await expect(Array.fromAsync(client.commands.pushMany(requests(3)))).rejects.toThrow('ended the stream early');
});

it('throws what the iterable of requests throws', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = (call) => echo(call);
  const broken = async function* () {
    yield* requests(1);
    throw new Error('no more devices');
  };
  await expect(Array.fromAsync(client.commands.pushMany(broken()))).rejects.toThrow('no more devices');
});

it('lets go of stream and source when its consumer leaves', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const cancelled = Promise.withResolvers<void>();
  balancer.onStream = (call) => {
    echo(call);
    call.on('cancelled', cancelled.resolve);
  };
  const released = Promise.withResolvers<void>();
  const source = async function* () {
    try {
      for (;;) yield { deviceId: 'd1' };
    } finally {
      released.resolve();
    }
  };
  for await (const _answer of client.commands.pushMany(source())) break;
  await cancelled.promise;
  await released.promise;
});

it('gives up with its signal', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const controller = new AbortController();
  balancer.onStream = () => controller.abort(new Error('enough'));
  const answers = client.commands.pushMany(requests(3), { signal: controller.signal });
  await expect(Array.fromAsync(answers)).rejects.toThrow('enough');
});

import type { admin } from '@pushfleet/protocol';
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

const answer = ({ correlationId, push }: admin.PushStreamRequest): admin.PushStreamResponseInit => ({
  correlationId,
  response: { deviceId: push?.deviceId ?? '', status: { outcome: 'OUTCOME_SUCCEEDED' } },
});

/** Answers each request at once. */
function echo(call: StreamCall): void {
  call.on('data', (request: admin.PushStreamRequest) => call.write(answer(request)));
  call.on('end', () => call.end());
}

it('answers every request, each with its own response', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = echo;
  const answers = await Array.fromAsync(client.pushMany(requests(2_000)));
  expect(answers).toHaveLength(2_000);
  expect(answers.every(({ request, response }) => request.deviceId === response?.deviceId)).toBe(true);
});

it('takes a request that was not accepted for an answer, not for the end', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = (call) => {
    call.on('data', (request: admin.PushStreamRequest) => {
      const { correlationId, push } = request;
      const error = { code: 'DEVICE_NOT_FOUND', message: 'no such device' };
      call.write(push?.deviceId === 'd2' ? { correlationId, error } : answer(request));
    });
    call.on('end', () => call.end());
  };
  const answers = await Array.fromAsync(client.pushMany(requests(3)));
  expect(answers.map(({ request, error }) => [request.deviceId, error?.code])).toEqual([
    ['d1', undefined],
    ['d2', 'DEVICE_NOT_FOUND'],
    ['d3', undefined],
  ]);
});

it('pulls no more requests than may be under way', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const seen: admin.PushStreamRequest[] = [];
  const { promise, resolve } = Promise.withResolvers<StreamCall>();
  balancer.onStream = (call) => {
    call.on('data', (request: admin.PushStreamRequest) => seen.push(request));
    call.on('end', () => call.end());
    resolve(call);
  };
  const pulled = { count: 0 };
  const answers = client.pushMany(requests(100, pulled), { inFlight: 10 });
  const first = answers.next();
  const call = await promise;
  await expect.poll(() => seen.length).toBe(10);
  // The eleventh is in hand and waits for room.
  expect(pulled.count).toBe(11);
  call.write(answer(seen[3] as admin.PushStreamRequest));
  expect((await first).value?.request.deviceId).toBe('d4');
  await expect.poll(() => seen.length).toBe(11);
  await answers.return();
});

it('stops pulling where answers are not taken', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = echo;
  const pulled = { count: 0 };
  const answers = client.pushMany(requests(100_000, pulled), { inFlight: 50 });
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
    let received = 0;
    call.on('data', (request: admin.PushStreamRequest) => {
      received += 1;
      if (received === 1) call.write(answer(request));
      if (received === 3) call.emit('error', { code: 14, details: 'the balancer died' });
    });
  };
  const got: [string | undefined, string | undefined][] = [];
  const drain = async () => {
    for await (const { request, error } of client.pushMany(requests(3))) got.push([request.deviceId, error?.code]);
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
  await expect(Array.fromAsync(client.pushMany(requests(3)))).rejects.toThrow('ended the stream early');
});

it('throws what the iterable of requests throws', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onStream = echo;
  const broken = async function* () {
    yield* requests(1);
    throw new Error('no more devices');
  };
  await expect(Array.fromAsync(client.pushMany(broken()))).rejects.toThrow('no more devices');
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
  for await (const _answer of client.pushMany(source())) break;
  await cancelled.promise;
  await released.promise;
});

it('gives up with its signal', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const controller = new AbortController();
  balancer.onStream = () => controller.abort(new Error('enough'));
  const answers = client.pushMany(requests(3), { signal: controller.signal });
  await expect(Array.fromAsync(answers)).rejects.toThrow('enough');
});

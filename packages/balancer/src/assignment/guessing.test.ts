import { BlockList } from 'node:net';
import { connectivityState } from '@grpc/grpc-js';
import type { device } from '@pushfleet/protocol';
import { fromStatus } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { call, secret, TestBalancer } from '../balancer.fixture.ts';
import { post } from '../https.fixture.ts';

/** Credentials that were looked at since the last call: for each the device is read, and a hash computed. */
function createCounter(test: TestBalancer): () => number {
  let before = 0;
  return () => {
    const reads = test.registrySwitch.calls.get('fleet.getDevice') ?? 0;
    const since = reads - before;
    before = reads;
    return since;
  };
}

const attempts = 10_000;
const atOnce = 50;
const wrong = 'a-secret-that-is-wrong';

async function start(more: object = {}): Promise<TestBalancer> {
  const test = await TestBalancer.start(more);
  await test.putFleet('HQ', 'dp-1', 'laptop', 'tablet');
  await test.startWorker('dp-1');
  return test;
}

function createAsk(test: TestBalancer) {
  const client = test.assignments();
  return (deviceId: string, shown: string): Promise<string> =>
    call<device.AssignResponse>((done) => client.assign({ deviceId, secret: shown }, done)).then(
      () => 'ASSIGNED',
      (error) => fromStatus(error).code,
    );
}

describe('guessing secrets from one address', () => {
  it('is looked at a few times of ten thousand, and no device that has signed in from there', async () => {
    await using test = await start();
    const [ask, lookedAt] = [createAsk(test), createCounter(test)];
    expect(await ask('laptop', secret)).toBe('ASSIGNED');
    const begin = await test.registry.events.end();
    lookedAt();
    const codes = new Map<string, number>();
    for (let at = 0; at < attempts; at += atOnce) {
      const asked = Array.from({ length: atOnce }, (_, more) => ask(`guess-${at + more}`, wrong));
      for (const code of await Promise.all(asked)) codes.set(code, (codes.get(code) ?? 0) + 1);
      expect(await ask('laptop', secret)).toBe('ASSIGNED');
    }
    const good = attempts / atOnce;
    // However slow the machine, each lock is twice as long as the one before.
    expect(lookedAt() - good).toBe(codes.get('BAD_CREDENTIAL'));
    expect(codes.get('BAD_CREDENTIAL')).toBeLessThan(attempts / 5);
    expect((codes.get('BAD_CREDENTIAL') ?? 0) + (codes.get('TOO_MANY_ATTEMPTS') ?? 0)).toBe(attempts);
    const events = await test.registry.events.read(begin, 1_000);
    const reported = events === 'gone' ? [] : events.filter(({ kind }) => kind === 'sign-ins-locked');
    expect(reported[0]?.reason).toBe('sign-ins from 127.0.0.1 fail: locked for 2 s');
    expect(reported.length).toBeLessThan(30);
  }, 120_000);

  it('is refused over HTTPS with the time to wait, and the connection is closed', async () => {
    await using test = await start();
    const lookedAt = createCounter(test);
    const request = JSON.stringify({ deviceId: 'laptop', secret: wrong });
    for (let at = 0; at < 10; at += 1) expect((await post(test, '/v1/assignment', request)).code).toBe(401);
    lookedAt();
    const { code, headers, body } = await post(test, '/v1/assignment', request);
    expect({ code, body }).toMatchObject({ code: 429, body: { error: { code: 'TOO_MANY_ATTEMPTS' } } });
    expect(headers.connection).toBe('close');
    // What is left of two seconds.
    expect(['1', '2']).toContain(headers['retry-after']);
    expect(lookedAt()).toBe(0);
  });

  it('is refused over gRPC, and the connection is closed', async () => {
    await using test = await start();
    const client = test.assignments();
    const ask = (request: device.AssignRequestInit) =>
      call<device.AssignResponse>((done) => client.assign(request, done)).catch((error) => fromStatus(error));
    const state = () => client.getChannel().getConnectivityState(false);
    for (let at = 0; at < 10; at += 1)
      expect(await ask({ deviceId: 'laptop', secret: wrong })).toMatchObject({ code: 'BAD_CREDENTIAL' });
    expect(state()).toBe(connectivityState.READY);
    const refused = await ask({ deviceId: 'laptop', secret: wrong });
    expect(refused).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfterMs: expect.any(Number) });
    await vi.waitFor(() => expect(state()).toBe(connectivityState.IDLE), 5_000);
    // Whoever shares the address and is not locked gets another connection.
    expect(await ask({ deviceId: 'tablet', secret })).toMatchObject({ ticket: expect.any(String) });
  });

  it.each([
    [
      'the secret by enrolling',
      { enrollmentToken: `pushfleet_enroll_${'x'.repeat(43)}`, secret: wrong },
      '/v1/enrollment',
    ],
    ['an identity token', { identityToken: 'a.b.c' }, '/v1/assignment'],
  ])('counts for each credential: %s', async (_, shown, path) => {
    await using test = await start();
    const codes: number[] = [];
    const body = JSON.stringify({ deviceId: 'laptop', ...shown });
    for (let at = 0; at < 12; at += 1) codes.push((await post(test, path, body)).code);
    expect(codes).toEqual([...Array(10).fill(401), 429, 429]);
    // All of them together: whoever tries one way has tried another.
    const request = JSON.stringify({ deviceId: 'laptop', secret });
    expect((await post(test, '/v1/assignment', request)).code).toBe(429);
    expect((await post(test, '/v1/assignment', request.replace('laptop', 'tablet'))).code).toBe(200);
  });

  it('is not held against others in a network that many share', async () => {
    const sharedNetworks = new BlockList();
    sharedNetworks.addAddress('127.0.0.1');
    await using test = await start({ sharedNetworks });
    const ask = createAsk(test);
    for (let at = 0; at < 300; at += 1) expect(await ask(`guess-${at}`, wrong)).toBe('BAD_CREDENTIAL');
    expect(await ask('laptop', secret)).toBe('ASSIGNED');
  });
});

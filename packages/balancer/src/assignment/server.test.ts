import { status } from '@grpc/grpc-js';
import { type BootId, type DeviceId, type device, fromStatus, type GroupPath } from '@pushfleet/protocol';
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { call, secret, TestBalancer } from '../balancer.fixture.ts';
import { post } from '../https.fixture.ts';

async function start() {
  const test = await TestBalancer.start();
  await test.putFleet('HQ', 'dp-1', 'laptop');
  return test;
}

function assign(test: TestBalancer, request: device.AssignRequestInit): Promise<device.AssignResponse> {
  const client = test.assignments();
  return call((done) => client.assign(request, done));
}

describe('over gRPC', () => {
  it('a device gets the address of its push server, a reserved place and a ticket', async () => {
    await using test = await start();
    await test.startWorker('dp-1');
    const answer = await assign(test, { deviceId: 'laptop', secret });
    expect(answer.primary).toEqual({ nodeId: 'dp-1', address: 'dp-1.example', port: 13_295 });
    expect(answer).toMatchObject({ backups: [], reservedForMs: 30_000 });
    const keys = (await test.registry.ticketKeys.list()).map(({ jwk }) => jwk as JWK);
    const { payload } = await jwtVerify(answer.ticket, createLocalJWKSet({ keys }), { issuer: 'pushfleet' });
    expect(payload).toMatchObject({ sub: 'laptop', grp: 'HQ', aud: ['dp-1'] });
    expect(payload.exp).toBe(answer.ticketExpiresAtMs / 1_000);
    expect((await test.node('dp-1'))?.reserved).toBe(1);
  });

  it('up to two backups are named, and the ticket is good there too', async () => {
    await using test = await start();
    for (const id of ['dp-1', 'dp-2', 'dp-3', 'dp-4']) {
      await test.putFleet('HQ', id);
      await test.startWorker(id);
    }
    const answer = await assign(test, { deviceId: 'laptop', secret, unreachableNodeIds: ['dp-1'] });
    expect(answer.backups).toHaveLength(2);
    const named = [answer.primary, ...answer.backups].map((server) => server?.nodeId);
    expect(named).not.toContain('dp-1');
  });

  it.each([
    ['a device that nobody knows', { deviceId: 'nobody', secret }],
    ['a wrong secret', { deviceId: 'laptop', secret: 'another secret of a device' }],
  ])('%s is refused in the same words', async (_what, request) => {
    await using test = await start();
    await expect(assign(test, request)).rejects.toMatchObject({
      code: status.UNAUTHENTICATED,
      details: 'unknown device or wrong secret',
    });
  });

  it.each([
    ['device_id', { deviceId: '#', secret }],
    ['secret', { deviceId: 'laptop' }],
    ['unreachable_node_ids[1]', { deviceId: 'laptop', secret, unreachableNodeIds: ['dp-1', ''] }],
  ])('a malformed %s is named', async (field, request) => {
    await using test = await start();
    const error = await assign(test, request).catch(fromStatus);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });

  it('a device is told when to come back while no push server is ready', async () => {
    await using test = await start();
    const error = await assign(test, { deviceId: 'laptop', secret }).catch(fromStatus);
    expect(error).toMatchObject({ code: 'NO_PUSH_SERVER', retryAfterMs: expect.any(Number) });
  });

  it('a device is told that no distribution point serves its group', async () => {
    await using test = await start();
    await test.putFleet('Branch', 'dp-2', 'tablet');
    await test.registry.fleet.moveDevice('tablet' as DeviceId, 'Nowhere' as GroupPath);
    const error = await assign(test, { deviceId: 'tablet', secret }).catch(fromStatus);
    expect(error).toMatchObject({ code: 'OUT_OF_SCOPE', retryAfterMs: expect.any(Number) });
    expect((error as Error).message).toContain('"Nowhere"');
  });

  it('a device is told when to come back while all push servers are full', async () => {
    await using test = await start();
    const worker = await test.startWorker('dp-1');
    const [only] = worker.record().workers;
    await worker.beat({ workers: only ? [{ ...only, live: 100 }] : [] });
    const error = await assign(test, { deviceId: 'laptop', secret }).catch(fromStatus);
    expect(error).toMatchObject({ code: 'NO_CAPACITY', retryAfterMs: expect.any(Number) });
  });

  it('a device is given its own place on a full push server, unless its session is void', async () => {
    await using test = await start();
    const worker = await test.startWorker('dp-1');
    await worker.openSession('laptop');
    const [only] = worker.record().workers;
    const full = { workers: only ? [{ ...only, live: 100 }] : [] };
    await worker.beat(full);
    const ask = () => assign(test, { deviceId: 'laptop', secret });
    await vi.waitFor(async () => expect((await ask()).primary?.nodeId).toBe('dp-1'), 3_000);
    await worker.beat({ workers: full.workers.map((one) => ({ ...one, bootId: 'another-life' as BootId })) });
    const refused = { code: 'NO_CAPACITY' };
    await vi.waitFor(async () => expect(await ask().catch(fromStatus)).toMatchObject(refused), 3_000);
  });

  it('devices that come at once are given their turns, and keep them when they ask again', async () => {
    await using test = await start();
    await test.putFleet('HQ', 'dp-1', 'tablet');
    const worker = await test.startWorker('dp-1');
    await worker.beat({ acceptsPerSecond: 1 });
    expect(await assign(test, { deviceId: 'laptop', secret })).toMatchObject({ connectAfterMs: 0 });
    const askedAtMs = performance.now();
    const first = await assign(test, { deviceId: 'tablet', secret });
    expect(first.reservedForMs).toBe(first.connectAfterMs + 30_000);
    const again = await post(test, '/v1/assignment', JSON.stringify({ deviceId: 'tablet', secret }));
    const { connectAfterMs } = again.body as { connectAfterMs: number };
    expect(first.connectAfterMs).toBeLessThanOrEqual(910);
    expect(connectAfterMs).toBeLessThanOrEqual(first.connectAfterMs);
    // Neither has taken another slot, nor has any time passed but that of the test.
    const tookMs = performance.now() - askedAtMs;
    expect(connectAfterMs).toBeGreaterThanOrEqual(Math.max(0, first.connectAfterMs - tookMs - 260));
  });

  it('a distribution point that has just been created is found', async () => {
    await using test = await start();
    await assign(test, { deviceId: 'laptop', secret }).catch(() => {});
    await test.registry.fleet.deleteDevice('laptop' as DeviceId);
    await test.putFleet('Branch', 'dp-9', 'laptop');
    await test.startWorker('dp-9');
    expect((await assign(test, { deviceId: 'laptop', secret })).primary?.nodeId).toBe('dp-9');
  });

  it('a registry that does not answer is said to be the reason', async () => {
    await using test = await start();
    test.registrySwitch.on = false;
    const error = await assign(test, { deviceId: 'laptop', secret }).catch(fromStatus);
    expect(error).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });
});

describe('over HTTPS', () => {
  const path = '/v1/assignment';

  it('a device gets the same in JSON', async () => {
    await using test = await start();
    await test.startWorker('dp-1');
    const { code, body } = await post(test, path, JSON.stringify({ deviceId: 'laptop', secret }));
    expect(code).toBe(200);
    expect(body).toEqual({
      primary: { nodeId: 'dp-1', address: 'dp-1.example', port: 13_295 },
      backups: [],
      ticket: expect.stringMatching(/^ey/),
      ticketExpiresAtMs: expect.any(Number),
      ticketLifetimeMs: expect.any(Number),
      reservedForMs: 30_000,
      connectAfterMs: 0,
      returnWithinMs: 0,
    });
  });

  it.each([
    ['not JSON', '{', 400, { code: 'INVALID_ARGUMENT', field: 'body' }],
    ['no body', '', 400, { code: 'INVALID_ARGUMENT', field: 'body' }],
    ['no object', '[]', 400, { code: 'INVALID_ARGUMENT', field: 'body' }],
    ['a bad id', JSON.stringify({ deviceId: 7, secret }), 400, { code: 'INVALID_ARGUMENT', field: 'deviceId' }],
    ['a wrong secret', JSON.stringify({ deviceId: 'laptop', secret: 'x'.repeat(20) }), 401, { code: 'BAD_CREDENTIAL' }],
    ['too large a body', 'x'.repeat(16_385), 413, { code: 'PAYLOAD_TOO_LARGE' }],
  ])('%s is refused with a reason', async (_what, text, code, error) => {
    await using test = await start();
    expect(await post(test, path, text)).toMatchObject({ code, body: { error } });
  });

  it('a body that is said to be no JSON is refused as such, and one of which nothing is said is read', async () => {
    await using test = await start();
    await test.startWorker('dp-1');
    const body = JSON.stringify({ deviceId: 'laptop', secret });
    const ask = async (type: string) => (await post(test, path, body, { 'content-type': type })).code;
    const common = ['application/json; charset=utf-8', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded'];
    for (const type of common) expect([type, await ask(type)]).toEqual([type, 200]);
    for (const type of ['application/xml', 'text/html', 'multipart/form-data; boundary=x', 'application/jsonp', 'x']) {
      expect([type, await ask(type)]).toEqual([type, 415]);
    }
    const refused = await post(test, path, body, { 'content-type': 'application/xml' });
    expect(refused.body).toMatchObject({ error: { code: 'INVALID_ARGUMENT', field: 'content-type' } });
  });

  it('a device is told when to come back, in the body and in Retry-After', async () => {
    await using test = await start();
    const { code, body, headers } = await post(test, path, JSON.stringify({ deviceId: 'laptop', secret }));
    expect(code).toBe(503);
    const { retryAfterMs } = (body as { error: { retryAfterMs: number } }).error;
    expect(Number(headers['retry-after'])).toBe(Math.ceil(retryAfterMs / 1_000));
  });

  it('another path is answered with what there is', async () => {
    await using test = await start();
    const { code, body } = await post(test, '/v1/nothing', '{}');
    expect(code).toBe(404);
    expect(body).toMatchObject({ error: { message: expect.stringContaining('POST /v1/assignment') } });
  });
});

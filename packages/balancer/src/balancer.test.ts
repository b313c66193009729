import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { RawHttp2, Setting } from '../../../test/cluster/raw-http2.ts';
import { adminToken, TestBalancer } from './balancer.fixture.ts';
import { get } from './https.fixture.ts';

describe('readiness', () => {
  it('names what is missing', async () => {
    await using test = await TestBalancer.start();
    expect(await get(test, '/healthz')).toMatchObject({ code: 200, body: { status: 'ok' } });
    const missing = (what: string) => ({ code: 503, body: { status: 'not ready', missing: [what] } });
    expect(await get(test, '/readyz')).toMatchObject(missing('no push server is ready'));
    const worker = await test.startWorker('dp-1');
    await vi.waitFor(async () => expect(await get(test, '/readyz')).toMatchObject({ code: 200 }), 3_000);
    await worker.beat({ status: 'draining' });
    await vi.waitFor(async () => expect((await get(test, '/readyz')).code).toBe(503), 3_000);
    await worker.beat();
    await vi.waitFor(async () => expect((await get(test, '/readyz')).code).toBe(200), 3_000);
    test.registrySwitch.on = false;
    await vi.waitFor(async () => {
      expect(await get(test, '/readyz')).toMatchObject(missing('the registry does not answer'));
    }, 3_000);
    expect(await get(test, '/healthz')).toMatchObject({ code: 200 });
  });

  it('is asked for at one of two paths', async () => {
    await using test = await TestBalancer.start();
    expect(await get(test, '/nothing')).toMatchObject({
      code: 404,
      body: {
        code: 'NOT_FOUND',
        detail:
          'there is no GET /nothing here; there is GET /console/, GET /healthz, GET /readyz and GET /metrics, and what /docs shows',
      },
    });
  });
});

describe('ports', () => {
  it.each([
    ['assign', 'assignPort', 'PUSHFLEET_ASSIGN_PORT'],
    ['admin', 'adminPort', 'PUSHFLEET_ADMIN_PORT'],
    ['rest', 'restPort', 'PUSHFLEET_REST_PORT'],
    ['peer', 'peerPort', 'PUSHFLEET_PEER_PORT'],
  ] as const)('say which setting to change where the one for %s is taken', async (name, option, setting) => {
    await using first = await TestBalancer.start();
    const port = first.balancer.ports[name];
    const second = TestBalancer.start({ [option]: port });
    await expect(second).rejects.toThrow(`port ${port} is taken; choose another with ${setting}`);
  });

  it.each(['assign', 'admin', 'rest', 'peer'] as const)(
    '%s is closed to a client that says nothing or nothing sensible',
    async (name) => {
      await using test = await TestBalancer.start({ greetingDeadlineMs: 300 });
      const port = test.balancer.ports[name];
      const at = { port, host: '127.0.0.1', rejectUnauthorized: false };
      const said = [
        ['nothing', net.connect(port, '127.0.0.1'), ''],
        ['garbage', net.connect(port, '127.0.0.1'), 'what is this\r\n\r\n'],
        ['half a request', net.connect(port, '127.0.0.1'), 'GET / HTTP/1.1\r\n'],
        ...(name === 'rest'
          ? []
          : ([
              ['nothing, over h2', tls.connect({ ...at, ALPNProtocols: ['h2'] }), ''],
              ['garbage, over h2', tls.connect({ ...at, ALPNProtocols: ['h2'] }), 'what is this, a preface?\r\n\r\n'],
              ['nothing, over http/1.1', tls.connect({ ...at, ALPNProtocols: ['http/1.1'] }), ''],
              ['nothing, without ALPN', tls.connect(at), ''],
            ] as const)),
      ] as const;
      await Promise.all(said.map(([, socket, text]) => closedAfter(socket, text)));
    },
  );

  it.each([
    ['assign', [100]],
    ['admin', [32, 4_096]],
  ] as const)('%s: a connection may have so many calls, without and with a token: %j', async (name, announced) => {
    await using test = await TestBalancer.start();
    using client = await RawHttp2.connect(test.balancer.ports[name], { tls: { rejectUnauthorized: false } });
    client.call(1, '/pushfleet.admin.v1.FleetService/ListNodes', [['authorization', `Bearer ${adminToken}`]]);
    await vi.waitFor(() => expect(client.announced(Setting.maxConcurrentStreams)).toEqual(announced));
  });
});

describe('the port for other balancers', () => {
  it('is announced under the address that is set, until the balancer stops', async () => {
    await using test = await TestBalancer.start({ peerAddress: '2001:db8::1' });
    const { peer } = test.balancer.ports;
    const software = { version: expect.any(String), node: process.versions.node };
    const listed = {
      balancerId: expect.stringMatching(/^[0-9a-z]{10}$/),
      peerAddress: `[2001:db8::1]:${peer}`,
      software,
    };
    expect(await test.registry.balancers.list()).toEqual([listed]);
    await test.balancer.drain(AbortSignal.timeout(5_000));
    expect(await test.registry.balancers.list()).toEqual([]);
  });

  it('lets a connection of a member of the cluster have 4,096 calls', async () => {
    await using test = await TestBalancer.start();
    const { cert, key } = test.certificates.cluster;
    using client = await RawHttp2.connect(test.balancer.ports.peer, { tls: { cert, key, rejectUnauthorized: false } });
    await vi.waitFor(() => expect(client.announced(Setting.maxConcurrentStreams)).toEqual([4_096]));
  });
});

describe('drain', () => {
  it('finishes the commands under way and takes no new ones', async () => {
    await using test = await TestBalancer.start();
    await test.putFleet('HQ', 'dp-1', 'laptop');
    const worker = await test.startWorker('dp-1');
    await worker.openSession('laptop');
    await test.push({ deviceId: 'laptop' });
    worker.onPush = () => {};
    const inFlight = test.push({ deviceId: 'laptop' });
    await vi.waitFor(() => expect(worker.received).toHaveLength(2));
    const drained = test.balancer.drain(AbortSignal.timeout(5_000));
    await vi.waitFor(() => expect(get(test, '/healthz')).rejects.toThrow());
    const [, second] = worker.received;
    if (second) worker.report(second, { result: { succeeded: {} } });
    expect((await inFlight).status?.outcome).toBe('OUTCOME_SUCCEEDED');
    await drained;
  });

  it('tells the truth about what has not ended in time', async () => {
    await using test = await TestBalancer.start();
    await test.putFleet('HQ', 'dp-1', 'laptop');
    const worker = await test.startWorker('dp-1');
    await worker.openSession('laptop');
    worker.onPush = () => {};
    const inFlight = test.push({ deviceId: 'laptop' });
    await vi.waitFor(() => expect(worker.received).toHaveLength(1));
    await test.balancer.drain(AbortSignal.timeout(50));
    expect((await inFlight).status).toMatchObject({
      outcome: 'OUTCOME_UNKNOWN',
      reason: 'the balancer stopped before a result came',
    });
  });
});

function closedAfter(socket: Socket, text: string): Promise<void> {
  socket.on('error', () => {});
  socket.resume();
  if (text !== '') socket.write(text);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

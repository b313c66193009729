import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MadeAuthority } from '../../../test/certificates/made-authority.ts';
import { testTls } from '../../../test/certificates/test-tls.ts';
import { assignTo } from './balancer.fixture.ts';
import { createDevice } from './device.ts';
import { startGrpcBalancer } from './grpc/balancer.fixture.ts';
import { startGrpcPushServer } from './grpc/push-server.fixture.ts';
import { startHttpsBalancer } from './https/balancer.fixture.ts';
import { startMqttPushServer } from './mqtt/push-server.fixture.ts';
import { TlsSessions } from './tls-sessions.ts';

const cleanup: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of cleanup.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

/** A server with a certificate for these names. @returns Connects to it, and keeps its session. */
async function startServer(authority: MadeAuthority, names: string[], sessions: TlsSessions) {
  const { cert, key } = await authority.issue({ names });
  const server = tls.createServer({ cert, key }, (socket) => socket.on('error', () => {}).end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.push({ [Symbol.asyncDispose]: async () => void server.close() });
  const { port } = server.address() as AddressInfo;
  return async (host: string, maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<boolean> => {
    const options = { host: '127.0.0.1', port, servername: host, ca: authority.pem, maxVersion };
    const socket: TLSSocket = tls.connect({ ...options, ...sessions.offer(host) }, () => sessions.keep(socket));
    await once(socket.on('error', () => {}).resume(), 'end');
    return socket.isSessionReused();
  };
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('sessions over %s', (version) => {
  it('are resumed again and again', async () => {
    const connect = await startServer(await MadeAuthority.create('a CA'), ['one.example'], new TlsSessions());
    const reused: boolean[] = [];
    for (let round = 0; round < 4; round += 1) reused.push(await connect('one.example', version));
    expect(reused).toEqual([false, true, true, true]);
  });

  it('are offered to a host that the certificate is good for, and to no other', async () => {
    const sessions = new TlsSessions();
    const connect = await startServer(await MadeAuthority.create('a CA'), ['one.example', '*.two.example'], sessions);
    await connect('one.example', version);
    const hosts = ['one.example', 'any.two.example', 'three.example', 'a.b.two.example', '127.0.0.1'];
    expect(hosts.map((host) => sessions.offer(host).session !== undefined)).toEqual([true, true, false, false, false]);
  });

  it('of the servers that were met last are kept', async () => {
    const [authority, sessions] = [await MadeAuthority.create('a CA'), new TlsSessions()];
    const hosts = ['1', '2', '3', '4', '5'].map((name) => `${name}.example`);
    for (const host of hosts) await (await startServer(authority, [host], sessions))(host, version);
    expect(hosts.map((host) => sessions.offer(host).session !== undefined)).toEqual([false, true, true, true, true]);
  });
});

it.each(['grpc', 'mqtt'] as const)('a device resumes over %s, at the balancer and at the push server', async (link) => {
  // Of its own for each: what another test has kept is not offered.
  const secureContext = tls.createSecureContext({ ca: testTls.ca });
  const server = await (link === 'grpc' ? startGrpcPushServer : startMqttPushServer)({ tls: testTls });
  const balancer = await (link === 'grpc' ? startGrpcBalancer : startHttpsBalancer)(assignTo(server.server), testTls);
  cleanup.push(server, balancer);
  const reused: boolean[] = [];
  const keep = TlsSessions.prototype.keep;
  TlsSessions.prototype.keep = function (socket) {
    reused.push((socket as TLSSocket).isSessionReused());
    keep.call(this, socket);
  };
  try {
    for (let round = 0; round < 3; round += 1) {
      const device = createDevice({
        ...{ deviceId: 'd1', secret: 'a secret of some length', link, secureContext },
        balancers: [balancer.url],
      });
      device.start();
      await device.connected();
      await vi.waitFor(() => expect(reused).toHaveLength(2 * (round + 1)));
      // Tickets come after the handshake.
      await vi.waitFor(() => expect(device.currentStatus.kind).toBe('connected'));
      await new Promise((resolve) => setImmediate(resolve));
      await device[Symbol.asyncDispose]();
    }
    expect(reused).toEqual([false, false, true, true, true, true]);
  } finally {
    TlsSessions.prototype.keep = keep;
  }
});

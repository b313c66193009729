import { afterEach, describe, expect, it } from 'vitest';
import { MadeAuthority } from '../../../test/certificates/made-authority.ts';
import { testTls } from '../../../test/certificates/test-tls.ts';
import { assignTo } from './balancer.fixture.ts';
import { createDevice } from './device.ts';
import { startGrpcBalancer } from './grpc/balancer.fixture.ts';
import { startGrpcPushServer } from './grpc/push-server.fixture.ts';
import { startHttpsBalancer } from './https/balancer.fixture.ts';
import { startMqttPushServer } from './mqtt/push-server.fixture.ts';
import { secureContextOf } from './tls.ts';

const cleanup: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of cleanup.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});
function own<T extends AsyncDisposable>(resource: T): T {
  cleanup.push(resource);
  return resource;
}

async function startTlsDevice(link: 'grpc' | 'mqtt' | 'mqtt3', ca: string) {
  const server = own(await (link === 'grpc' ? startGrpcPushServer : startMqttPushServer)({ tls: testTls }));
  const startBalancer = link === 'grpc' ? startGrpcBalancer : startHttpsBalancer;
  const balancer = own(await startBalancer(assignTo(server.server), testTls));
  const options = { deviceId: 'd1', secret: 'a secret of some length', link, ca } as const;
  const device = own(createDevice({ ...options, balancers: [balancer.url] }));
  device.start();
  return { device, server };
}

describe.each(['grpc', 'mqtt', 'mqtt3'] as const)('%s over TLS', (link) => {
  it('reaches balancer and push server by IP address', async () => {
    const { device, server } = await startTlsDevice(link, testTls.ca);
    await device.connected();
    if ('alpn' in server) expect(server.alpn).toEqual(['mqtt']);
  });

  it('shows nothing to a server whose certificate another CA signed', async () => {
    // A certificate that signs nothing.
    const { device } = await startTlsDevice(link, testTls.cert);
    await expect
      .poll(() => device.currentStatus)
      .toMatchObject({
        kind: 'waiting',
        cause: { reason: 'balancersUnreachable', detail: expect.stringMatching(/certificate|signature/) },
      });
  });
});

it.each(['grpc', 'mqtt'] as const)(
  'shows its secret to no push server in the place of a balancer, over %s',
  async (link) => {
    const authority = await MadeAuthority.create('CA of devices');
    const uris = ['pushfleet://devices/push-server/dp-1'];
    const stolen = await authority.issue({ names: ['127.0.0.1', 'localhost'], uris });
    const startBalancer = link === 'grpc' ? startGrpcBalancer : startHttpsBalancer;
    const balancer = own(await startBalancer(() => ({}), stolen));
    const options = { deviceId: 'd1', secret: 'a secret of some length', link, ca: authority.pem } as const;
    for (const url of [balancer.url, balancer.url.replace('127.0.0.1', 'localhost')]) {
      const device = own(createDevice({ ...options, balancers: [url] }));
      device.start();
      const cause = { reason: 'balancersUnreachable', detail: expect.stringMatching(/that of a push server/) };
      await expect.poll(() => device.currentStatus).toMatchObject({ kind: 'waiting', cause });
    }
    expect(balancer.asked).toEqual([]);
  },
);

it('makes one context for all devices with the same CA', () => {
  expect(secureContextOf(testTls.ca)).toBe(secureContextOf(Buffer.from(testTls.ca)));
  expect(secureContextOf(testTls.ca)).not.toBe(secureContextOf(undefined));
});

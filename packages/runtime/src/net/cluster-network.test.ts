import { Metadata, makeClientConstructor, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { afterEach, expect, it } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { Barrier } from '../barrier.ts';
import { systemClock } from '../clock.ts';
import { memberUri } from '../cluster/member.ts';
import { MemberGate } from '../cluster/member-gate.ts';
import { LiveValue } from '../live.ts';
import { silentLogger } from '../logger.ts';
import { type ClusterCredentials, clusterServerName } from '../tls/credentials.ts';
import { type ClusterPort, createClusterNetwork } from './cluster-network.ts';

const [first, second] = (await Promise.all(['first', 'second'].map((name) => MadeAuthority.create(name)))) as [
  MadeAuthority,
  MadeAuthority,
];
const self = { role: 'balancer', name: 'b-1' } as const;
const gate = new MemberGate({ report: () => {}, clock: systemClock, logger: silentLogger });
const ports: ClusterPort[] = [];
afterEach(() => Promise.all(ports.splice(0).map((port) => port[Symbol.asyncDispose]())));

const service = {
  echo: {
    path: '/pushfleet.balancer.v1.PeerService/GetStatus',
    requestStream: false,
    responseStream: false,
    ...{ requestSerialize: Buffer.from, requestDeserialize: (bytes: Buffer) => bytes },
    ...{ responseSerialize: (bytes: Buffer) => bytes, responseDeserialize: (bytes: Buffer) => bytes },
  },
} as const;
const EchoClient = makeClientConstructor(service, 'Echo');

async function member(issuer: MadeAuthority, trusted: readonly MadeAuthority[]): Promise<ClusterCredentials> {
  const { cert, key } = await issuer.issue({ names: [clusterServerName], uris: [memberUri(self)], use: 'member' });
  const ca = Buffer.from(trusted.map(({ pem }) => pem).join(''));
  return { cert: Buffer.from(cert), key: Buffer.from(key), ca };
}

/** @returns Its address. */
async function listen(live: LiveValue<ClusterCredentials>): Promise<string> {
  const port = createClusterNetwork(live, gate).createPort({
    ...{ at: { host: '127.0.0.1', port: 0 }, service, barrier: new Barrier({ logger: silentLogger }) },
    handlers: {
      echo: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => reply(null, call.request),
    },
    ...{ maxMessageBytes: 10_000, idleMs: 60_000, callsPerConnection: 10, attended: systemClock },
    connectionLimits: { connections: 10, unauthenticated: 10, unauthenticatedPerAddress: 10 },
  });
  ports.push(port);
  await port.listen();
  return `127.0.0.1:${port.port}`;
}

/** `OK`, or the code of the refusal. */
function ask(client: InstanceType<typeof EchoClient>): Promise<string | number> {
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + 10_000 };
    client.makeUnaryRequest(
      service.echo.path,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      Buffer.from('hello'),
      new Metadata(),
      options,
      (error) => resolve(error?.code ?? 'OK'),
    );
  });
}

it('goes over from one CA to another without ending a channel, and old certificates are good no more', async () => {
  const [server, client] = [
    new LiveValue(await member(first, [first])),
    new LiveValue(await member(first, [first])),
  ] as const;
  const former = client.current;
  const address = await listen(server);
  const connect = (live: LiveValue<ClusterCredentials>) =>
    createClusterNetwork(live, gate).connect(EchoClient, { address, member: self });
  using channel = disposable(connect(client));
  expect(await ask(channel.client)).toBe('OK');
  // In the order that docs/operations.md has: both CAs, then the certificates, then the new CA alone.
  for (const issuer of [first, second]) {
    for (const live of [server, client]) live.replace(await member(issuer, [first, second]));
    using other = disposable(connect(client));
    expect([await ask(channel.client), await ask(other.client)]).toEqual(['OK', 'OK']);
  }
  for (const live of [server, client]) live.replace({ ...live.current, ca: Buffer.from(second.pem) });
  using other = disposable(connect(client));
  using old = disposable(connect(new LiveValue(former)));
  expect([await ask(channel.client), await ask(other.client)]).toEqual(['OK', 'OK']);
  expect(await ask(old.client)).toBe(14);
});

function disposable(client: InstanceType<typeof EchoClient>) {
  return { client, [Symbol.dispose]: () => client.close() };
}

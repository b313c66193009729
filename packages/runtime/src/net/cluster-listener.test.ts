import { X509Certificate } from 'node:crypto';
import { type ClientUnaryCall, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type balancer, limits, type node } from '@pushfleet/protocol';
import { PeerService } from '@pushfleet/protocol/balancer';
import { NodeControlService } from '@pushfleet/protocol/node';
import { afterEach, describe, expect, it } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { Barrier } from '../barrier.ts';
import { systemClock } from '../clock.ts';
import type { Refusal } from '../cluster/cluster-access.ts';
import { callerOf, memberUri } from '../cluster/member.ts';
import { MemberGate } from '../cluster/member-gate.ts';
import { type Revocation, RevocationList } from '../cluster/revocation-list.ts';
import { fixed } from '../live.ts';
import { silentLogger } from '../logger.ts';
import { type ClusterCredentials, clusterServerName } from '../tls/credentials.ts';
import { createClusterNetwork, type MemberAddress } from './cluster-network.ts';

const authority = await MadeAuthority.create('cluster');

async function credentialsOf(...uris: string[]): Promise<ClusterCredentials & { serial: string }> {
  const { cert, key } = await authority.issue({ names: [clusterServerName], uris, use: 'member' });
  const serial = new X509Certificate(cert).serialNumber;
  return { ca: Buffer.from(authority.pem), cert: Buffer.from(cert), key: Buffer.from(key), serial };
}

const balancer1 = memberUri({ role: 'balancer', name: 'b-1' });
const pushServer1 = memberUri({ role: 'push-server', name: 'dp-1' });
const pushServer2 = memberUri({ role: 'push-server', name: 'dp-2' });

/** One answer of a unary method, or its error. */
function answer<Response>(ask: (done: (error: ServiceError | null, response?: Response) => void) => ClientUnaryCall) {
  return new Promise<{ error?: ServiceError; response?: Response }>((resolve) => {
    ask((error, response) => resolve(error ? { error } : response === undefined ? {} : { response }));
  });
}

describe('a port of the cluster', { timeout: 30_000 }, () => {
  const stack: (() => unknown)[] = [];
  afterEach(async () => {
    for (const undo of stack.splice(0).reverse()) await undo();
  });

  /** A worker of dp-1, and what it has refused. */
  async function startWorker() {
    const refused: Refusal[] = [];
    const callers: unknown[] = [];
    const revoked: Revocation[] = [];
    const store = { list: async () => revoked };
    const revocations = new RevocationList({ store, clock: systemClock, logger: silentLogger });
    const report = (refusal: Refusal) => void refused.push(refusal);
    const gate = new MemberGate({ revocations, report, clock: systemClock, logger: silentLogger });
    const network = createClusterNetwork(fixed(await credentialsOf(pushServer1)), gate);
    const shared = {
      ...{ at: { host: '127.0.0.1', port: 0 }, idleMs: 60_000, callsPerConnection: 100 },
      connectionLimits: { connections: 100, unauthenticated: 50, unauthenticatedPerAddress: 50 },
      ...{ maxMessageBytes: limits.controlMessageBytes, barrier: new Barrier({ logger: silentLogger }) },
      attended: systemClock,
    };
    const port = network.createPort({
      ...shared,
      service: NodeControlService.service,
      handlers: {
        Channel: (call: { end(): void; metadata: Metadata }) => {
          callers.push(callerOf(call));
          call.end();
        },
        Tunnel: (call: { end(): void }) => call.end(),
        Evict: (call: { metadata: Metadata }, reply: (error: null, response: node.EvictResponseInit) => void) => {
          callers.push(callerOf(call));
          reply(null, { closed: 1 });
        },
      },
    });
    await port.listen();
    stack.push(() => port[Symbol.asyncDispose]());
    return { refused, callers, revoked, revocations, address: `127.0.0.1:${port.port}` };
  }

  async function connect(address: string, name = 'dp-1', ...uris: string[]) {
    const refused: Refusal[] = [];
    const report = (refusal: Refusal) => void refused.push(refusal);
    const gate = new MemberGate({ report, clock: systemClock, logger: silentLogger });
    const own = await credentialsOf(...uris);
    const to: MemberAddress = { address, member: { role: 'push-server', name } };
    const network = createClusterNetwork(fixed(own), gate);
    const client = network.connect(NodeControlService, to, { 'grpc.use_local_subchannel_pool': 1 });
    const peer = network.connect(PeerService, to);
    stack.push(() => client.close());
    stack.push(() => peer.close());
    const evict = (metadata = new Metadata()) =>
      answer<node.EvictResponse>((done) => client.evict({ evictions: [] }, metadata, done));
    const open = () =>
      new Promise<ServiceError | 'ended'>((resolve) => {
        const call = client.channel();
        call.on('error', resolve);
        call.on('end', () => resolve('ended'));
        call.resume();
      });
    return { own, refused, evict, open, peer };
  }

  it('lets balancers order, and push servers evict, and tells the handlers who calls', async () => {
    const worker = await startWorker();
    const one = await connect(worker.address, 'dp-1', balancer1);
    expect(await one.open()).toBe('ended');
    const two = await connect(worker.address, 'dp-1', pushServer2);
    const forged = new Metadata();
    forged.set('pushfleet-caller', balancer1);
    expect((await two.evict(forged)).response).toEqual({ closed: 1 });
    expect(worker.callers).toEqual([
      { role: 'balancer', name: 'b-1' },
      { role: 'push-server', name: 'dp-2' },
    ]);
    expect(worker.refused).toEqual([]);
  });

  it('takes no orders from a push server, and tells of it once a minute', async () => {
    const worker = await startWorker();
    const thief = await connect(worker.address, 'dp-1', pushServer2);
    const detail = 'push server dp-2 called NodeControlService/Channel, which is for a balancer';
    for (let nth = 0; nth < 20; nth += 1) {
      expect(await thief.open()).toMatchObject({ code: status.PERMISSION_DENIED, details: detail });
    }
    expect(worker.refused).toEqual([expect.objectContaining({ reason: 'not-permitted', detail })]);
    expect(worker.callers).toEqual([]);
  });

  it.each([
    ['no member', []],
    ['two members', [balancer1, pushServer2]],
    ['a role that there is not', ['pushfleet://cluster/root/x']],
  ])('takes nothing from whoever has a certificate that names %s', async (_what, uris) => {
    const worker = await startWorker();
    const stranger = await connect(worker.address, 'dp-1', ...uris);
    expect((await stranger.evict()).error).toMatchObject({ code: status.PERMISSION_DENIED });
    expect(await stranger.open()).toMatchObject({ code: status.PERMISSION_DENIED });
    expect(worker.refused.map(({ reason }) => reason)).toEqual(['unnamed', 'unnamed']);
  });

  it('answers a method that it does not serve to nobody', async () => {
    const worker = await startWorker();
    const { peer } = await connect(worker.address, 'dp-1', balancer1);
    const asked = await answer<balancer.GetStatusResponse>((done) => peer.getStatus({}, done));
    expect(asked.error).toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('is not taken for that of another member', async () => {
    const worker = await startWorker();
    const client = await connect(worker.address, 'dp-3', balancer1);
    const { error } = await client.evict();
    expect(error).toMatchObject({ code: status.UNAVAILABLE });
    expect(error?.details).toContain('push server dp-1 answered in place of push server dp-3');
    expect(client.refused).toEqual([expect.objectContaining({ reason: 'another-member' })]);
  });

  it('ends the connections of a member that is revoked, and lets it in no more', async () => {
    const worker = await startWorker();
    const member = await connect(worker.address, 'dp-1', pushServer2);
    expect((await member.evict()).response).toEqual({ closed: 1 });
    const { serial } = member.own;
    worker.revoked.push({ serial, member: pushServer2, revokedAtMs: 1, expiresAtMs: 4e12 });
    await worker.revocations.refresh();
    expect(worker.refused).toEqual([
      expect.objectContaining({ reason: 'revoked', member: { role: 'push-server', name: 'dp-2' } }),
    ]);
    for (let nth = 0; nth < 3; nth += 1) {
      expect((await member.evict()).error).toMatchObject({ code: status.UNAVAILABLE });
    }
    const again = await connect(worker.address, 'dp-1', pushServer2);
    expect((await again.evict()).response).toEqual({ closed: 1 });
  });
});

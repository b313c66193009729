import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { type Epoch, type ErrorCode, PushfleetError, parseBootId, parseDeviceId, toStatus } from '@pushfleet/protocol';
import { NodeControlService, type node } from '@pushfleet/protocol/node';
import {
  type ClusterCredentials,
  clusterServerName,
  createClusterNetwork,
  fixed,
  MemberGate,
  memberUri,
  silentLogger,
} from '@pushfleet/runtime';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { worker } from '../durable/durable-delivery.fixture.ts';
import { Evictor } from './evictor.ts';

const authority = await MadeAuthority.create('cluster');

async function createCluster(): Promise<ClusterCredentials> {
  const { cert, key } = await authority.issue({
    names: [clusterServerName],
    uris: [memberUri({ role: 'push-server', name: worker.nodeId })],
    use: 'member',
  });
  return { ca: Buffer.from(authority.pem), cert: Buffer.from(cert), key: Buffer.from(key) };
}

/** Another worker: says which connection each call came over. */
class OtherWorker {
  readonly peers: string[] = [];
  readonly evicted: string[] = [];
  /** With which the next calls are refused. */
  readonly failures: ErrorCode[] = [];
  readonly #server = new Server();
  address = '';

  async listen({ ca, key, cert }: ClusterCredentials): Promise<void> {
    this.#server.addService(NodeControlService.service, {
      Channel: () => {},
      Tunnel: () => {},
      Evict: (call: ServerUnaryCall<node.EvictRequest, unknown>, reply: sendUnaryData<node.EvictResponseInit>) => {
        this.peers.push(call.getPeer());
        const failure = this.failures.shift();
        if (failure) return reply(toStatus(new PushfleetError(failure, 'not now')));
        this.evicted.push(...call.request.evictions.map(({ deviceId }) => deviceId));
        reply(null, { closed: call.request.evictions.length });
      },
    });
    const credentials = ServerCredentials.createSsl(ca, [{ private_key: key, cert_chain: cert }], false);
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    this.address = `127.0.0.1:${port}`;
  }

  close(): void {
    this.#server.forceShutdown();
  }
}

describe('an evictor', { timeout: 30_000 }, () => {
  const others: OtherWorker[] = [];
  let evictor: Evictor | undefined;
  afterEach(() => {
    evictor?.[Symbol.dispose]();
    for (const other of others.splice(0)) other.close();
  });

  async function start(count: number) {
    const cluster = await createCluster();
    for (let nth = 0; nth < count; nth += 1) {
      const other = new OtherWorker();
      await other.listen(cluster);
      others.push(other);
    }
    const clock = new ManualClock();
    const find = async ({ bootId }: { bootId: string }) => {
      finding.failures -= 1;
      if (finding.failures >= 0) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
      return others[Number(bootId.slice('boot-'.length))]?.address;
    };
    const finding = { failures: 0 };
    evictor = new Evictor({
      network: createClusterNetwork(fixed(cluster), new MemberGate({ report: () => {}, clock, logger: silentLogger })),
      find,
      clock,
      logger: silentLogger,
    });
    return { clock, evictor, finding };
  }

  const at = (nth: number) => ({ ...worker, bootId: parseBootId(`boot-${nth}`) });
  const epoch = 7 as Epoch;

  it('uses one connection for each worker, until a minute has passed without evictions', async () => {
    const { clock, evictor } = await start(2);
    const [one, two] = others as [OtherWorker, OtherWorker];
    for (let nth = 1; nth <= 3; nth += 1) {
      evictor.evict(parseDeviceId(`d${nth}`), epoch, at(0));
      evictor.evict(parseDeviceId(`e${nth}`), epoch, at(1));
      await vi.waitFor(() => expect([one.evicted.length, two.evicted.length]).toEqual([nth, nth]), 10_000);
      clock.advance(30_000);
      evictor.tick();
    }
    expect([new Set(one.peers).size, new Set(two.peers).size]).toEqual([1, 1]);
    clock.advance(30_000);
    evictor.tick();
    evictor.evict(parseDeviceId('d4'), epoch, at(0));
    await vi.waitFor(() => expect(one.evicted).toEqual(['d1', 'd2', 'd3', 'd4']), 10_000);
    expect(new Set(one.peers).size).toBe(2);
  });

  it('sends the evictions of one turn of the event loop in one call', async () => {
    const { evictor } = await start(1);
    const [one] = others as [OtherWorker];
    for (let nth = 0; nth < 100; nth += 1) evictor.evict(parseDeviceId(`d${nth}`), epoch, at(0));
    await vi.waitFor(() => expect(one.evicted).toHaveLength(100), 10_000);
    expect(one.peers).toHaveLength(1);
  });

  it('goes on for the other workers where one is gone', async () => {
    const { evictor } = await start(1);
    const [one] = others as [OtherWorker];
    evictor.evict(parseDeviceId('d1'), epoch, at(9));
    evictor.evict(parseDeviceId('d2'), epoch, at(0));
    await vi.waitFor(() => expect(one.evicted).toEqual(['d2']), 10_000);
  });

  // Simulation, seed 7013: the registry went away between a takeover and the eviction that it called for.
  it('repeats an eviction until the other worker, and its registry, have answered', async () => {
    const { clock, evictor } = await start(1);
    const [one] = others as [OtherWorker];
    one.failures.push('REGISTRY_UNAVAILABLE', 'REGISTRY_UNAVAILABLE');
    evictor.evict(parseDeviceId('d1'), epoch, at(0));
    for (let calls = 1; calls <= 2; calls += 1) {
      await vi.waitUntil(() => one.peers.length === calls && clock.pending > 0, 10_000);
      expect(one.evicted).toEqual([]);
      await clock.turn(1_000);
    }
    await vi.waitFor(() => expect(one.evicted).toEqual(['d1']), 10_000);
    await vi.waitUntil(() => clock.pending === 0, 10_000);
  });

  it('repeats an eviction while the registry does not say where the other worker is', async () => {
    const { clock, evictor, finding } = await start(1);
    const [one] = others as [OtherWorker];
    finding.failures = 1;
    evictor.evict(parseDeviceId('d1'), epoch, at(0));
    await vi.waitUntil(() => clock.pending > 0, 10_000);
    await clock.turn(1_000);
    await vi.waitFor(() => expect(one.evicted).toEqual(['d1']), 10_000);
  });

  it('gives an unreachable worker up after two minutes', async () => {
    const { clock, evictor } = await start(1);
    const [one] = others as [OtherWorker];
    one.failures.push('UNREACHABLE', 'UNREACHABLE');
    evictor.evict(parseDeviceId('d1'), epoch, at(0));
    await vi.waitUntil(() => clock.pending > 0, 10_000);
    clock.stall(120_000);
    await vi.waitUntil(() => one.peers.length === 2 && clock.pending === 0, 10_000);
    await clock.turn(2_000);
    expect([one.peers.length, one.evicted]).toEqual([2, []]);
  });

  it('does not repeat an eviction that the other worker refuses for good', async () => {
    const { clock, evictor } = await start(1);
    const [one] = others as [OtherWorker];
    one.failures.push('PERMISSION_DENIED');
    await evictor.evictFrom(parseDeviceId('d1'), epoch, [at(0)]);
    expect([one.peers.length, one.evicted, clock.pending]).toEqual([1, [], 0]);
  });
});

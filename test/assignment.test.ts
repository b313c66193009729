import { credentials } from '@grpc/grpc-js';
import { AssignmentService, serverIdentity, type device as wire } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { inParallel } from './cluster/in-parallel.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';

type Assign = (deviceId: string) => Promise<wire.AssignResponse>;

/** Asks the balancer behind `port`, as a device over gRPC does. */
function createAsker(port: number, ca: Buffer): Assign & Disposable {
  const { verify, options } = serverIdentity('127.0.0.1');
  const client = new AssignmentService(`127.0.0.1:${port}`, credentials.createSsl(ca, null, null, verify), options);
  const ask = (deviceId: string) =>
    new Promise<wire.AssignResponse>((resolve, reject) => {
      client.assign({ deviceId, secret: testSecret }, (error, response) =>
        error || !response ? reject(error) : resolve(response),
      );
    });
  return Object.assign(ask, { [Symbol.dispose]: () => client.close() });
}

describe.each(['embedded', 'redis'] as const)('assignment on the %s registry', (registry) => {
  it('spreads 9,000 devices over three push servers within 1 %, though two balancers assign and none has come', async () => {
    await using cluster = await TestCluster.create({
      pushServers: 3,
      balancers: 2,
      registry,
      maxConnections: 5_000,
      // Every place is still reserved when the last device is assigned, on the slowest machine.
      environment: { PUSHFLEET_RESERVATION_MS: '600000' },
    });
    const ids = Array.from({ length: 9_000 }, (_, index) => `device-${index}`);
    await inParallel(64, ids, (id) => cluster.devices.register(id));
    const askers = cluster.balancerPorts.map(({ assign }) => createAsker(assign, cluster.ca));
    const answers = await inParallel(128, ids, (id, index) => (askers[index % askers.length] as Assign)(id));
    for (const asker of askers) asker[Symbol.dispose]();

    const perNode = Map.groupBy(answers, ({ primary }) => primary?.nodeId);
    const counts = [...perNode.values()].map((assigned) => assigned.length);
    expect(counts).toHaveLength(3);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(30);
    await eventually('the registry counts the same', async () => {
      const reserved = (await cluster.nodes()).map((node) => node.reserved);
      return String(reserved.toSorted()) === String(counts.toSorted());
    });
  });
});

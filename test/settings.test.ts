import { once } from 'node:events';
import net from 'node:net';
import type { admin } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { findFreePorts } from './cluster/free-ports.ts';
import { linksOn } from './cluster/spread.ts';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';

type Settings = Partial<NonNullable<admin.DistributionPointInit['pushServer']>>;

/** Sets the push server of `dp-0` as an administrator does. */
async function set(cluster: TestCluster, more: Settings): Promise<void> {
  const port = cluster.devicePorts[0] as number;
  await cluster.admin.distributionPoints.put({
    distributionPointId: 'dp-0',
    groups: [testGroup],
    pushServer: { enabled: true, port, address: '127.0.0.1', maxConnections: 1_000, ...more },
  });
}

async function node(cluster: TestCluster, nodeId = 'dp-0'): Promise<admin.Node> {
  const found = (await cluster.nodes()).find((each) => each.nodeId === nodeId);
  if (!found) throw new Error(`${nodeId} is not listed`);
  return found;
}

function isAt(cluster: TestCluster, port: number): Promise<unknown> {
  return eventually(`it is ready at ${port}`, async () => {
    const { status, port: announced } = await node(cluster);
    return status === 'NODE_STATUS_READY' && announced === port;
  });
}

async function allReachable(cluster: TestCluster, devices: readonly TestDevice[], withinMs = 20_000): Promise<void> {
  for (const { id } of devices) {
    await eventually(
      `${id} is reachable`,
      async () => {
        const { status } = await cluster.admin.commands.push({ deviceId: id, operation: { forceSync: {} } });
        return status?.outcome === 'OUTCOME_SUCCEEDED';
      },
      withinMs,
    );
  }
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
}

describe('a push server follows its settings while it runs', () => {
  it('moves its devices to a new port, and stays on the former one while the new one is taken', async () => {
    await using cluster = await TestCluster.create({ environment: { PUSHFLEET_MAX_WORKERS: '2' } });
    const devices = await cluster.devices.connect(12);
    const former = cluster.devicePorts[0] as number;
    const [port = 0] = await findFreePorts(1);
    const squatter = net.createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');

    await set(cluster, { port });
    const problem = await eventually('the problem is told', async () => {
      const { problem, problemDetail } = await node(cluster);
      return problem === 'NODE_PROBLEM_PORT_IN_USE' && problemDetail;
    });
    expect(problem).toContain(`port ${port} is taken`);
    expect(await node(cluster)).toMatchObject({ status: 'NODE_STATUS_READY', port: former });
    await allReachable(cluster, devices);

    squatter.close();
    await isAt(cluster, port);
    await eventually('nothing is wrong any more', async () => {
      const { problem, problemDetail } = await node(cluster);
      return problem === 'NODE_PROBLEM_UNSPECIFIED' && problemDetail === '';
    });
    await eventually('nobody listens on the former port', () => isRefused(former));
    await allReachable(cluster, devices);
    await eventually('every link is counted once', async () => (await node(cluster)).live === devices.length);
  });

  it('says what keeps it from starting, and starts once that is gone', async () => {
    await using cluster = await TestCluster.create();
    const [port = 0] = await findFreePorts(1);
    await set(cluster, { enabled: false });
    await eventually('it is off', async () => (await node(cluster)).status === 'NODE_STATUS_DISABLED');
    const squatter = net.createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    await set(cluster, { port });
    await eventually('it has failed, and says why', async () => {
      const { status, problemDetail } = await node(cluster);
      return status === 'NODE_STATUS_FAILED' && problemDetail.includes(`port ${port} is taken`);
    });
    squatter.close();
    await isAt(cluster, port);
    await allReachable(cluster, await cluster.devices.connect(2));
  });

  it('is switched off and on again, and its devices are elsewhere meanwhile', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2 });
    const devices = await cluster.devices.connect(12);
    await set(cluster, { enabled: false });
    const off = await eventually('it is off', async () => {
      const found = await node(cluster);
      return found.status === 'NODE_STATUS_DISABLED' && found;
    });
    expect(off).toMatchObject({ live: 0, capacity: 0, workers: [] });
    await eventually('nobody listens on its port', () => isRefused(cluster.devicePorts[0] as number));
    await eventually('the other has all', async () => (await node(cluster, 'dp-1')).live === devices.length);
    await allReachable(cluster, devices);

    await set(cluster, { enabled: true });
    await isAt(cluster, cluster.devicePorts[0] as number);
    const more = await cluster.devices.connect(12, 'later');
    await eventually('it takes devices again', async () => {
      const links = linksOn(await cluster.nodes());
      return links === devices.length + more.length && (await node(cluster)).live > 0;
    });
    await allReachable(cluster, more);
  });

  it('announces another address, weight and capacity, and sends away what is too much', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, environment: { PUSHFLEET_MAX_WORKERS: '2' } });
    const devices = await cluster.devices.connect(12);
    const { live } = await eventually('all are counted', async () => {
      const nodes = await cluster.nodes();
      return linksOn(nodes) === devices.length && nodes.find(({ nodeId }) => nodeId === 'dp-0');
    });
    expect(live).toBeGreaterThan(2);
    await set(cluster, { address: 'localhost', weight: 50 });
    const announced = await eventually('the address is announced', async () => {
      const found = await node(cluster);
      return found.address === 'localhost' && found;
    });
    expect(announced).toMatchObject({ weight: 50, live });
    await set(cluster, { maxConnections: 2 });
    await eventually('only so many are left', async () => {
      const { live, capacity } = await node(cluster);
      return live === 2 && capacity === 2;
    });
    await allReachable(cluster, devices);
  });

  it('sends devices away whose group it serves no longer', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2 });
    const devices = await cluster.devices.connect(12);
    await cluster.admin.groups.put('Other');
    const port = cluster.devicePorts[0] as number;
    const pushServer = { enabled: true, port, address: '127.0.0.1', maxConnections: 1_000 };
    await cluster.admin.distributionPoints.put({ distributionPointId: 'dp-0', groups: ['Other'], pushServer });
    await eventually('the other has all', async () => {
      const [one, other] = [await node(cluster), await node(cluster, 'dp-1')];
      return one.live === 0 && other.live === devices.length;
    });
    await allReachable(cluster, devices);
  });
});

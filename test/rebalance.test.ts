import { describe, expect, it } from 'vitest';
import { countDetours } from './cluster/device-statuses.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { findFreePorts } from './cluster/free-ports.ts';
import { heartbeats } from './cluster/heartbeats.ts';
import { leadingBalancer } from './cluster/leading-balancer.ts';
import { PushLoad } from './cluster/push-load.ts';
import { largestToMean, linksOn } from './cluster/spread.ts';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';

const devices = 200;
const half = devices / 2;
/** The largest load divided by the mean, at which a rebalance is done. */
const evenRatio = 1.02;

describe.each(['embedded', 'redis'] as const)('a push server that joins, on the %s registry', (registry) => {
  it('gets its share: every device moves once at most, pushes stay truthful, and nothing moves back', async () => {
    await using cluster = await TestCluster.create({ registry, environment: { PUSHFLEET_REBALANCE_RATE: '50' } });
    const connected = await cluster.devices.connect(devices);
    // The heartbeat that counts them tells of them as well.
    await eventually('all are counted', async () => (await cluster.nodes())[0]?.live === devices);
    await using log = await EventLog.start(cluster.admin);
    const load = new PushLoad(cluster.admin, connected);
    const detours = countDetours(connected);

    const [port = 0] = await findFreePorts(1);
    await cluster.admin.distributionPoints.put({
      distributionPointId: 'dp-1',
      groups: [testGroup],
      pushServer: { enabled: true, port, address: '127.0.0.1', maxConnections: 1_000 },
    });
    await cluster.startPushServer(1);

    const rebalance = await eventually(
      'the rebalance is done',
      async () => {
        const last = await cluster.admin.maintenance.getRebalance();
        return last?.state === 'REBALANCE_STATE_DONE' && last;
      },
      40_000,
    );
    expect(rebalance.cause).toBe('REBALANCE_CAUSE_NODE_JOINED');
    expect(rebalance.moves).toMatchObject([{ fromNodeId: 'dp-0', toNodeId: 'dp-1' }]);
    const redirected = rebalance.moves[0]?.redirected ?? 0;
    expect(Math.abs(redirected - half), `${redirected} were redirected`).toBeLessThanOrEqual(detours());
    await eventually('the load is even', async () => {
      const nodes = await cluster.nodes();
      return linksOn(nodes) === devices && largestToMean(nodes) <= evenRatio;
    });

    // The leader has looked at the nodes again and again.
    await heartbeats(cluster, 'dp-0', 4);
    await load.stop();
    expect(load.lies()).toEqual([]);
    for (const { nodeId, live } of await cluster.nodes()) {
      expect(Math.abs(live - half), `${live} are on ${nodeId}`).toBeLessThanOrEqual(detours());
    }
    expect((await cluster.admin.maintenance.getRebalance())?.rebalanceId).toBe(rebalance.rebalanceId);
    const moves = log.arrivalsByDevice();
    const count = moves.reduce((sum, [, times]) => sum + times, 0);
    expect(Math.abs(count - half), `${count} moves`).toBeLessThanOrEqual(2 * detours());
    expect(moves[0]?.[1]).toBeLessThanOrEqual(1 + detours());
  });
});

it('goes on with a rebalance when the balancer that leads is killed, and repeats no move', async () => {
  await using cluster = await TestCluster.create({
    balancers: 2,
    environment: { PUSHFLEET_REBALANCE_RATE: '10', PUSHFLEET_MAX_WORKERS: '1' },
  });
  await cluster.devices.connect(120);
  const [port = 0] = await findFreePorts(1);
  await cluster.admin.distributionPoints.put({
    distributionPointId: 'dp-1',
    groups: [testGroup],
    pushServer: { enabled: true, port, address: '127.0.0.1', maxConnections: 1_000 },
  });
  await cluster.startPushServer(1);
  await eventually('it is under way', async () => {
    const { moves = [] } = (await cluster.admin.maintenance.getRebalance()) ?? {};
    return moves.some(({ redirected }) => redirected >= 20);
  });

  const leads = await leadingBalancer(cluster);
  await cluster.balancers[leads]?.kill();
  using admin = cluster.adminOf(1 - leads, await cluster.token);
  const done = await eventually(
    'the other one has brought it to its end',
    async () => {
      const last = await admin.maintenance.getRebalance();
      return last?.state === 'REBALANCE_STATE_DONE' && last;
    },
    40_000,
  );
  await eventually('the load is even', async () => {
    const nodes = await admin.nodes.list();
    return linksOn(nodes) === 120 && largestToMean(nodes) <= evenRatio;
  });
  // Those of the last second may have gone without anybody having counted them.
  const redirected = done.moves.reduce((sum, move) => sum + move.redirected, 0);
  expect(redirected).toBeGreaterThan(40);
  expect(redirected).toBeLessThanOrEqual(70);
});

import { describe, expect, it } from 'vitest';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { findFreePorts } from './cluster/free-ports.ts';
import { heartbeats } from './cluster/heartbeats.ts';
import { PushLoad } from './cluster/push-load.ts';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';

const devices = 200;

describe.each(['embedded', 'redis'] as const)('a push server that joins, on the %s registry', (registry) => {
  it('gets its share: every device moves once at most, pushes stay truthful, and nothing moves back', async () => {
    await using cluster = await TestCluster.create({ registry, environment: { PUSHFLEET_REBALANCE_RATE: '50' } });
    const connected = await cluster.devices.connect(devices);
    // The heartbeat that counts them tells of them as well.
    await eventually('all are counted', async () => (await cluster.nodes())[0]?.live === devices);
    await using log = await EventLog.start(cluster.admin);
    const load = new PushLoad(cluster.admin, connected);

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
    expect(rebalance.moves).toEqual([{ fromNodeId: 'dp-0', toNodeId: 'dp-1', devices: 100, redirected: 100 }]);
    await eventually('the load is even', async () => {
      const nodes = await cluster.nodes();
      return nodes.every(({ live, reserved }) => live === devices / 2 && reserved === 0);
    });

    // The leader has looked at the nodes again and again.
    await heartbeats(cluster, 'dp-0', 4);
    await load.stop();
    expect(load.lies()).toEqual([]);
    const lives = (await cluster.nodes()).map(({ live }) => live);
    expect(lives).toEqual([devices / 2, devices / 2]);
    expect((await cluster.admin.maintenance.getRebalance())?.rebalanceId).toBe(rebalance.rebalanceId);
    const moves = log.arrivalsByDevice();
    expect(moves.length).toBe(devices / 2);
    expect(moves[0]?.[1]).toBe(1);
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

  const leads = cluster.balancers.findIndex(({ output }) => output.includes('leads now'));
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
  await eventually('the load is even', async () => (await admin.nodes.list()).every(({ live }) => live === 60));
  // Those of the last second may have gone without anybody having counted them.
  const redirected = done.moves.reduce((sum, move) => sum + move.redirected, 0);
  expect(redirected).toBeGreaterThan(40);
  expect(redirected).toBeLessThanOrEqual(70);
});

import { expect, it } from 'vitest';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { PushLoad } from './cluster/push-load.ts';
import { largestToMean } from './cluster/spread.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { binary, runTool } from './cluster/tools.ts';

const devices = 150;

it('restarts every push server in turn; devices stay reachable, and end evenly spread after few moves', async () => {
  await using cluster = await TestCluster.create({
    pushServers: 3,
    environment: { PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_REBALANCE: 'off' },
  });
  const connected = await cluster.devices.connect(devices);
  await eventually('they are spread', async () => (await cluster.nodes()).every(({ live }) => live === devices / 3));
  const pids = new Set((await cluster.nodes()).flatMap(({ workers }) => workers.map(({ pid }) => pid)));
  await using log = await EventLog.start(cluster.admin);
  const load = new PushLoad(cluster.admin, connected);

  const { status, output, errors } = await runTool(process.execPath, [binary, 'rolling-restart', '--rate', '50'], {
    PUSHFLEET_STATE_DIR: cluster.stateDir,
    PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
  });
  console.log(output);
  expect([status, errors]).toEqual([0, '']);
  expect(output).toMatch(/all 3 restarted in /);

  const nodes = await eventually('all are connected', async () => {
    const now = await cluster.nodesReady(3);
    return now.reduce((sum, { live }) => sum + live, 0) === devices && now;
  });
  expect(nodes.flatMap(({ workers }) => workers).every(({ pid }) => !pids.has(pid))).toBe(true);
  expect(largestToMean(nodes)).toBeLessThanOrEqual(1.05);
  const from = load.records.length;
  await eventually('every device is reachable', () => load.succeededSince(from).size === devices);
  await load.stop();
  expect(load.lies()).toEqual([]);

  const moves = log.arrivalsByDevice().reduce((sum, [, count]) => sum + count, 0);
  console.log(`largest/mean ${largestToMean(nodes).toFixed(3)}, ${(moves / devices).toFixed(2)} moves per device`);
  expect(moves / devices).toBeLessThanOrEqual(2);
}, 180_000);

import { expect, it } from 'vitest';
import { countDetours } from './cluster/device-statuses.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { leadingBalancer } from './cluster/leading-balancer.ts';
import { PushLoad } from './cluster/push-load.ts';
import { largestToMean, linksOn } from './cluster/spread.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { binary, runTool } from './cluster/tools.ts';

const devices = 150;

it('restarts every push server in turn; devices stay reachable, and end evenly spread after few moves', async () => {
  await using cluster = await TestCluster.create({
    pushServers: 3,
    environment: { PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_REBALANCE: 'off' },
  });
  const connected = await cluster.devices.connect(devices);
  const nodesWithAll = () =>
    eventually('all are connected', async () => {
      const now = await cluster.nodesReady(3);
      return linksOn(now) === devices && now;
    });
  // How evenly they begin is left to how busy the machine is: each push server is emptied once.
  await nodesWithAll();
  const pids = new Set((await cluster.nodes()).flatMap(({ workers }) => workers.map(({ pid }) => pid)));
  await using log = await EventLog.start(cluster.admin);
  const load = new PushLoad(cluster.admin, connected);
  const detours = countDetours(connected);

  const { status, output, errors } = await runTool(process.execPath, [binary, 'rolling-restart', '--rate', '50'], {
    PUSHFLEET_STATE_DIR: cluster.stateDir,
    PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
  });
  console.log(output);
  expect([status, errors]).toEqual([0, '']);
  expect(output).toMatch(/all 3 restarted in /);

  const nodes = await nodesWithAll();
  expect(nodes.flatMap(({ workers }) => workers).every(({ pid }) => !pids.has(pid))).toBe(true);
  const fairShare = devices / nodes.length;
  expect(Math.max(...nodes.map(({ live }) => live))).toBeLessThanOrEqual(1.05 * fairShare + 2 * detours());
  const from = load.records.length;
  await eventually('every device is reachable', () => load.succeededSince(from).size === devices);
  await load.stop();
  expect(load.lies()).toEqual([]);

  const moves = log.arrivalsByDevice().reduce((sum, [, count]) => sum + count, 0);
  console.log(`largest/mean ${largestToMean(nodes).toFixed(3)}, ${(moves / devices).toFixed(2)} moves per device`);
  expect(moves).toBeLessThanOrEqual(2 * devices + detours());
});

it('goes on when whoever started it has gone and the balancer that leads is killed, and restarts nobody twice', async () => {
  await using cluster = await TestCluster.create({
    ...{ balancers: 2, pushServers: 2 },
    environment: { PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_REBALANCE: 'off' },
  });
  await cluster.devices.connect(40);
  const connected = async () => linksOn(await cluster.nodes());
  await eventually('all are counted', async () => (await connected()) === 40);
  const leads = await leadingBalancer(cluster);
  using other = cluster.adminOf(1 - leads, await cluster.token);
  await using log = await EventLog.start(other);
  // It is refused while one of the two is late for a moment, and takes no devices.
  const { rollingRestartId } = await eventually('it begins', () =>
    other.maintenance.startRollingRestart({ devicesPerSecond: 5 }),
  );
  await expect(other.maintenance.startRollingRestart()).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  await eventually('its first push server moves devices', async () => {
    const { steps = [] } = (await other.maintenance.getRollingRestart()) ?? {};
    return steps.some(({ state, moved }) => state === 'ROLLING_RESTART_STEP_STATE_DRAINING' && moved > 0);
  });
  await cluster.balancers[leads]?.kill();

  const done = await eventually('the other one has brought it to its end', async () => {
    const last = await other.maintenance.getRollingRestart();
    return last && last.endedAtMs > 0 && last;
  });
  const ready = { state: 'ROLLING_RESTART_STEP_STATE_READY', reason: '' };
  expect(done).toMatchObject({ rollingRestartId, state: 'ROLLING_RESTART_STATE_DONE', steps: [ready, ready] });
  await eventually('all are connected', async () => {
    return linksOn(await other.nodes.list()) === 40;
  });
  // Each is told at least once: only one that restarts twice has drained at two times.
  const drained = new Set(log.of('EVENT_KIND_NODE_DRAINING').map(({ nodeId, atMs }) => `${nodeId} ${atMs}`));
  expect([...drained].map((one) => one.split(' ')[0]).toSorted()).toEqual(['dp-0', 'dp-1']);
});

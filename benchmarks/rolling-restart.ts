// Restarts a whole cluster, one push server after the other, while devices stay connected and get pushes.
//   npm run rolling-restart -w benchmarks -- [--devices 3000] [--push-servers 3] [--rate 200] [--registry embedded|redis]
import {
  binary,
  EventLog,
  eventually,
  largestToMean,
  linksOn,
  PushLoad,
  runTool,
  TestCluster,
} from '@pushfleet/test/cluster';
import { printHeader } from './machine.ts';
import { readOptions, registryOption, whole } from './options.ts';

const values = readOptions('rolling-restart', {
  devices: whole(3000, 1, 1_000_000),
  'push-servers': whole(3, 1, 64),
  rate: whole(200, 1, 100_000),
  registry: registryOption('embedded'),
});
const { devices, registry } = values;
const pushServers = values['push-servers'];
/** Devices that connect at the same time. */
const chunk = 100;
/** Each device gets a push about so often. */
const pushEveryMs = 5_000;

printHeader('rolling-restart');
await using cluster = await TestCluster.create({
  pushServers,
  registry,
  maxConnections: devices,
  environment: { PUSHFLEET_REBALANCE: 'off', PUSHFLEET_REBALANCE_RATE: String(values.rate) },
});
for (let from = 0; from < devices; from += chunk) {
  await cluster.devices.connect(Math.min(chunk, devices - from), `bench-${from}`);
}
await eventually('all are counted', async () => {
  const nodes = await cluster.nodes();
  return linksOn(nodes) === devices;
});
console.log(`${devices} devices on ${pushServers} push servers, largest/mean ${spread(await cluster.nodes())}`);

await using log = await EventLog.start(cluster.admin);
const load = new PushLoad(cluster.admin, cluster.devices.all, pushEveryMs);
const { status, output, errors } = await runTool(
  process.execPath,
  [binary, 'rolling-restart', '--rate', String(values.rate)],
  {
    PUSHFLEET_STATE_DIR: cluster.stateDir,
    PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
  },
);
console.log(`$ pushfleet rolling-restart --rate ${values.rate}\n${output}${errors}`);
if (status !== 0) throw new Error(`rolling-restart ended with ${status}`);
const nodes = await eventually('all are connected', async () => {
  const now = await cluster.nodesReady(pushServers);
  return linksOn(now) === devices && now;
});
await load.stop();

const perDevice = log.arrivalsByDevice().map(([, count]) => count);
const moves = perDevice.reduce((sum, count) => sum + count, 0);
console.log(`links by push server: ${nodes.map(({ live }) => live).join(', ')}; largest/mean ${spread(nodes)}`);
console.log(`moves per device: ${(moves / devices).toFixed(2)} on average, ${perDevice[0] ?? 0} at most`);
console.log(`pushes meanwhile: ${JSON.stringify(load.countByOutcome())}; untrue outcomes: ${load.lies().length}`);

function spread(of: Parameters<typeof largestToMean>[0]): string {
  return largestToMean(of).toFixed(3);
}

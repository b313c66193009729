// Import of devices through the admin API, and listing them again: rows per second, and what a device takes up in the
// registry.
//   npm run import -w benchmarks -- [--devices 100000] [--registry embedded|redis]
import type { NewDevice } from '@pushfleet/admin-sdk';
import { residentBytes, TestCluster, testSecret } from '@pushfleet/test/cluster';
import { cpuSeconds, printHeader } from './machine.ts';
import { readOptions, registryOption, whole } from './options.ts';
import { registryBytes } from './registry-bytes.ts';

const values = readOptions('import', {
  devices: whole(100000, 1, 1_000_000),
  registry: registryOption('embedded'),
});
const { devices, registry } = values;
const groups = Array.from({ length: 100 }, (_, index) => `Sites/Site ${index}`);

/** Devices in 100 groups, with two labels each. */
function* rows(): Generator<NewDevice> {
  for (let index = 0; index < devices; index += 1) {
    const labels = { os: ['windows', 'linux', 'mac'][index % 3] ?? '', ring: `r${index % 100}` };
    yield { deviceId: `device-${index}`, group: groups[index % 100] ?? '', secret: testSecret, labels };
  }
}

async function timed<Result>(
  name: string,
  count: (result: Result) => number,
  work: () => Promise<Result>,
): Promise<void> {
  const [begun, usedBefore] = [performance.now(), cpuSeconds(balancer)];
  const done = count(await work());
  const seconds = (performance.now() - begun) / 1_000;
  const cpu = Math.round(((cpuSeconds(balancer) - usedBefore) / done) * 1e6);
  const rate = Math.round(done / seconds);
  console.log(`${name.padEnd(34)} ${done} in ${seconds.toFixed(1)} s  ${rate}/s  balancer's CPU µs each ${cpu}`);
}

await using cluster = await TestCluster.create({ pushServers: 0, registry, ownRedis: true });
const { admin } = cluster;
const balancer = cluster.balancers[0]?.pid ?? 0;
for (const group of groups) await admin.groups.put(group);
printHeader('import');
console.log(`${devices} devices in 100 groups, with two labels each; one balancer, ${registry} registry`);
const before = await registryBytes(cluster, registry);
const restingBytes = residentBytes(balancer);
const importAll = () => admin.devices.import(rows());
await timed('import, all new', ({ imported }) => imported, importAll);
const perDevice = ((await registryBytes(cluster, registry)) - before) / devices;
const held = (residentBytes(balancer) - restingBytes) / 2 ** 20;
await timed('import, all there already', ({ imported }) => imported, importAll);
const list = (filter: object) => async () => (await Array.fromAsync(admin.devices.list(filter))).length;
await timed('list all, 1,000 on a page', (listed) => listed, list({}));
await timed(
  'list by group and label, 1 in 300',
  (listed) => listed,
  list({ group: 'Sites/Site 7', labels: { os: 'mac' } }),
);
console.log(
  `registry: ${Math.round(perDevice)} bytes per device; balancer: ${Math.round(held)} MiB more after the import`,
);

// Assignments per second, through one balancer and through two: credential checked, push server picked and place
// reserved in the registry, ticket signed. Everything runs on this machine, the asking devices too.
//   npm run assignment -w benchmarks -- [--devices 20000] [--seconds 10] [--registry embedded|redis]
import {
  type AssignmentAsker,
  createAssignmentAsker,
  TestCluster,
  testGroup,
  testSecret,
} from '@pushfleet/test/cluster';
import { cpuSeconds, printHeader } from './machine.ts';
import { amount, readOptions, registryOption, whole } from './options.ts';
import { quantile } from './quantiles.ts';

const values = readOptions('assignment', {
  devices: whole(20000, 1, 1_000_000),
  seconds: amount(10, 1, 86_400),
  registry: registryOption('embedded'),
});
const { devices, seconds, registry } = values;
const ids = Array.from({ length: devices }, (_, index) => `device-${index}`);
const connections = 2;
const inFlight = 64;

async function ask(askers: readonly AssignmentAsker[]): Promise<{ latencies: number[]; elapsedS: number }> {
  const latencies: number[] = [];
  const begun = performance.now();
  let next = 0;
  const run = async (_: unknown, lane: number) => {
    while (performance.now() < begun + seconds * 1_000) {
      const from = performance.now();
      await askers[lane % askers.length]?.(ids[next++ % ids.length] as string);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, run));
  return { latencies, elapsedS: (performance.now() - begun) / 1_000 };
}

async function measure(cluster: TestCluster, balancers: number): Promise<void> {
  const ports = cluster.balancerPorts.slice(0, balancers);
  const askers = ports.flatMap(({ assign }) =>
    Array.from({ length: connections }, () => createAssignmentAsker(assign, cluster.ca)),
  );
  const pids = cluster.balancers.slice(0, balancers).map(({ pid }) => pid);
  const used = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = used();
  const { latencies, elapsedS } = await ask(askers);
  const cpu = Math.round(((used() - before) / latencies.length) * 1e6);
  for (const asker of askers) asker[Symbol.dispose]();
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(latencies, share).toFixed(1));
  const rate = Math.round(latencies.length / elapsedS);
  console.log(
    `${balancers} balancer(s)  ${rate}/s  p50 ${p50} ms  p99 ${p99} ms  balancers' CPU µs per assignment ${cpu}`,
  );
}

await using cluster = await TestCluster.create({
  pushServers: 3,
  balancers: 2,
  registry,
  maxConnections: devices,
  // Nobody comes: places must not lapse and be given again while they are counted.
  environment: { PUSHFLEET_RESERVATION_MS: '600000', PUSHFLEET_REBALANCE: 'off' },
});
await cluster.admin.devices.import(ids.map((deviceId) => ({ deviceId, group: testGroup, secret: testSecret })));
printHeader('assignment');
console.log(
  `${devices} devices, three push servers, ${inFlight} questions under way, ${registry} registry; ${seconds} s each`,
);
for (const balancers of [1, 2]) await measure(cluster, balancers);
const reserved = (await cluster.nodes()).map((node) => node.reserved);
const mean = reserved.reduce((sum, count) => sum + count, 0) / reserved.length;
console.log(`places reserved: ${reserved.join(', ')}; largest/mean ${(Math.max(...reserved) / mean).toFixed(4)}`);

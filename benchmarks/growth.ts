// How cost grows with size: memory per link, CPU per direct command and the time that an assignment takes, each with a
// cluster of its own and lean devices (raw codecs) that take a command each now and then.
//   npm run growth -w benchmarks -- [--links 1000,5000] [--kind mqtt5|grpc] [--plain] [--seconds 10] [--registry embedded|redis]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAssignmentAsker, eventually, residentBytes, TestCluster } from '@pushfleet/test/cluster';
import { LeanFleet } from './lean-fleet.ts';
import { cpuSeconds, printHeader } from './machine.ts';
import { amount, choice, flag, list, readOptions, registryOption, whole } from './options.ts';
import { stream } from './push-rounds.ts';
import { quantile } from './quantiles.ts';

const values = readOptions('growth', {
  links: list([1_000, 5_000], whole(1_000, 1, 1_000_000)),
  kind: choice('mqtt5', ['mqtt5', 'grpc']),
  plain: flag(),
  seconds: amount(10, 1, 86_400),
  registry: registryOption('embedded'),
});
const { links: sizes, kind, seconds } = values;
const inFlight = 256;
/** A connection of the devices takes a port of this machine for each address: it has 28,000. */
const linksPerAddress = 20_000;
const warmUpSeconds = 8;
const connectsPerSecond = 500;
/** After the last link is up: what connecting leaves behind is collected. */
const settleMs = 10_000;
const assignments = 500;

interface Row {
  links: number;
  residentKib: number;
  heapKib: number;
  workersUs: number;
  balancerUs: number;
  commandsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  assignP50Ms: number;
  assignP99Ms: number;
}

async function measure(links: number): Promise<Row> {
  const heapDir = mkdtempSync(join(tmpdir(), 'pushfleet-heap-'));
  const addresses = Math.ceil(links / linksPerAddress);
  await using cluster = await TestCluster.create({
    maxConnections: links + 1_000,
    registry: values.registry,
    environment: {
      PUSHFLEET_DEVICE_TLS: values.plain ? 'off' : 'on',
      ...(addresses > 1 ? { PUSHFLEET_BIND: '0.0.0.0' } : {}),
      ...{ PUSHFLEET_HEAP_DIR: heapDir, NODE_OPTIONS: `--import ${join(import.meta.dirname, 'heap-preload.mjs')}` },
    },
  });
  const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
  const resident = () => workers.reduce((bytes, pid) => bytes + residentBytes(pid), 0);
  const before = { resident: resident(), heap: await heapBytes(heapDir, workers) };
  const connecting = { devices: links, link: kind, plain: values.plain, perSecond: connectsPerSecond } as const;
  await using fleet = await LeanFleet.connect(cluster, { ...connecting, addresses, assignConnections: 'shared' });
  await sleep(settleMs);
  const residentKib = (resident() - before.resident) / links / 1_024;
  const commands = await measureCommands(cluster, workers, fleet.ids);
  const heapKib = ((await heapBytes(heapDir, workers)) - before.heap) / links / 1_024;
  const assigned = await measureAssignments(cluster, fleet.ids);
  rmSync(heapDir, { recursive: true });
  return { links, residentKib, heapKib, ...commands, ...assigned };
}

/** Bytes that are left in the heaps of these processes once their garbage is collected. */
async function heapBytes(directory: string, pids: readonly number[]): Promise<number> {
  let bytes = 0;
  for (const pid of pids) {
    const file = join(directory, String(pid));
    rmSync(file, { force: true });
    process.kill(pid, 'SIGUSR2');
    bytes += await eventually('the process has told', () => read(file), 60_000);
  }
  return bytes;
}

function read(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function measureCommands(cluster: TestCluster, workers: readonly number[], ids: readonly string[]) {
  const balancers = cluster.balancers.map(({ pid }) => pid);
  const used = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const request = () => {
    const deviceId = ids[Math.floor(Math.random() * ids.length)] as string;
    return { deviceId, operation: { forceSync: {} } };
  };
  await stream({ client: cluster.admin, seconds: warmUpSeconds, request }, inFlight);
  const [workersBefore, balancersBefore] = [used(workers), used(balancers)];
  const { latencies, failed, elapsedS } = await stream({ client: cluster.admin, seconds, request }, inFlight);
  if (failed > 0) console.log(`${failed} commands failed`);
  return {
    workersUs: ((used(workers) - workersBefore) / latencies.length) * 1e6,
    balancerUs: ((used(balancers) - balancersBefore) / latencies.length) * 1e6,
    commandsPerSecond: latencies.length / elapsedS,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

/** One after the other, for devices that have their links. */
async function measureAssignments(cluster: TestCluster, ids: readonly string[]) {
  using ask = createAssignmentAsker(cluster.balancerPorts[0]?.assign as number, cluster.ca);
  const latencies: number[] = [];
  for (let count = 0; count < assignments; count += 1) {
    const from = performance.now();
    await ask(ids[Math.floor(Math.random() * ids.length)] as string);
    latencies.push(performance.now() - from);
  }
  return { assignP50Ms: quantile(latencies, 0.5), assignP99Ms: quantile(latencies, 0.99) };
}

function print(row: Row): void {
  const cells = [
    String(row.links).padStart(7),
    `${row.residentKib.toFixed(1)} / ${row.heapKib.toFixed(1)}`.padStart(16),
    `${row.workersUs.toFixed(0)} + ${row.balancerUs.toFixed(0)} = ${(row.workersUs + row.balancerUs).toFixed(0)}`.padStart(
      18,
    ),
    `${row.commandsPerSecond.toFixed(0)}/s  ${row.p50Ms.toFixed(1)} / ${row.p99Ms.toFixed(1)}`.padStart(24),
    `${row.assignP50Ms.toFixed(1)} / ${row.assignP99Ms.toFixed(1)}`.padStart(14),
  ];
  console.log(cells.join('  '));
}

printHeader('growth');
console.log(
  `${kind} links ${values.plain ? 'without' : 'over'} TLS on one push server, one balancer, ${values.registry} registry; PushStream with ${inFlight} under way`,
);
console.log('  links   KiB per link of   CPU µs per command   commands, p50 / p99 ms    assignment,');
console.log('          RSS / live heap   workers + balancer                              p50 / p99 ms');
for (const links of sizes) print(await measure(links));

// Round trips of Push: a forced synchronization there, its result back. Everything runs on this machine.
//   npm run push -w benchmarks -- [--devices 1000] [--seconds 10] [--push-servers 1] [--registry embedded|redis]
import { parseArgs } from 'node:util';
import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { inParallel, TestCluster, testSecret } from '@pushfleet/test/cluster';
import { deviceIds, Fleet } from './fleet.ts';
import { cpuSeconds, printHeader } from './machine.ts';
import { quantile } from './quantiles.ts';

const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    'push-servers': { type: 'string', default: '1' },
    registry: { type: 'string', default: 'embedded' },
  },
});
const devices = Number(values.devices);
const seconds = Number(values.seconds);
const pushServers = Number(values['push-servers']);
const ids = deviceIds(devices);

interface Round {
  /** Milliseconds, one for each push that succeeded. */
  latencies: number[];
  failed: number;
  elapsedS: number;
}

function request(index: number): admin.PushRequestInit {
  return { deviceId: ids[index % ids.length] as string, operation: { forceSync: {} } };
}

/** Unary calls, so many at a time. */
async function unary(client: AdminClient, concurrency: number): Promise<Round> {
  const round: Round = { latencies: [], failed: 0, elapsedS: 0 };
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  let next = 0;
  const run = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      const { status } = await client.push(request(next++));
      record(round, status, performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
  round.elapsedS = (performance.now() - begun) / 1_000;
  return round;
}

/** One PushStream, with so many commands under way. */
async function stream(client: AdminClient, inFlight: number): Promise<Round> {
  const round: Round = { latencies: [], failed: 0, elapsedS: 0 };
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  const sentAt = new Map<admin.PushRequestInit, number>();
  function* requests() {
    for (let index = 0; performance.now() < until; index += 1) {
      const made = request(index);
      sentAt.set(made, performance.now());
      yield made;
    }
  }
  for await (const answer of client.pushMany(requests(), { inFlight })) {
    const tookMs = performance.now() - (sentAt.get(answer.request) as number);
    sentAt.delete(answer.request);
    record(round, 'response' in answer ? answer.response?.status : null, tookMs);
  }
  round.elapsedS = (performance.now() - begun) / 1_000;
  return round;
}

function record(round: Round, status: admin.PushResponse['status'] | undefined, tookMs: number): void {
  if (status?.outcome === 'OUTCOME_SUCCEEDED') round.latencies.push(tookMs);
  else round.failed += 1;
}

async function measure(name: string, pids: Record<string, number[]>, run: () => Promise<Round>): Promise<void> {
  const used = (group: number[]) => group.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = Object.values(pids).map(used);
  const { latencies, failed, elapsedS } = await run();
  const done = latencies.length;
  const cpu = Object.entries(pids).map(([group, of], index) => {
    return `${group} ${Math.round(((used(of) - (before[index] as number)) / done) * 1e6)}`;
  });
  const p50 = quantile(latencies, 0.5).toFixed(2);
  const p99 = quantile(latencies, 0.99).toFixed(2);
  console.log(`${name.padEnd(28)} ${Math.round(done / elapsedS)}/s  p50 ${p50} ms  p99 ${p99} ms  failed ${failed}`);
  console.log(`${''.padEnd(28)} CPU µs per command: ${cpu.join(', ')}`);
}

const registry = values.registry === 'redis' ? 'redis' : 'embedded';
await using cluster = await TestCluster.create({ pushServers, registry, maxConnections: devices + 1_000 });
await inParallel(32, ids, (id) => cluster.devices.register(id));
const shared = { balancers: cluster.assignUrls, ca: cluster.ca.toString(), secret: testSecret };
await using fleet = await Fleet.connect({ devices, links: ['grpc', 'mqtt'], processes: 1, ...shared });
const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
const pids = {
  balancer: cluster.balancers.map(({ pid }) => pid),
  workers,
  devices: fleet.pids,
  caller: [process.pid],
};

printHeader('push');
console.log(
  `${devices} devices, half gRPC, half MQTT 5, all over TLS; ${pushServers} push server(s), ${workers.length} workers, one balancer, ${registry} registry; ${seconds} s each`,
);
const { admin: client } = cluster;
await unary(client, 8);
await measure('Push, one at a time', pids, () => unary(client, 1));
await measure('Push, 64 at a time', pids, () => unary(client, 64));
await measure('PushStream, 64 under way', pids, () => stream(client, 64));
await measure('PushStream, 512 under way', pids, () => stream(client, 512));

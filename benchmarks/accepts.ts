// CPU that a device costs which comes (back), in all processes: assignment, TLS handshake, ticket, session, and the goodbye to its
// link before; with the ticket that it still has, and with one that it asks for. Full and resumed handshakes; beside them those of
// `node:tls` alone.
//   npm run accepts -w benchmarks -- [--devices 1000] [--seconds 20] [--rate 100] [--registry redis] [--assign-connections each|shared]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TestCluster } from '@pushfleet/test/cluster';
import { BareTls } from './bare-tls.ts';
import { LeanFleet, type LinkKind } from './lean-fleet.ts';
import { cpuSeconds, printHeader } from './machine.ts';
import { redisInfo } from './redis-info.ts';

const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '100' },
    registry: { type: 'string', default: 'redis' },
    'assign-connections': { type: 'string', default: 'each' },
  },
});
const [devices, seconds, rate] = [Number(values.devices), Number(values.seconds), Number(values.rate)];
const assignConnections = values['assign-connections'] === 'shared' ? 'shared' : 'each';
const warmUpMs = 5_000;
/** Milliseconds of CPU of a bare `node:tls` server for one connection, by whether it resumes a session. */
const bareMs = new Map<boolean, number>();
const registry = values.registry === 'embedded' ? 'embedded' : 'redis';

/** CPU seconds so far, by kind of process. */
async function readCpu(cluster: TestCluster): Promise<Record<string, number>> {
  const sum = (pids: readonly number[]) => pids.reduce((total, pid) => total + cpuSeconds(pid), 0);
  const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
  const redis = async (field: string) => await redisInfo(cluster.redis.url, 'cpu', field);
  return {
    worker: sum(workers),
    balancer: sum(cluster.balancers.map(({ pid }) => pid)),
    supervisor: sum(cluster.pushServers.map(({ pid }) => pid)),
    ...(registry === 'redis' ? { redis: (await redis('used_cpu_user')) + (await redis('used_cpu_sys')) } : {}),
  };
}

interface Measured {
  returns: number;
  /** Percent of the handshakes with push servers. */
  resumed: number;
  /** Milliseconds of CPU for each return, by kind of process. */
  costs: [name: string, ms: number][];
}

async function measureChurn(cluster: TestCluster, fleet: LeanFleet, asks: boolean): Promise<Measured> {
  // Code that has run often enough to be compiled, in every process.
  await fleet.churn(rate / devices, warmUpMs, asks);
  const [cpu, counts] = [await readCpu(cluster), fleet.counts];
  await fleet.churn(rate / devices, seconds * 1_000, asks);
  const [cpuAfter, after] = [await readCpu(cluster), fleet.counts];
  const returns = after.connected - counts.connected;
  const costs = Object.entries(cpuAfter).map(([name, used]): [string, number] => [
    name,
    ((used - (cpu[name] ?? 0)) / returns) * 1_000,
  ]);
  return { returns, resumed: Math.round((100 * (after.resumed - counts.resumed)) / returns), costs };
}

async function measure(link: LinkKind, resumption: boolean): Promise<void> {
  await using cluster = await TestCluster.create({
    ...{ registry, maxConnections: devices + 1_000, ownRedis: registry === 'redis' },
    environment: { PUSHFLEET_MAX_WORKERS: '1' },
  });
  await using fleet = await LeanFleet.connect(cluster, {
    ...{ devices, link, resumption, assignConnections, perSecond: 400 },
  });
  for (const asks of [false, true]) {
    const { returns, resumed, costs } = await measureChurn(cluster, fleet, asks);
    const all = costs.reduce((sum, [, ms]) => sum + ms, 0);
    const shares = costs.map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(', ');
    const name = `${link}, ${asks ? 'assigned anew' : 'with its ticket'}`.padEnd(24);
    const ratio = (all / (bareMs.get(resumption) as number)).toFixed(1);
    console.log(
      `${name} ${resumed.toString().padStart(3)} % resumed  ${all.toFixed(2)} ms (${ratio} × bare): ${shares}  (${returns} returns)`,
    );
  }
}

async function measureBare(resume: boolean): Promise<void> {
  await using cluster = await TestCluster.create();
  const read = (name: string) => readFileSync(join(cluster.stateDir, name), 'utf8');
  await using server = new BareTls();
  await using client = new BareTls();
  const port = await server.run({ kind: 'serve', cert: read('server.crt'), key: read('server.key') });
  const task = { kind: 'connect', port, ca: read('ca.crt'), connections: rate * seconds, resume } as const;
  await client.run({ ...task, connections: 500 });
  await client.run({ kind: 'close' });
  const cpu = cpuSeconds(server.pid);
  const resumed = await client.run(task);
  await client.run({ kind: 'close' });
  const ms = ((cpuSeconds(server.pid) - cpu) / task.connections) * 1_000;
  bareMs.set(resume, ms);
  const share = Math.round((100 * resumed) / task.connections);
  console.log(`${'bare node:tls'.padEnd(24)} ${share.toString().padStart(3)} % resumed  ${ms.toFixed(2)} ms`);
}

printHeader('accepts');
console.log(
  `${devices} devices on one worker, ${rate} of them leave each second and come back; ${registry} registry; CPU per return`,
);
for (const resume of [false, true]) await measureBare(resume);
for (const link of ['mqtt5', 'grpc'] as const) for (const resumption of [false, true]) await measure(link, resumption);

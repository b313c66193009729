// Whether memory returns after clients that follow no rules: each sends a megabyte of random bytes, on every port, with and
// without TLS.
//   npm run hostile-clients -w benchmarks -- [--rounds 20]
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Approach, approaches, closed, inParallel, TestCluster } from '@pushfleet/test/cluster';
import { printHeader, residentBytes } from './machine.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const rounds = Number(values.rounds);
const concurrency = 8;
const patienceMs = 20_000;
const garbage = randomBytes(1_048_576);

async function attack(port: number, approach: Approach): Promise<void> {
  const socket = await approach.connect(port);
  if (!socket.destroyed) socket.write(garbage);
  await closed(socket, patienceMs);
}

await using cluster = await TestCluster.create({ environment: { PUSHFLEET_MAX_WORKERS: '1' } });
const [worker] = (await cluster.nodes()).flatMap((node) => node.workers);
const watched = { balancer: cluster.balancers[0]?.pid as number, worker: worker?.pid as number };
const ports = [...Object.values(cluster.balancerPorts[0] ?? {}), ...cluster.devicePorts];
const report = (when: string) => {
  const figures = Object.entries(watched).map(
    ([name, pid]) => `${name} ${Math.round(residentBytes(pid) / 2 ** 20)} MiB`,
  );
  console.log(`${when.padEnd(36)} ${figures.join(', ')}`);
};

printHeader('hostile-clients');
report('before');
for (let round = 1; round <= rounds; round += 1) {
  const attacks = ports.flatMap((port) => approaches.map((approach) => ({ port, approach })));
  await inParallel(concurrency, attacks, ({ port, approach }) => attack(port, approach));
  if (round === 1 || round === rounds)
    report(`after ${round * attacks.length} clients, ${round * attacks.length} MiB sent`);
}
await sleep(10_000);
report('10 s later');

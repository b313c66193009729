// All attacks that are known at once, each again and again, with healthy devices beside that get a push each 100 ms. Prints
// how often each was played, what the healthy clients saw, and the memory of every process before and after.
//   npm run hostile-clients -w benchmarks -- [--seconds 60]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterWatch, TestCluster, Witness } from '@pushfleet/test/cluster';
import { type HostileTarget, hostileDevices } from './hostile/target.ts';
import type { AttackReport } from './hostile-process.ts';
import { printHeader } from './machine.ts';
import { amount, readOptions } from './options.ts';

const values = readOptions('hostile-clients', {
  seconds: amount(60, 1, 86_400),
});
const { seconds } = values;
const pushWithinMs = 1_000;
const settleMs = 10_000;

async function attack(target: HostileTarget): Promise<AttackReport[]> {
  const child = fork(join(import.meta.dirname, 'hostile-process.ts'));
  child.send({ target, seconds });
  const [reports] = await once(child, 'message');
  return reports;
}

function printMemory(when: string): void {
  const figures = Object.entries(watch.residentMiB()).map(([name, mib]) => `${name} ${mib} MiB`);
  console.log(`${when.padEnd(12)} ${figures.join(', ')}`);
}

await using cluster = await TestCluster.create({ environment: { PUSHFLEET_MAX_WORKERS: '1' } });
const healthy = await cluster.devices.connect(6, 'healthy');
await Promise.all(hostileDevices.map((device) => cluster.devices.register(device)));
const [{ assign: assignment = 0, admin = 0, rest = 0 } = {}] = cluster.balancerPorts;
const ports = { device: cluster.devicePorts[0] ?? 0, admin, assignment, rest };
const watch = await ClusterWatch.start(cluster);
const witness = new Witness(cluster.admin, healthy, pushWithinMs);
printHeader('hostile-clients');
printMemory('before');
const reports = await attack({ ports, ca: cluster.ca.toString(), token: await cluster.token });
printMemory('at the end');
await sleep(settleMs);
printMemory('10 s later');
await witness.stop();
for (const { name, rounds, failed } of reports) {
  console.log(`${String(rounds).padStart(7)} × ${name}${failed > 0 ? ` (refused or cut off: ${failed})` : ''}`);
}
const { pushes, slowestMs, complaints } = witness;
console.log(`${pushes} pushes to healthy devices beside, the slowest in ${Math.round(slowestMs)} ms`);
console.log(`processes that ended: ${watch.ended().join(', ') || 'none'}`);
console.log(`what healthy clients noticed: ${complaints.slice(0, 50).join('\n') || 'nothing'}`);
process.exitCode = complaints.length + watch.ended().length > 0 ? 1 : 0;

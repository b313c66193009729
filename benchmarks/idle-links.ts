// Memory of a push server's worker per idle link, of each kind, with and without TLS, and after churn; beside it that of a bare
// `node:tls` server. With --parts also what of it is glibc's heap, and V8's.
//   npm run idle-links -w benchmarks -- [--links 5000] [--churn 2] [--only mqtt5,tls] [--parts]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes, TestCluster } from '@pushfleet/test/cluster';
import { BareTls } from './bare-tls.ts';
import { LeanFleet, type LinkKind } from './lean-fleet.ts';
import { printHeader } from './machine.ts';
import { amount, choices, flag, readOptions, whole } from './options.ts';
import { residentParts } from './resident-parts.ts';

const values = readOptions('idle-links', {
  links: whole(5000, 1, 1_000_000),
  churn: whole(1, 0, 1_000),
  rate: amount(400, 0.1, 100_000),
  only: choices('bare', 'mqtt5', 'grpc', 'tls', 'plain'),
  parts: flag(),
});
const { links, churn, rate: perSecond } = values;
const wanted = new Set<string>(values.only);
/** After the last link is up: what connecting leaves behind is collected. */
const settleMs = 10_000;
/** After churn: V8's memory reducer looks every 8 s whether all is quiet, and its pages are given back a few seconds later. */
const churnedMs = 30_000;

type Reading = Record<string, number>;

/** Resident bytes of a process; by part as well where that is wanted. */
function readResident(pid: number): Reading {
  return { 'KiB per link': residentBytes(pid), ...(values.parts ? residentParts(pid) : {}) };
}

async function readGrowth(pid: number, before: Reading, afterMs = settleMs): Promise<string> {
  await sleep(afterMs);
  const grown = Object.entries(readResident(pid)).map(([part, bytes]) => {
    const kib = (bytes - (before[part] ?? 0)) / links / 1_024;
    return `${kib.toFixed(1)} ${part}`;
  });
  return grown.join(', ');
}

/** Each figure as soon as it is known. */
function print(name: string, grown: string, rounds = 0): void {
  const when = rounds === 0 ? '' : ` after ${rounds} × all came back`;
  console.log(`${name.padEnd(16)} ${grown.padStart(19)}${when}`);
}

async function measure(link: LinkKind, plain: boolean): Promise<void> {
  await using cluster = await TestCluster.create({
    maxConnections: links + 1_000,
    environment: { PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_DEVICE_TLS: plain ? 'off' : 'on' },
  });
  const [worker] = (await cluster.nodes()).flatMap((node) => node.workers);
  const pid = worker?.pid as number;
  await sleep(2_000);
  const before = readResident(pid);
  await using fleet = await LeanFleet.connect(cluster, { devices: links, link, plain, perSecond });
  const name = `${link} ${plain ? 'plain' : 'TLS'}`;
  print(name, await readGrowth(pid, before));
  if (churn === 0) return;
  await fleet.churn(perSecond / links, (churn * links * 1_000) / perSecond);
  print(name, await readGrowth(pid, before, churnedMs), churn);
}

/** @param stateDir Has the certificate of the others. */
async function measureBare(stateDir: string): Promise<void> {
  const read = (name: string) => readFileSync(join(stateDir, name), 'utf8');
  await using server = new BareTls();
  await using client = new BareTls();
  const port = await server.run({ kind: 'serve', cert: read('server.crt'), key: read('server.key') });
  const task = { kind: 'connect', port, ca: read('ca.crt'), connections: links, resume: true } as const;
  const before = readResident(server.pid);
  await client.run(task);
  print('bare node:tls', await readGrowth(server.pid, before));
  for (let round = 0; round < churn; round += 1) {
    await client.run({ kind: 'close' });
    await client.run(task);
  }
  if (churn > 0) print('bare node:tls', await readGrowth(server.pid, before, churnedMs), churn);
}

printHeader('idle-links');
console.log(`${links} idle links on one worker; resident memory of the worker, sockets' kernel memory not included`);
if (wanted.has('bare')) {
  await using cluster = await TestCluster.create();
  await measureBare(cluster.stateDir);
}
for (const link of ['mqtt5', 'grpc'] as const)
  for (const way of ['plain', 'tls'] as const)
    if (wanted.has(link) && wanted.has(way)) await measure(link, way === 'plain');

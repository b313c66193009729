// What each byte of an idle link is for, by class: V8's heap snapshots also name what Node.js and nghttp2 hold. The rest of the resident
// memory, which idle-links measures, is OpenSSL's and the allocators'.
//   npm run link-parts -w benchmarks -- [--links 1500] [--only mqtt5,grpc,tls,plain] [--rows 24]
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, TestCluster } from '@pushfleet/test/cluster';
import { growthOf, type HeapClass, readHeapClasses } from './heap-classes.ts';
import { LeanFleet, type LinkKind } from './lean-fleet.ts';
import { printHeader } from './machine.ts';
import { amount, choices, readOptions, whole } from './options.ts';

const values = readOptions('link-parts', {
  links: whole(1500, 1, 1_000_000),
  rate: amount(300, 0.1, 100_000),
  only: choices('mqtt5', 'grpc', 'tls', 'plain'),
  rows: whole(24, 1, 10_000),
});
const { links, rate: perSecond, rows } = values;
const wanted = new Set<string>(values.only);
const settleMs = 10_000;
/** Begins the names of what is not V8's own in a snapshot: objects of Node.js and of the libraries that report theirs to it. */
const nativePrefix = 'native ';

async function measure(link: LinkKind, plain: boolean): Promise<void> {
  const heapDir = mkdtempSync(join(tmpdir(), 'pushfleet-heap-'));
  await using cluster = await TestCluster.create({
    maxConnections: links + 1_000,
    environment: {
      ...{ PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_DEVICE_TLS: plain ? 'off' : 'on', PUSHFLEET_HEAP_DIR: heapDir },
      ...{ PUSHFLEET_HEAP_SNAPSHOT: 'on', NODE_OPTIONS: `--import ${join(import.meta.dirname, 'heap-preload.mjs')}` },
    },
  });
  const [worker] = (await cluster.nodes()).flatMap((node) => node.workers);
  const pid = worker?.pid as number;
  const before = await classesOf(heapDir, pid);
  await using _fleet = await LeanFleet.connect(cluster, { devices: links, link, plain, perSecond });
  await sleep(settleMs);
  print(`${link} ${plain ? 'plain' : 'TLS'}`, growthOf(before, await classesOf(heapDir, pid)));
  rmSync(heapDir, { recursive: true });
}

async function classesOf(directory: string, pid: number): Promise<Map<string, HeapClass>> {
  const written = join(directory, String(pid));
  rmSync(written, { force: true });
  process.kill(pid, 'SIGUSR2');
  await eventually('the process has written its snapshot', () => existsSync(written), 120_000);
  return readHeapClasses(`${written}.heapsnapshot`);
}

function print(name: string, growth: readonly (HeapClass & { name: string })[]): void {
  const sum = (isNative: boolean) =>
    growth.reduce((bytes, one) => bytes + (one.name.startsWith(nativePrefix) === isNative ? one.bytes : 0), 0);
  const perLink = (bytes: number) => (bytes / links).toFixed(0).padStart(6);
  console.log(`\n${name}: bytes per link, of ${links}`);
  console.log(`${perLink(sum(false))}  V8's heap, live`);
  console.log(`${perLink(sum(true))}  native memory that a snapshot names`);
  for (const { name: what, bytes, count } of growth.slice(0, rows)) {
    console.log(`${perLink(bytes)}  ${(count / links).toFixed(1).padStart(5)} × ${what}`);
  }
}

printHeader('link-parts');
for (const link of ['mqtt5', 'grpc'] as const)
  for (const way of ['plain', 'tls'] as const)
    if (wanted.has(link) && wanted.has(way)) await measure(link, way === 'plain');

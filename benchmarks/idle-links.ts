// Memory of a push server's worker per idle link, of each kind, with and without TLS.
//   npm run idle-links -w benchmarks -- [--links 5000]
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { LinkKind } from '@pushfleet/device-sdk';
import { eventually, inParallel, residentBytes, TestCluster, testSecret } from '@pushfleet/test/cluster';
import { deviceIds, Fleet } from './fleet.ts';
import { printHeader } from './machine.ts';

const { values } = parseArgs({ options: { links: { type: 'string', default: '5000' } } });
const links = Number(values.links);
/** After the last link is up: what connecting leaves behind is collected. */
const settleMs = 10_000;

async function measure(link: LinkKind, tls: boolean): Promise<void> {
  await using cluster = await TestCluster.create({
    maxConnections: links + 1_000,
    environment: { PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_DEVICE_TLS: tls ? 'on' : 'off' },
  });
  await inParallel(32, deviceIds(links), (id) => cluster.devices.register(id));
  const [worker] = (await cluster.nodes()).flatMap((node) => node.workers);
  const pid = worker?.pid as number;
  const before = residentBytes(pid);
  const shared = { balancers: cluster.assignUrls, ca: cluster.ca.toString(), secret: testSecret };
  const begun = performance.now();
  await using _fleet = await Fleet.connect({
    devices: links,
    links: [link],
    processes: 2,
    plaintextLink: !tls,
    ...shared,
  });
  const seconds = (performance.now() - begun) / 1_000;
  await eventually('all links are counted', async () => (await cluster.nodes())[0]?.live === links);
  await sleep(settleMs);
  const kib = (residentBytes(pid) - before) / links / 1_024;
  const rate = Math.round(links / seconds);
  console.log(
    `${link.padEnd(5)} ${tls ? 'TLS  ' : 'plain'}  ${kib.toFixed(1)} KiB per link  (${rate} devices/s assigned and connected)`,
  );
}

printHeader('idle-links');
console.log(`${links} idle links on one worker; resident memory of the worker, sockets' kernel memory not included`);
for (const link of ['mqtt', 'grpc'] as const) for (const tls of [false, true]) await measure(link, tls);

// How long one push takes in a cluster that has little to do: one after the other, and a few a second, for each kind of link.
//   npm run latency -w benchmarks -- [--links mqtt5,grpc] [--wires tls,plain] [--devices 100] [--rate 30] [--seconds 20]
import { setTimeout as sleep } from 'node:timers/promises';
import type { admin } from '@pushfleet/protocol';
import { TestCluster } from '@pushfleet/test/cluster';
import { LeanFleet, type LinkKind } from './lean-fleet.ts';
import { printHeader } from './machine.ts';
import { amount, choices, readOptions, whole } from './options.ts';
import { stream, unary } from './push-rounds.ts';
import { quantile } from './quantiles.ts';

const values = readOptions('latency', {
  links: choices('mqtt5', 'grpc'),
  wires: choices('tls', 'plain'),
  devices: whole(100, 1, 1_000_000),
  rate: amount(30, 0.1, 100_000),
  seconds: amount(20, 1, 86_400),
});
const { seconds } = values;
const pauseMs = 1_000 / values.rate;

function requestsFor(ids: readonly string[]) {
  return (index: number) => ({ deviceId: ids[index % ids.length] as string, operation: { forceSync: {} } });
}

/** One push at a time on one stream, each some time after the one before has ended. */
async function seldom(cluster: TestCluster, request: (index: number) => admin.PushRequestInit): Promise<number[]> {
  const latencies: number[] = [];
  const sentAt = new Map<admin.PushRequestInit, number>();
  const untilMs = performance.now() + seconds * 1_000;
  async function* requests() {
    for (let index = 0; performance.now() < untilMs; index += 1) {
      await sleep(pauseMs);
      const made = request(index);
      sentAt.set(made, performance.now());
      yield made;
    }
  }
  for await (const answer of cluster.admin.commands.pushMany(requests(), { inFlight: 1 })) {
    latencies.push(performance.now() - (sentAt.get(answer.request) as number));
  }
  return latencies;
}

function print(name: string, latencies: readonly number[]): void {
  const cells = [0.5, 0.9, 0.99].map((share) => quantile(latencies, share).toFixed(2).padStart(7));
  console.log(`${name.padEnd(44)} ${String(latencies.length).padStart(7)}  ${cells.join(' ')}`);
}

async function measure(link: LinkKind, plain: boolean): Promise<void> {
  const environment = { PUSHFLEET_DEVICE_TLS: plain ? 'off' : 'on' };
  await using cluster = await TestCluster.create({ maxConnections: 2_000, environment });
  await using fleet = await LeanFleet.connect(cluster, {
    devices: values.devices,
    link,
    plain,
    perSecond: 100,
  });
  const request = requestsFor(fleet.ids);
  const name = `${link}, ${plain ? 'plain' : 'TLS'}, `;
  const options = { client: cluster.admin, seconds, request };
  print(`${name}${values.rate}/s in a new cluster`, await seldom(cluster, request));
  print(`${name}one after the other`, (await stream(options, 1)).latencies);
  print(`${name}one after the other, unary`, (await unary(options, 1)).latencies);
  print(`${name}${values.rate}/s`, await seldom(cluster, request));
}

printHeader('latency');
console.log(`${''.padEnd(44)}  pushes  p50, p90, p99 in ms`);
for (const link of values.links) {
  for (const wire of values.wires) await measure(link, wire === 'plain');
}

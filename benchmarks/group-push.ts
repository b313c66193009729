// One forced synchronization of a whole group: how long until every device's outcome is in. Then the same with some of the
// devices away, durable: these get it on their return, once.
//   npm run group-push -w benchmarks -- [--devices 10000] [--away-percent 10] [--rounds 3] [--registry redis|embedded]
import type { admin } from '@pushfleet/protocol';
import { inParallel, TestCluster, testGroup, testSecret } from '@pushfleet/test/cluster';
import { meterOf } from './cluster-cpu.ts';
import { deviceIds, Fleet } from './fleet.ts';
import { printHeader } from './machine.ts';
import { amount, readOptions, registryOption, whole } from './options.ts';
import { quantile } from './quantiles.ts';

const values = readOptions('group-push', {
  devices: whole(10000, 1, 1_000_000),
  'away-percent': amount(10, 0, 100),
  rounds: whole(3, 1, 1_000),
  registry: registryOption('redis'),
});
const { devices, registry } = values;
const away = Math.round((devices * values['away-percent']) / 100);
const ids = deviceIds(devices);

await using cluster = await TestCluster.create({ registry, maxConnections: devices + 1_000 });
await inParallel(64, ids, (id) => cluster.devices.register(id));
const shared = { balancers: cluster.assignUrls, ca: cluster.ca.toString(), secret: testSecret };
await using present = await Fleet.connect({ ids: ids.slice(away), links: ['grpc', 'mqtt'], processes: 2, ...shared });
let returned = await Fleet.connect({ ids: ids.slice(0, away), links: ['grpc', 'mqtt'], processes: 1, ...shared });

const { admin: client } = cluster;
const seconds = (sinceMs: number) => ((performance.now() - sinceMs) / 1_000).toFixed(2);

/** Resolves with the last state that satisfies `isThere`, and how long that took. */
async function push(delivery: admin.GroupPushDeliveryInit, isThere: (push: admin.GroupPush) => boolean) {
  const begun = performance.now();
  const { groupPushId } = await client.groupPushes.start({ group: testGroup, operation: { forceSync: {} }, delivery });
  for await (const now of client.groupPushes.watch(groupPushId)) {
    if (isThere(now)) return { push: now, tookS: Number(seconds(begun)) };
  }
  throw new Error('the group push ended before it was there');
}

const at = ({ counts }: admin.GroupPush, outcome: string) =>
  counts.find((count) => count.outcome === outcome)?.devices ?? 0;
const describe = ({ counts }: admin.GroupPush) => counts.map((one) => `${one.devices} ${one.outcome}`).join(', ');

printHeader('group-push');
console.log(
  `${devices} devices, half gRPC, half MQTT 5, all over TLS; one push server, one balancer, ${registry} registry`,
);
const cpu = await meterOf(cluster, present, registry);
for (const [name, delivery] of [
  ['direct', {}],
  ['durable', { ttlMs: 600_000 }],
] as const) {
  const before = await cpu();
  const rounds = [];
  for (let round = 0; round < values.rounds; round += 1) {
    rounds.push(await push(delivery, ({ endedAtMs }) => endedAtMs > 0));
  }
  const used = Object.entries(await cpu()).map(([group, sum]) => {
    return `${group} ${Math.round(((sum - (before[group] ?? 0)) / devices / rounds.length) * 1e6)}`;
  });
  const times = rounds.map(({ tookS }) => tookS);
  console.log(`${name}: every outcome in after ${times.join(', ')} s (median ${quantile(times, 0.5)} s)`);
  console.log(`  ${describe((rounds.at(-1) as (typeof rounds)[number]).push)}; CPU µs per device: ${used.join(', ')}`);
}

await returned[Symbol.asyncDispose]();
const { push: waiting, tookS } = await push(
  { ttlMs: 600_000 },
  (now) => at(now, 'OUTCOME_SUCCEEDED') === devices - away && at(now, 'OUTCOME_QUEUED') === away,
);
console.log(`durable, ${away} devices away: ${describe(waiting)} after ${tookS} s`);
const begun = performance.now();
returned = await Fleet.connect({ ids: ids.slice(0, away), links: ['grpc', 'mqtt'], processes: 1, ...shared });
const connectedS = seconds(begun);
for await (const now of client.groupPushes.watch(waiting.groupPushId)) {
  if (now.endedAtMs > 0) console.log(`they are back after ${connectedS} s; ${describe(now)} after ${seconds(begun)} s`);
}
await using _ = returned;
console.log(`commands that the returned devices ran: ${await returned.commandsRun()} (one each)`);

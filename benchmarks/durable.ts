// Durable commands: written to the registry before they are accepted, delivered, and their results written there.
//   npm run durable -w benchmarks -- [--devices 1000] [--seconds 10] [--registry redis|embedded]
import { inParallel, TestCluster, testSecret } from '@pushfleet/test/cluster';
import { meterOf } from './cluster-cpu.ts';
import { deviceIds, Fleet } from './fleet.ts';
import { printHeader } from './machine.ts';
import { amount, readOptions, registryOption, whole } from './options.ts';
import { measure, type RoundOptions, stream, unary } from './push-rounds.ts';

const values = readOptions('durable', {
  devices: whole(1000, 1, 1_000_000),
  seconds: amount(10, 1, 86_400),
  registry: registryOption('redis'),
});
const { devices, seconds, registry } = values;
const ids = deviceIds(devices);
const ttlMs = 600_000;

await using cluster = await TestCluster.create({ registry, maxConnections: devices + 1_000 });
await inParallel(32, ids, (id) => cluster.devices.register(id));
const shared = { balancers: cluster.assignUrls, ca: cluster.ca.toString(), secret: testSecret };
await using fleet = await Fleet.connect({ devices, links: ['grpc', 'mqtt'], processes: 1, ...shared });
const cpu = await meterOf(cluster, fleet, registry);
const operation = { custom: { name: 'bench', payload: Buffer.alloc(64) } };
const finished: RoundOptions = {
  client: cluster.admin,
  seconds,
  request: (index) => ({ deviceId: ids[index % ids.length] as string, operation, ttlMs }),
};
const accepted: RoundOptions = {
  ...finished,
  request: (index) => ({ ...finished.request(index), wait: 'WAIT_ACCEPTED' }),
  wanted: ['OUTCOME_ROUTED', 'OUTCOME_QUEUED', 'OUTCOME_DELIVERED', 'OUTCOME_SUCCEEDED'],
};

printHeader('durable');
console.log(
  `${devices} devices, half gRPC, half MQTT 5, all over TLS; one push server, one balancer, ${registry} registry; ${seconds} s each, after 12 s to warm up`,
);
// Until the code that runs everywhere is compiled for good.
await stream({ ...finished, seconds: 10 }, 256);
await unary({ ...finished, seconds: 2 }, 8);
await measure('Push, one at a time', cpu, () => unary(finished, 1));
for (const inFlight of [256, 1_024, 2_048]) {
  await measure(`PushStream, ${inFlight}, to the end`, cpu, () => stream(finished, inFlight));
}
await measure('PushStream, 2048, accepted', cpu, () => stream(accepted, 2_048));

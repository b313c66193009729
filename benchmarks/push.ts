// Round trips of Push: a forced synchronization there, its result back. Everything runs on this machine.
//   npm run push -w benchmarks -- [--devices 1000] [--seconds 10] [--push-servers 1] [--registry embedded|redis]
//     [--traces http://collector:4318]: every command is traced
import { inParallel, TestCluster, testSecret } from '@pushfleet/test/cluster';
import { meterOf } from './cluster-cpu.ts';
import { deviceIds, Fleet } from './fleet.ts';
import { printHeader } from './machine.ts';
import { amount, readOptions, registryOption, text, whole } from './options.ts';
import { measure, stream, unary } from './push-rounds.ts';

const values = readOptions('push', {
  devices: whole(1000, 1, 1_000_000),
  seconds: amount(10, 1, 86_400),
  'push-servers': whole(1, 1, 64),
  registry: registryOption('embedded'),
  traces: text(),
});
const { devices, seconds, registry } = values;
const pushServers = values['push-servers'];
const ids = deviceIds(devices);

const environment: Record<string, string> = values.traces ? { OTEL_EXPORTER_OTLP_ENDPOINT: values.traces } : {};
await using cluster = await TestCluster.create({ pushServers, registry, maxConnections: devices + 1_000, environment });
await inParallel(32, ids, (id) => cluster.devices.register(id));
const shared = { balancers: cluster.assignUrls, ca: cluster.ca.toString(), secret: testSecret };
await using fleet = await Fleet.connect({ devices, links: ['grpc', 'mqtt'], processes: 1, ...shared });
const cpu = await meterOf(cluster, fleet, registry);
const options = {
  client: cluster.admin,
  seconds,
  request: (index: number) => ({ deviceId: ids[index % ids.length] as string, operation: { forceSync: {} } }),
};

printHeader('push');
console.log(
  `${devices} devices, half gRPC, half MQTT 5, all over TLS; ${pushServers} push server(s), one balancer, ${registry} registry; ${seconds} s each, after 12 s to warm up`,
);
// Until the code that runs everywhere is compiled for good.
await stream({ ...options, seconds: 10 }, 256);
await unary({ ...options, seconds: 2 }, 8);
await measure('Push, one at a time', cpu, () => unary(options, 1));
await measure('Push, 64 at a time', cpu, () => unary(options, 64));
for (const inFlight of [64, 256, 512]) {
  await measure(`PushStream, ${inFlight} under way`, cpu, () => stream(options, inFlight));
}

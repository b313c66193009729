// What each operation of a device's life costs Redis, and the process that asks; and what Redis keeps of it. Everything under the
// fleet's hash tag is in one slot, so that the first table says how many devices can return in a second at most.
//   redis-server --port 6399 --save '' & npm run registry-cost -w benchmarks -- --url redis://127.0.0.1:6399
import {
  type DeviceId,
  type NodeId,
  parseBootId,
  parseDeviceId,
  parseGroupPath,
  parseNodeId,
  parseWorkerId,
} from '@pushfleet/protocol';
import { type NodeRecord, openRegistry, type Registry } from '@pushfleet/registry';
import { printHeader } from './machine.ts';
import { readOptions, text, whole } from './options.ts';
import { redisInfo } from './redis-info.ts';

const values = readOptions('registry-cost', {
  url: text(),
  devices: whole(20000, 1, 1_000_000),
});
const { url = 'redis://127.0.0.1:6379' } = values;
const devices: DeviceId[] = Array.from({ length: values.devices }, (_, at) => parseDeviceId(`device-${at}`));
/** Few: on a busy machine a reservation among hundreds of push servers takes Redis milliseconds, and they queue up. */
const inFlight = 16;
const group = parseGroupPath('Bench');

async function redisCpuMs(): Promise<number> {
  const [user, system] = await Promise.all([
    redisInfo(url, 'cpu', 'used_cpu_user'),
    redisInfo(url, 'cpu', 'used_cpu_sys'),
  ]);
  return (user + system) * 1_000;
}

/** Calls `run` for each device, many at a time, and prints what one call has cost. */
async function measure(name: string, run: (device: DeviceId, index: number) => Promise<unknown>): Promise<void> {
  const [redisBefore, bytesBefore, own] = [await redisCpuMs(), await redisInfo(url, 'memory', 'used_memory'), cpuMs()];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < devices.length; at = next++) await run(devices[at] as DeviceId, at);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const each = (ms: number) => `${((ms * 1_000) / devices.length).toFixed(0)} µs`.padStart(8);
  const redisMs = (await redisCpuMs()) - redisBefore;
  const bytes = ((await redisInfo(url, 'memory', 'used_memory')) - bytesBefore) / devices.length;
  console.log(
    `${name.padEnd(38)} Redis ${each(redisMs)}   caller ${each(cpuMs() - own)}   memory ${bytes.toFixed(0)} bytes`,
  );
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function nodeRecord(index: number): NodeRecord {
  const worker = {
    workerId: parseWorkerId('w0'),
    bootId: parseBootId(`boot-${index}-w0`),
    pid: 1,
    controlAddress: '127.0.0.1:40000',
    live: 0,
    capacity: 1_000_000,
  };
  const address = { address: 'dp.example.com', port: 13_295 };
  const id = parseNodeId(`dp-${index}`);
  const boot = parseBootId(`boot-${index}`);
  return { nodeId: id, bootId: boot, status: 'ready', ...address, capacity: 1_000_000, weight: 100, workers: [worker] };
}

async function openBench(): Promise<Registry> {
  return openRegistry({
    stateDir: '',
    redisUrl: url,
    redisKeyPrefix: `bench-${process.pid}`,
    suspectAfterMs: 600_000,
    deadAfterMs: 600_000,
  });
}

function reserveAmong(count: number, device: DeviceId): Promise<unknown> {
  const tiers = [ids.slice(0, count)];
  return registry.assignments.reserve({ device, tiers, avoid: [], lapseMs: 600_000, backups: 2 });
}

await using registry = await openBench();
const largest = 200;
const ids: NodeId[] = [];
for (let index = 0; index < largest; index += 1) {
  const record = nodeRecord(index);
  await registry.nodes.register(record);
  ids.push(record.nodeId);
}
printHeader('registry-cost');
console.log(`${devices.length} devices, ${inFlight} operations under way`);
await registry.fleet.putGroup(group);
const secretHash = `sha256$${'s'.repeat(22)}$${'h'.repeat(43)}`;
await measure('device record written', (id) =>
  registry.fleet.putDevice({ id, group, secretHash, labels: {}, linkKinds: [] }),
);
await measure('device record read', (id) => registry.fleet.getDevice(id));
for (const count of [1, 3, 20]) {
  await measure(`reservation among ${count} push servers`, (device) => reserveAmong(count, device));
}
const at = { nodeId: ids[0] as NodeId, workerId: parseWorkerId('w0'), bootId: parseBootId('boot-0-w0') };
await measure('session opened', (device) => registry.sessions.open(device, at, { link: 'mqtt', generation: 0 }));
const batch = 250;
await measure(`heartbeat, ${batch} devices arrived, each`, async (_, index) => {
  if (index % batch !== 0) return;
  const arrived = devices.slice(index, index + batch).map((device) => ({ device, bootId: at.bootId }));
  await registry.nodes.heartbeat(nodeRecord(0), { arrived, left: [], events: [] });
});
await measure('session found', (device) => registry.sessions.find(device));
await measure(`reservation among ${largest} push servers`, (device) => reserveAmong(largest, device));

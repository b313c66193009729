// What a list of devices takes at 100,000 of them, half of them connected: milliseconds of a page of 100, by what is asked for.
//   redis-server --port 6399 --save '' & npm run device-list -w benchmarks -- --url redis://127.0.0.1:6399
// Without --url: on SQLite alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DeviceId,
  parseBootId,
  parseDeviceId,
  parseGroupPath,
  parseNodeId,
  parseWorkerId,
} from '@pushfleet/protocol';
import { type DeviceSearch, hashSecret, type NodeRecord, openRegistry, type Registry } from '@pushfleet/registry';
import { printHeader } from './machine.ts';
import { readOptions, text, whole } from './options.ts';

const values = readOptions('device-list', {
  url: text(),
  devices: whole(100000, 1, 1_000_000),
  rounds: whole(20, 1, 10_000),
});
const count = values.devices;
const boots = Array.from({ length: 6 }, (_, at) => parseBootId(`boot-${at}`));
const groups = Array.from({ length: 100 }, (_, at) => parseGroupPath(`Sites/Site ${at}`));
const ids = Array.from({ length: count }, (_, at) => parseDeviceId(`device-${String(at).padStart(6, '0')}`));

const searches: Record<string, Partial<DeviceSearch>> = {
  'no condition': {},
  'part of many ids': { search: '7' },
  'part of one id': { search: `e-${String(count - 1).padStart(6, '0')}` },
  'part of no id': { search: 'nobody' },
  connected: { session: { kind: 'held', by: boots } },
  'away, the last of them': { session: { kind: 'not-held', by: boots }, search: String(count - 1) },
  'on one push server': { session: { kind: 'held', by: boots.slice(0, 2) } },
  'connected, and part of no id': { session: { kind: 'held', by: boots }, search: 'nobody' },
  'by the rare kind of link': { session: { kind: 'held', by: boots, link: 'grpc' } },
  'of a group, connected, part of an id': {
    group: groups[7] as never,
    session: { kind: 'held', by: boots },
    search: '07',
  },
  'of a group': { group: groups[7] as never },
  'of all groups, from the middle on': { group: 'Sites' as never, after: ids[Math.floor(count / 2)] as never },
  'with a label, the last of many': { labels: { half: 'second', tenth: '9' } },
  'with two labels that no device has both': { labels: { half: 'first', tenth: '9' } },
};

/** The node's record with the workers whose boot ids these are. */
function nodeOf(at: number): NodeRecord {
  const workers = boots.slice(2 * at, 2 * at + 2).map((bootId, index) => ({
    ...{
      workerId: parseWorkerId(`w${index}`),
      bootId,
      pid: 1,
      controlAddress: '127.0.0.1:1',
      live: 0,
      capacity: 50_000,
    },
  }));
  const nodeId = parseNodeId(`dp-${at}`);
  return {
    nodeId,
    bootId: parseBootId(`node-${at}`),
    status: 'ready',
    address: 'a',
    port: 1,
    capacity: 100_000,
    weight: 100,
    workers,
  };
}

async function fill({ fleet, sessions, nodes }: Registry): Promise<void> {
  for (const group of groups) await fleet.putGroup(group);
  const secretHash = hashSecret('a secret of the devices');
  const devices = ids.map((id, at) => ({
    id,
    group: groups[at % 100] as never,
    secretHash,
    labels: { half: at < count / 2 ? 'first' : 'second', tenth: String(Math.floor((at * 10) / count)) },
    linkKinds: [],
  }));
  for (let at = 0; at < count; at += 1_000) await fleet.putDevices(devices.slice(at, at + 1_000), () => {});
  for (let node = 0; node < 3; node += 1) await nodes.register(nodeOf(node));
  const held = ids.filter((_, at) => at % 2 === 0);
  for (let at = 0; at < held.length; at += 500) {
    await Promise.all(held.slice(at, at + 500).map((id, index) => open(sessions, id, at + index)));
  }
  for (let node = 0; node < 3; node += 1) {
    const arrived = held.flatMap((device, at) =>
      Math.floor((at % 6) / 2) === node ? [{ device, bootId: boots[at % 6] as never }] : [],
    );
    await nodes.heartbeat(nodeOf(node), { arrived, left: [], events: [] });
  }
}

async function open(sessions: Registry['sessions'], id: DeviceId, at: number): Promise<void> {
  const worker = { nodeId: parseNodeId(`dp-${Math.floor((at % 6) / 2)}`), workerId: parseWorkerId(`w${at % 2}`) };
  // One in a thousand is linked by gRPC.
  const link = at % 1_000 === 0 ? 'grpc' : 'mqtt';
  await sessions.open(id, { ...worker, bootId: boots[at % 6] as never }, { link, generation: Number.MAX_SAFE_INTEGER });
}

/** Pages of 100 in rounds, for Redis also the first one, which reads who is connected; and how many pages it takes to find them. */
async function measure(registry: Registry, name: string, search: Partial<DeviceSearch>): Promise<void> {
  const times: number[] = [];
  const cpuUs: number[] = [];
  const page = (after?: DeviceId) =>
    registry.fleet.searchDevices({ includeSubgroups: true, limit: 101, ...search, ...(after && { after }) });
  for (let round = 0; round < values.rounds; round += 1) {
    const [begunAt, before] = [performance.now(), process.cpuUsage()];
    await page();
    times.push(performance.now() - begunAt);
    const { user, system } = process.cpuUsage(before);
    cpuUs.push(user + system);
  }
  let [pages, found, next] = [0, 0, undefined as DeviceId | undefined];
  do {
    const answer = await page(next);
    [pages, found, next] = [pages + 1, found + answer.devices.length, answer.next];
  } while (next && found < 101);
  const [first = 0] = times;
  const ms = (value: number) => `${value.toFixed(1)} ms`.padStart(9);
  const figures = `first ${ms(first)}   median ${ms(median(times))}   most ${ms(Math.max(...times))}`;
  const cpu = `CPU of this process ${ms(median(cpuUs) / 1_000)}`;
  console.log(`  ${name.padEnd(39)} ${figures}   ${cpu}   found ${found} in ${pages} pages`);
}

function median(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;
}

async function measureAll(name: string, redisUrl: string | undefined): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'pushfleet-device-list-'));
  const liveness = { suspectAfterMs: 3_600_000, deadAfterMs: 3_600_000 };
  const registry = await openRegistry({ stateDir, redisUrl, redisKeyPrefix: 'device-list', ...liveness });
  try {
    await fill(registry);
    console.log(`${name}: ${count} devices, half of them connected to 3 push servers`);
    for (const [asked, search] of Object.entries(searches)) await measure(registry, asked, search);
  } finally {
    await registry[Symbol.asyncDispose]();
    rmSync(stateDir, { recursive: true });
  }
}

printHeader('device-list');
await measureAll('SQLite', undefined);
if (values.url !== undefined) await measureAll('Redis', values.url);

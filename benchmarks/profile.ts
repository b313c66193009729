// Where the CPU of a direct command goes, of one for a whole group, or of a device that asks and comes back: a worker, a balancer and a
// process of the devices, profiled, and summed up by what they were doing. Or where their garbage comes from: bytes allocated, by function, those that are garbage
// by now included.
//   npm run profile -w benchmarks -- [--of commands|group-sync|arrivals] [--allocations] [--links 1000] [--kind mqtt5|grpc] [--plain] [--seconds 8] [--functions 20]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, TestCluster, testGroup } from '@pushfleet/test/cluster';
import { type AllocationProfile, bytesOfFunctions } from './allocation-profile.ts';
import { type CpuProfile, type Share, sharesOfFunctions, sharesOfGroups } from './cpu-profile.ts';
import { LeanFleet } from './lean-fleet.ts';
import { cpuSeconds, printHeader } from './machine.ts';
import { amount, choice, flag, readOptions, whole } from './options.ts';
import { stream } from './push-rounds.ts';

const values = readOptions('profile', {
  of: choice('commands', ['commands', 'group-sync', 'arrivals']),
  allocations: flag(),
  rate: amount(150, 0.1, 100_000),
  links: whole(1000, 1, 1_000_000),
  kind: choice('mqtt5', ['mqtt5', 'grpc']),
  plain: flag(),
  seconds: amount(8, 1, 86_400),
  functions: whole(20, 1, 10_000),
});
const { links, rate, functions } = values;
const isOfArrivals = values.of === 'arrivals';
const isOfGroups = values.of === 'group-sync';
const inFlight = 256;
const warmUpSeconds = 8;
const groups = 16;

const directory = mkdtempSync(join(tmpdir(), 'pushfleet-profile-'));
const profiled = {
  PUSHFLEET_PROFILE_DIR: directory,
  ...(values.allocations ? { PUSHFLEET_PROFILE_ALLOCATIONS: 'on' } : {}),
  NODE_OPTIONS: `--import ${join(import.meta.dirname, 'profile-preload.mjs')}`,
};
await using cluster = await TestCluster.create({
  maxConnections: links + 1_000,
  ...(isOfArrivals || isOfGroups ? { registry: 'redis', ownRedis: true } : {}),
  environment: {
    PUSHFLEET_MAX_WORKERS: '1',
    PUSHFLEET_DEVICE_TLS: values.plain ? 'off' : 'on',
    ...profiled,
  },
});
const [worker] = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
Object.assign(process.env, profiled);
await using fleet = await LeanFleet.connect(cluster, {
  ...{ devices: links, link: values.kind, plain: values.plain, perSecond: 500 },
  assignConnections: isOfArrivals ? 'each' : 'shared',
  resumption: false,
});
const pids = {
  worker: worker as number,
  balancer: cluster.balancers[0]?.pid as number,
  devices: fleet.pids[0] as number,
};
const request = () => {
  const deviceId = fleet.ids[Math.floor(Math.random() * fleet.ids.length)] as string;
  return { deviceId, operation: { forceSync: {} } };
};
/** Commands or arrivals for so long. @returns How many there were. */
async function load(seconds: number): Promise<number> {
  if (isOfGroups) return syncGroup(seconds);
  if (!isOfArrivals) return (await stream({ client: cluster.admin, seconds, request }, inFlight)).latencies.length;
  const before = fleet.counts.connected;
  await fleet.churn(rate / links, seconds * 1_000, true);
  return fleet.counts.connected - before;
}

/** Synchronizes all devices, again and again, for at least so long. */
async function syncGroup(seconds: number): Promise<number> {
  const { groupPushes } = cluster.admin;
  const endAtMs = performance.now() + seconds * 1_000;
  let commands = 0;
  while (performance.now() < endAtMs) {
    const { groupPushId } = await groupPushes.start({ group: testGroup, operation: { forceSync: {} } });
    for await (const { endedAtMs } of groupPushes.watch(groupPushId)) if (endedAtMs > 0) break;
    commands += links;
  }
  return commands;
}

function toggle(): void {
  for (const pid of Object.values(pids)) process.kill(pid, 'SIGUSR2');
}

await load(warmUpSeconds);
toggle();
// To begin a profile takes a moment that is nobody's.
await load(1);
const [before, beganAt] = [cpuOf(), performance.now()];
const done = await load(values.seconds);
const [after, elapsedS] = [cpuOf(), (performance.now() - beganAt) / 1_000];
toggle();

const unit = isOfArrivals ? 'arrival' : 'command';
printHeader('profile');
console.log(`${links} ${values.kind} links ${values.plain ? 'without' : 'over'} TLS; ${describeLoad()}`);
console.log(`${(done / elapsedS).toFixed(0)} ${unit}s/s; CPU in µs per ${unit}, the profiler's own included`);
for (const name of ['worker', 'balancer', 'devices'] as const) {
  // The devices are spread evenly over their processes.
  const usPerUnit = ((after[name] - before[name]) / done) * 1e6 * (name === 'devices' ? fleet.pids.length : 1);
  const profile = await eventually('the profile is written', () => readProfile(pids[name]), 60_000);
  console.log(`${name}: ${usPerUnit.toFixed(1)}`);
  if ('head' in profile) {
    printAllocations(profile, done);
    continue;
  }
  print(sharesOfGroups(profile).slice(0, groups), usPerUnit);
  console.log('  by function');
  print(sharesOfFunctions(profile).slice(0, functions), usPerUnit);
}
rmSync(directory, { recursive: true });

function describeLoad(): string {
  if (isOfGroups) return 'all of them synchronized by group pushes, one after the other';
  return isOfArrivals
    ? `${rate} of them leave each second, ask a balancer and come back, full handshakes`
    : `PushStream with ${inFlight} in flight`;
}

function cpuOf(): Record<keyof typeof pids, number> {
  const { worker, balancer, devices } = pids;
  return { worker: cpuSeconds(worker), balancer: cpuSeconds(balancer), devices: cpuSeconds(devices) };
}

function readProfile(pid: number): CpuProfile | AllocationProfile | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, String(pid)), 'utf8'));
  } catch {
    return undefined;
  }
}

function printAllocations(profile: AllocationProfile, units: number): void {
  const sites = bytesOfFunctions(profile);
  const all = sites.reduce((sum, [, bytes]) => sum + bytes, 0);
  console.log(`  ${(all / units).toFixed(0)} bytes allocated in V8's heap per ${unit}`);
  for (const [name, bytes] of sites.slice(0, functions)) {
    console.log(
      `  ${((bytes / all) * 100).toFixed(1).padStart(5)} %  ${(bytes / units).toFixed(0).padStart(6)}  ${name}`,
    );
  }
}

function print(parts: readonly Share[], usPerCommand: number): void {
  for (const [name, share] of parts) {
    console.log(
      `  ${(share * 100).toFixed(1).padStart(5)} %  ${(share * usPerCommand).toFixed(1).padStart(5)}  ${name}`,
    );
  }
}

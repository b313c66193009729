// Where the CPU of a direct command goes: a worker and a balancer at full rate, profiled, and summed up by what they were doing.
//   npm run profile -w benchmarks -- [--links 1000] [--kind mqtt5|grpc] [--plain] [--seconds 8] [--functions 20]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { eventually, TestCluster } from '@pushfleet/test/cluster';
import { type CpuProfile, type Share, sharesOfFunctions, sharesOfGroups } from './cpu-profile.ts';
import { LeanFleet } from './lean-fleet.ts';
import { cpuSeconds, printHeader } from './machine.ts';
import { stream } from './push-rounds.ts';

const { values } = parseArgs({
  options: {
    links: { type: 'string', default: '1000' },
    kind: { type: 'string', default: 'mqtt5' },
    plain: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '8' },
    functions: { type: 'string', default: '20' },
  },
});
const links = Number(values.links);
const inFlight = 256;
const warmUpSeconds = 8;
const groups = 16;

const directory = mkdtempSync(join(tmpdir(), 'pushfleet-profile-'));
await using cluster = await TestCluster.create({
  maxConnections: links + 1_000,
  environment: {
    PUSHFLEET_MAX_WORKERS: '1',
    PUSHFLEET_DEVICE_TLS: values.plain ? 'off' : 'on',
    PUSHFLEET_PROFILE_DIR: directory,
    NODE_OPTIONS: `--import ${join(import.meta.dirname, 'cpu-profile-preload.mjs')}`,
  },
});
const [worker] = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
const pids = { worker: worker as number, balancer: cluster.balancers[0]?.pid as number };
await using fleet = await LeanFleet.connect(cluster, {
  ...{ devices: links, link: values.kind === 'grpc' ? 'grpc' : 'mqtt5', plain: values.plain, perSecond: 500 },
  assignConnections: 'shared',
});
const request = () => {
  const deviceId = fleet.ids[Math.floor(Math.random() * fleet.ids.length)] as string;
  return { deviceId, operation: { forceSync: {} } };
};
const push = (seconds: number) => stream({ client: cluster.admin, seconds, request }, inFlight);
const toggle = () => {
  for (const pid of Object.values(pids)) process.kill(pid, 'SIGUSR2');
};

await push(warmUpSeconds);
toggle();
// To begin a profile takes a moment that is no command's.
await push(1);
const before = cpuOf();
const { latencies, elapsedS } = await push(Number(values.seconds));
const after = cpuOf();
toggle();

printHeader('profile');
console.log(
  `${links} ${values.kind} links ${values.plain ? 'without' : 'over'} TLS, PushStream with ${inFlight} in flight`,
);
console.log(
  `${(latencies.length / elapsedS).toFixed(0)} commands/s; CPU in µs per command, the profiler's own included`,
);
for (const name of ['worker', 'balancer'] as const) {
  const usPerCommand = ((after[name] - before[name]) / latencies.length) * 1e6;
  const profile = await eventually('the profile is written', () => readProfile(pids[name]), 60_000);
  console.log(`${name}: ${usPerCommand.toFixed(1)}`);
  print(sharesOfGroups(profile).slice(0, groups), usPerCommand);
  console.log('  by function');
  print(sharesOfFunctions(profile).slice(0, Number(values.functions)), usPerCommand);
}
rmSync(directory, { recursive: true });

function cpuOf(): Record<keyof typeof pids, number> {
  return { worker: cpuSeconds(pids.worker), balancer: cpuSeconds(pids.balancer) };
}

function readProfile(pid: number): CpuProfile | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, String(pid)), 'utf8'));
  } catch {
    return undefined;
  }
}

function print(parts: readonly Share[], usPerCommand: number): void {
  for (const [name, share] of parts) {
    console.log(
      `  ${(share * 100).toFixed(1).padStart(5)} %  ${(share * usPerCommand).toFixed(1).padStart(5)}  ${name}`,
    );
  }
}

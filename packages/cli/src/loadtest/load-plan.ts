import { availableParallelism } from 'node:os';
import {
  defaultAddresses,
  defaultProcesses,
  type LoadPlan,
  mayHavePhase,
  mostPerProcess,
  type PushPace,
  pausedRoles,
  type ScenarioName,
  scenarioPhases,
} from '@pushfleet/loadtest';
import { readFileLimit } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import type { LoadFlags } from './options.ts';

/** Scenarios that an option is for; those that are not listed are for all. */
const scenariosOf: Partial<Record<keyof LoadFlags, readonly ScenarioName[]>> = {
  churn: ['soak'],
  rounds: ['group-sync', 'tunnel-throughput'],
  tunnels: ['tunnel-throughput'],
  megabytes: ['tunnel-throughput'],
  drainRate: ['rolling-drain'],
  concentrate: ['node-loss'],
  victimPid: ['node-loss', 'pause'],
  pause: ['pause'],
  rest: ['connect-ramp', 'connect-storm', 'node-loss', 'rolling-drain', 'pause', 'soak'],
  durable: ['connect-ramp', 'connect-storm', 'steady-push', 'node-loss', 'rolling-drain', 'pause', 'soak'],
  pushRate: ['connect-ramp', 'connect-storm', 'steady-push', 'node-loss', 'rolling-drain', 'pause', 'soak'],
  inFlight: ['connect-ramp', 'connect-storm', 'steady-push', 'node-loss', 'rolling-drain', 'pause', 'soak'],
  rate: [
    'connect-ramp',
    'steady-push',
    'group-sync',
    'node-loss',
    'rolling-drain',
    'tunnel-throughput',
    'pause',
    'soak',
  ],
};
const forStarted = ['pushServers', 'maxConnections', 'redisUrl', 'startRedis'] as const;
const forRunning = ['balancer', 'group', 'victimPid', 'allowRemote'] as const;

/** Options that have a value in the scenarios that they are for, without being given. */
const defaults = {
  ...{ plain: false, durable: false, ignoreConnectAfter: false, allowRemote: false, concentrate: false },
  ...{ rate: 300, rest: 10_000, churn: 1, rounds: 3, megabytes: 100, tunnels: 1, drainRate: 200 },
  busyLoops: 0,
} as const;
const defaultDurationMs = 60_000;
/** Longer than a push server may be silent before it is called dead. */
const defaultPauseMs = 20_000;
/** Commands that show how others fare, where the scenario is about something else. */
const background: Partial<Record<ScenarioName, PushPace>> = {
  'steady-push': { kind: 'closed', inFlight: 64 },
  'node-loss': { kind: 'open', perSecond: 100 },
  'rolling-drain': { kind: 'open', perSecond: 100 },
  pause: { kind: 'open', perSecond: 100 },
  soak: { kind: 'open', perSecond: 100 },
};
/** Twice the longest time that a device waits between two attempts. */
const settleForAllMs = 120_000;

/** @throws CommandFailure that names the option and what would be right */
export function planOf(scenario: ScenarioName, flags: LoadFlags): LoadPlan {
  checkCombination(scenario, flags);
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as LoadFlags;
  const { devices, link, pushRate, inFlight, patience, keepAlive, resumption, assignConnections } = given;
  const { plain, durable, ignoreConnectAfter, allowRemote, concentrate, ...flag } = { ...defaults, ...given };
  return {
    ...{ scenario, devices, link, resumption, assignConnections },
    ...{ plain, durable, ignoreConnectAfter, allowRemote, concentrate },
    processes: processesFor(given),
    connectsPerSecond: scenario === 'connect-storm' ? Number.POSITIVE_INFINITY : flag.rate,
    push: paceOf(pushRate, inFlight) ?? background[scenario],
    durationMs: given.duration ?? (scenario === 'pause' ? defaultPauseMs : defaultDurationMs),
    restMs: flag.rest,
    patienceMs: patience,
    keepAliveMs: keepAlive,
    addresses: given.spreadAddresses ?? (given.startCluster ? defaultAddresses(devices) : 1),
    patienceForAllMs: settleForAllMs,
    churnPerSecond: flag.churn / 100,
    rounds: flag.rounds,
    tunnelBytes: flag.megabytes * 1_000_000,
    tunnels: flag.tunnels,
    drainedPerSecond: flag.drainRate,
    pausedRole: pausedRoles[given.pause ?? 'worker'],
    busyLoops: flag.busyLoops,
  };
}

/** Enough that none has more devices than it may have files. */
function processesFor({ devices, processes }: LoadFlags): number {
  const fileLimit = readFileLimit();
  if (processes === undefined) return defaultProcesses(devices, availableParallelism(), fileLimit);
  const most = mostPerProcess(fileLimit);
  if (devices / processes <= most) return processes;
  throw new CommandFailure(
    `--processes ${processes}: each would have more than ${most} devices, which is what its limit of ${fileLimit} open ` +
      `files allows; ${Math.ceil(devices / most)} or more are needed`,
  );
}

/** Options that have no meaning together, or none in this scenario. */
function checkCombination(scenario: ScenarioName, flags: LoadFlags): void {
  checkScenario(scenario, flags);
  const misplaced = (flags.startCluster ? forRunning : forStarted).find((key) => flags[key] !== undefined);
  if (misplaced !== undefined) {
    const where = flags.startCluster
      ? 'a cluster that is running, and not with --start-cluster'
      : 'a cluster that is started: add --start-cluster';
    throw new CommandFailure(`${flagOf(misplaced)} is for ${where}`);
  }
  if (flags.startRedis && flags.redisUrl !== undefined) {
    throw new CommandFailure('--start-redis and --redis-url exclude each other: give one of them');
  }
  if (flags.pushRate !== undefined && flags.inFlight !== undefined) {
    throw new CommandFailure('--push-rate and --in-flight exclude each other: give one of them');
  }
  const pace = paceOf(flags.pushRate, flags.inFlight) ?? background[scenario];
  if (flags.durable && pace === undefined) {
    throw new CommandFailure('--durable is about commands: add --push-rate or --in-flight');
  }
}

function checkScenario(scenario: ScenarioName, flags: LoadFlags): void {
  for (const [key, names] of Object.entries(scenariosOf) as [keyof LoadFlags, readonly ScenarioName[]][]) {
    if (flags[key] === undefined || names.includes(scenario)) continue;
    throw new CommandFailure(`${flagOf(key)} does not apply to ${scenario}: it is for ${names.join(', ')}`);
  }
  for (const { expression, phase } of flags.failIf ?? []) {
    if (phase === undefined || mayHavePhase(scenario, phase)) continue;
    const phases = scenarioPhases[scenario].join(', ');
    throw new CommandFailure(`--fail-if '${expression}': ${scenario} has no phase ${phase}; it has ${phases}`);
  }
  if (scenario === 'node-loss' && !flags.startCluster && flags.victimPid === undefined) {
    throw new CommandFailure(
      'node-loss kills a push server: add --start-cluster, or name its process with --victim-pid',
    );
  }
  if (scenario === 'pause') checkPause(flags);
  if (flags.concentrate && !flags.startCluster) {
    throw new CommandFailure('--concentrate needs push servers with scopes of their own: add --start-cluster');
  }
}

function checkPause({ startCluster, startRedis, victimPid, pause }: LoadFlags): void {
  if (!startCluster && victimPid === undefined) {
    throw new CommandFailure('pause stops a process: add --start-cluster, or name the process with --victim-pid');
  }
  if (startCluster && pause === 'redis' && !startRedis) {
    throw new CommandFailure('--pause redis stops the Redis server of the run alone: add --start-redis');
  }
}

function paceOf(pushRate: number | undefined, inFlight: number | undefined): PushPace | undefined {
  if (pushRate !== undefined) return { kind: 'open', perSecond: pushRate };
  return inFlight === undefined ? undefined : { kind: 'closed', inFlight };
}

/** `pushRate` as it is written: `--push-rate`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

import { availableParallelism } from 'node:os';
import {
  defaultAddresses,
  defaultProcesses,
  type LoadPlan,
  type LoadReport,
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

const withCommands = [
  'connect-ramp',
  'connect-storm',
  'steady-push',
  'node-loss',
  'rolling-drain',
  'pause',
  'soak',
] as const;
/** Scenarios that an option is for; those that are not listed are for all. */
const scenariosOf: Partial<Record<keyof LoadFlags, readonly ScenarioName[]>> = {
  duration: withCommands,
  churn: ['soak'],
  rounds: ['group-sync', 'tunnel-throughput'],
  tunnels: ['tunnel-throughput'],
  megabytes: ['tunnel-throughput'],
  drainRate: ['rolling-drain'],
  concentrate: ['node-loss'],
  victimPid: ['node-loss', 'pause'],
  pause: ['pause'],
  rest: ['connect-ramp', 'connect-storm', 'node-loss', 'rolling-drain', 'pause', 'soak'],
  durable: withCommands,
  pushRate: withCommands,
  inFlight: withCommands,
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
/** Without commands, these have no meaning. */
const aboutCommands = ['durable', 'rest'] as const;

function isFor(scenario: ScenarioName, key: keyof LoadFlags): boolean {
  return scenariosOf[key]?.includes(scenario) ?? true;
}

/** The options that have a value without being given, in the scenarios that they are for. */
const defaults = {
  ...{ plain: false, durable: false, ignoreConnectAfter: false, allowRemote: false, concentrate: false },
  ...{ startCluster: false, startRedis: false, busyLoops: 0 },
  pause: 'worker',
  ...{ rate: 300, duration: 60_000, rest: 10_000, churn: 1, rounds: 3, megabytes: 100, tunnels: 1, drainRate: 200 },
} as const;
/** Commands show how others fare where the scenario is about something else. A pause is longer than a push server may be silent. */
const defaultsOf: Partial<Record<ScenarioName, Pick<LoadFlags, 'pushRate' | 'inFlight' | 'duration'>>> = {
  'steady-push': { inFlight: 64 },
  'node-loss': { pushRate: 100 },
  'rolling-drain': { pushRate: 100 },
  pause: { pushRate: 100, duration: 20_000 },
  soak: { pushRate: 100 },
};
/** Twice the longest time that a device waits between two attempts. */
const settleForAllMs = 120_000;

/** The options with all defaults, whether or not they are for the scenario. */
function completed(scenario: ScenarioName, flags: LoadFlags) {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as LoadFlags;
  const { duration, ...commands } = { ...defaultsOf[scenario] };
  return {
    ...defaults,
    ...(duration === undefined ? {} : { duration }),
    ...(paceOf(given) === undefined ? commands : {}),
    spreadAddresses: given.startCluster ? defaultAddresses(given.devices) : 1,
    ...given,
    processes: processesFor(given),
  };
}

/** @throws CommandFailure that names the option and what would be right */
export function planOf(scenario: ScenarioName, flags: LoadFlags): LoadPlan {
  checkCombination(scenario, flags);
  const flag = completed(scenario, flags);
  const { devices, link, plain, durable, ignoreConnectAfter, resumption, assignConnections } = flag;
  const { processes, rounds, tunnels, allowRemote, concentrate, busyLoops } = flag;
  return {
    ...{ scenario, devices, link, plain, durable, ignoreConnectAfter, resumption, assignConnections },
    ...{ processes, rounds, tunnels, allowRemote, concentrate, busyLoops },
    connectsPerSecond: scenario === 'connect-storm' ? Number.POSITIVE_INFINITY : flag.rate,
    push: paceOf(flag),
    durationMs: flag.duration,
    restMs: flag.rest,
    patienceMs: flag.patience,
    keepAliveMs: flag.keepAlive,
    addresses: flag.spreadAddresses,
    patienceForAllMs: settleForAllMs,
    churnPerSecond: flag.churn / 100,
    tunnelBytes: flag.megabytes * 1_000_000,
    drainedPerSecond: flag.drainRate,
    pausedRole: pausedRoles[flag.pause],
  };
}

/** Values of the options about the cluster, once it is known; absent: none. */
export type ClusterOptionsUsed = Partial<
  Pick<LoadFlags, 'pushServers' | 'maxConnections' | 'redisUrl' | 'balancer' | 'group'>
>;

/**
 * The options that a run was made with, by their names, as its report keeps them: with all defaults, durations in milliseconds. Those that
 * are not for the scenario, or for such a cluster, are absent.
 */
export function usedOptions(
  scenario: ScenarioName,
  flags: LoadFlags,
  ofCluster: ClusterOptionsUsed,
): LoadReport['options'] {
  const { failIf = [], ...all } = completed(scenario, flags);
  const absent = new Set<string>(all.startCluster ? forRunning : forStarted);
  if (paceOf(all) === undefined) for (const key of aboutCommands) absent.add(key);
  const used = Object.entries({ ...all, ...ofCluster }).filter(
    ([key, value]) => value !== undefined && !absent.has(key) && isFor(scenario, key as keyof LoadFlags),
  );
  return {
    ...Object.fromEntries(used.map(([key, value]) => [flagOf(key).slice(2), value])),
    ...(scenario === 'connect-storm' ? { rate: null } : {}),
    'fail-if': failIf.map(({ expression }) => expression),
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
  const idle = paceOf(completed(scenario, flags)) === undefined ? aboutCommands.find((key) => flags[key]) : undefined;
  if (idle !== undefined) throw new CommandFailure(`${flagOf(idle)} is about commands: add --push-rate or --in-flight`);
}

function checkScenario(scenario: ScenarioName, flags: LoadFlags): void {
  for (const [key, names] of Object.entries(scenariosOf) as [keyof LoadFlags, readonly ScenarioName[]][]) {
    if (flags[key] === undefined || isFor(scenario, key)) continue;
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

function paceOf({ pushRate, inFlight }: Pick<LoadFlags, 'pushRate' | 'inFlight'>): PushPace | undefined {
  if (pushRate !== undefined) return { kind: 'open', perSecond: pushRate };
  return inFlight === undefined ? undefined : { kind: 'closed', inFlight };
}

/** `pushRate` as it is written: `--push-rate`. */
function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

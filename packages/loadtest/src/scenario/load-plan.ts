import type { AssignConnections } from '../device/assigner.ts';
import type { LeanLinkKind } from '../device/link.ts';
import type { Witnesses } from '../fleet/messages.ts';
import type { PushPace } from '../measure/push-load.ts';
import type { ProcessRole } from '../report/load-report.ts';

/** The scenarios, by their names on the command line, each with one line that says what happens. */
export const scenarios = {
  'connect-ramp': 'devices come at a steady rate, and stay',
  'connect-storm': 'all devices come at once',
  'steady-push': 'commands to random devices of a fleet that is connected',
  'group-sync': 'a synchronization of all devices at once, several times',
  'node-loss': 'one push server is killed, and its devices come back elsewhere',
  'rolling-drain': 'each push server in turn is drained, while commands flow',
  'tunnel-throughput': 'data through tunnels, both ways',
  pause: 'one process is stopped for a while (SIGSTOP), and goes on',
  soak: 'devices leave and come back all the time, while commands flow',
} as const;
export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

/** The phases that a run of each scenario may have, in their order. N stands for a number from 1 on, NODE for a push server. */
export const scenarioPhases = {
  'connect-ramp': ['base', 'rest', 'ramp', 'hold'],
  'connect-storm': ['base', 'rest', 'ramp', 'hold'],
  'steady-push': ['connect', 'warm-up', 'steady'],
  'group-sync': ['connect', 'sync-N'],
  'node-loss': ['connect', 'witnesses', 'rest', 'return', 'hold'],
  'rolling-drain': ['connect', 'rest', 'drain-NODE', 'hold'],
  'tunnel-throughput': ['connect', 'to-device-N', 'from-device-N'],
  pause: ['connect', 'rest', 'paused', 'settled'],
  soak: ['connect', 'rest', 'soak', 'settled'],
} as const satisfies Record<ScenarioName, readonly string[]>;

export function mayHavePhase(scenario: ScenarioName, phase: string): boolean {
  return scenarioPhases[scenario].some((name) =>
    new RegExp(`^${name.replace('NODE', '.+').replace('N', '[1-9]\\d*')}$`).test(phase),
  );
}

/** The values of `--link`, and the kinds of link that devices take by turns. */
export const linkMixes = {
  mqtt5: ['mqtt5'],
  mqtt311: ['mqtt311'],
  grpc: ['grpc'],
  /** Half of them gRPC, the others MQTT 5. */
  mixed: ['grpc', 'mqtt5'],
} as const satisfies Record<string, readonly LeanLinkKind[]>;
export type LinkMix = keyof typeof linkMixes;

/** The values of `--pause`, and what the processes are. */
export const pausedRoles = {
  worker: 'worker',
  supervisor: 'supervisor',
  balancer: 'balancer',
  redis: 'registry',
} as const satisfies Record<string, ProcessRole>;
export type PausedRole = (typeof pausedRoles)[keyof typeof pausedRoles];

/** Everything that a run is told; the options of the command line, with nothing left open. */
export interface LoadPlan {
  scenario: ScenarioName;
  devices: number;
  link: LinkMix;
  /** Links have no TLS. */
  plain: boolean;
  /** Devices that come per second; Infinity: all at once. */
  connectsPerSecond: number;
  /** How long the state that the scenario is about is held, in milliseconds. */
  durationMs: number;
  /** Commands to connected devices; `undefined`: none. */
  push: PushPace | undefined;
  durable: boolean;
  /** How long commands flow before anything happens, to be compared with, in milliseconds. */
  restMs: number;
  patienceMs: number;
  ignoreConnectAfter: boolean;
  resumption: boolean;
  keepAliveMs: number;
  assignConnections: AssignConnections;
  processes: number;
  /** Number of addresses, from 127.0.0.1 on, over which connections to this machine are spread. */
  addresses: number;
  allowRemote: boolean;
  /** Once the last device was to come: how long the others are waited for after the last one that got in, in milliseconds. */
  patienceForAllMs: number;
  /** Part of the devices that leave and come back in each second of a soak. */
  churnPerSecond: number;
  /** Synchronizations of a group, or tunnels each way. */
  rounds: number;
  /** Through tunnels, each way and round. */
  tunnelBytes: number;
  /** Tunnels at the same time. */
  tunnels: number;
  /** Devices that a drain tells to go, per second. */
  drainedPerSecond: number;
  /** All devices of a node loss but a few are on the push server that is killed; the others are the next ones in their scope. */
  concentrate: boolean;
  /** The process that a `pause` stops. */
  pausedRole: PausedRole;
  /** Processes that use a core each beside the run. */
  busyLoops: number;
}

/** Devices that connect first and get commands while the others come. */
export function baseDevices({ devices, push }: Pick<LoadPlan, 'devices' | 'push'>): number {
  return push === undefined || devices < 2 ? 0 : Math.min(1_000, Math.ceil(devices / 10));
}

/** The devices that get commands while others come; `undefined`: all may, or nobody comes meanwhile. */
export function witnessesOf(
  plan: Pick<LoadPlan, 'scenario' | 'devices' | 'push' | 'concentrate'>,
): Witnesses | undefined {
  const { scenario, devices, concentrate } = plan;
  const base = baseDevices(plan);
  if (base === 0) return undefined;
  if (scenario === 'connect-ramp' || scenario === 'connect-storm') return { from: 0, to: base };
  return scenario === 'node-loss' && concentrate ? { from: devices - base, to: devices } : undefined;
}

/** Links that one process of a fleet holds: file limits of 20,000 leave room for those on their way. */
const devicesPerProcess = 15_000;
/** Devices for which a process of its own pays. */
const leastPerProcess = 500;

/** The number of processes that file limits ask for; one per core where each has enough to do. */
export function defaultProcesses(devices: number, cores: number, fileLimit: number): number {
  const needed = Math.ceil(devices / mostPerProcess(fileLimit));
  return Math.max(1, needed, Math.min(cores, Math.floor(devices / leastPerProcess)));
}

export function mostPerProcess(fileLimit: number): number {
  return Math.max(1, Math.min(devicesPerProcess, Math.floor((fileLimit - 100) * 0.75)));
}

/** Connections to one destination address: source ports run out at some 28,000, and get slow to find long before. */
const devicesPerAddress = 12_000;

export function defaultAddresses(devices: number): number {
  return Math.min(250, Math.ceil(devices / devicesPerAddress));
}

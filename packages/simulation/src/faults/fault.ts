import { groups } from '../actors/surroundings.ts';
import type { Random } from '../world/random.ts';

/** Which processes: a balancer, a push server's supervisor, one of its workers, all of its host, or everything. */
export type Target =
  | { kind: 'balancer' | 'supervisor' | 'worker' | 'push-server'; index: number }
  | { kind: 'everything' };

/** A machine of the cluster. */
export interface Machine {
  kind: 'balancer' | 'push-server' | 'registry';
  index: number;
}

/** Something that goes wrong, or that an operator does, at a time. Plain data: a run is its seed and its list of them. */
export type Fault = { readonly atMs: number } & (
  | { kind: 'crash'; target: Target; calls: number }
  | { kind: 'pause'; target: Target; forMs: number }
  | { kind: 'starve'; target: Target; slowness: number; forMs: number }
  | { kind: 'clock-step'; machine: Machine; byMs: number }
  /** Its clock is wrong from now on, by less than machines allow one another. */
  | { kind: 'clock-skew'; machine: Machine; byMs: number }
  /** Its clock runs fast or slow by so many parts of a thousand, until somebody sets it right. */
  | { kind: 'clock-drift'; machine: Machine; perMille: number; forMs: number }
  | { kind: 'registry-away' | 'registry-refuses-writes'; forMs: number }
  | { kind: 'registry-slow'; byMs: number; forMs: number }
  | { kind: 'registry-lost' }
  /** A replica takes over that has not seen the last writes. */
  | { kind: 'registry-failover'; behindMs: number }
  | { kind: 'partition'; from: Machine; to: Machine; isOneWay: boolean; forMs: number }
  | { kind: 'links-break' | 'links-half-open'; share: number }
  | { kind: 'device-pause'; device: number; forMs: number }
  | { kind: 'device-crash'; device: number; forMs: number }
  | { kind: 'port-change'; pushServer: number; port: number }
  | { kind: 'switch-off'; pushServer: number; forMs: number }
  | { kind: 'restart'; pushServer: number; forMs: number }
  /** Another group's, for a while: its devices belong elsewhere. */
  | { kind: 'scope-change'; pushServer: number; forMs: number }
  /** Its certificate is revoked, and it is enrolled anew after that time. */
  | { kind: 'certificate-revoke'; pushServer: number; forMs: number }
  /** An operator drains it, and takes that back. */
  | { kind: 'drain'; pushServer: number; forMs: number }
  /** An operator lets it redirect its devices and restart. */
  | { kind: 'maintenance-restart'; pushServer: number }
  | { kind: 'rebalance' }
  /** An operator lets all of them do so, one after the other. */
  | { kind: 'rolling-restart' }
  /** It is stopped, and started again with the present version. */
  | { kind: 'upgrade'; machine: Machine }
  | { kind: 'device-delete'; device: number }
  | { kind: 'device-move'; device: number; group: string }
  /** It gets another secret; its agent is given it after that time. */
  | { kind: 'device-rekey'; device: number; forMs: number }
  /** It never has a network again, and everybody waits for it: no seed draws that. It shows that rules find what is broken. */
  | { kind: 'unplug'; device: number }
);

export type FaultKind = Fault['kind'];

export interface Sizes {
  balancers: number;
  pushServers: number;
  devices: number;
}

/** Each scenario draws from these, as often as they stand here. */
export const scenarios = {
  everything: [
    ...(['crash', 'crash', 'crash', 'pause', 'pause', 'pause', 'starve', 'clock-step', 'registry-away'] as const),
    ...([
      'registry-refuses-writes',
      'registry-slow',
      'registry-lost',
      'partition',
      'partition',
      'links-break',
    ] as const),
    ...(['links-half-open', 'device-pause', 'device-crash', 'port-change', 'switch-off', 'restart'] as const),
    ...(['clock-skew', 'clock-drift', 'registry-failover', 'scope-change', 'drain'] as const),
    ...([
      'maintenance-restart',
      'rebalance',
      'device-delete',
      'device-move',
      'device-rekey',
      'rolling-restart',
      'certificate-revoke',
    ] as const),
  ],
  storm: ['links-break', 'crash', 'device-crash'],
  pause: ['pause', 'pause', 'device-pause', 'clock-step', 'starve'],
  partition: ['partition', 'links-half-open', 'registry-away', 'registry-refuses-writes'],
  rolling: [
    'rolling-restart',
    'restart',
    'maintenance-restart',
    'drain',
    'rebalance',
    'port-change',
    'switch-off',
    'scope-change',
  ],
  /** Half of everything runs an older version at first: see Plan. */
  upgrade: ['upgrade', 'upgrade', 'upgrade', 'crash', 'links-break', 'device-crash', 'drain'],
  links: ['links-break', 'links-half-open', 'registry-refuses-writes', 'registry-away', 'device-crash'],
  clocks: ['clock-step', 'clock-skew', 'clock-drift'],
  /** Whoever is to see that its certificate was revoked stands still meanwhile. */
  certificates: ['certificate-revoke', 'certificate-revoke', 'pause', 'device-crash'],
  devices: ['device-delete', 'device-move', 'device-rekey', 'device-crash', 'device-pause', 'links-break', 'crash'],
  sessions: [
    ...(['partition', 'partition', 'links-break', 'links-break', 'device-crash', 'registry-slow', 'pause'] as const),
  ],
  /** Nothing happens to anybody but them. */
  balancers: ['crash', 'pause'],
  workers: ['crash'],
  /** And to the registry alone: it can be read, or not even that. */
  registry: ['registry-refuses-writes', 'registry-refuses-writes', 'registry-away'],
  /** A replica that is behind takes over the registry, again and again, whatever else there is. */
  failover: [
    ...(['registry-failover', 'registry-failover', 'registry-failover', 'registry-failover'] as const),
    ...(['pause', 'partition', 'crash', 'links-break', 'device-crash', 'certificate-revoke', 'device-rekey'] as const),
    ...(['device-delete', 'registry-slow'] as const),
  ],
  quiet: [],
} as const satisfies Record<string, readonly FaultKind[]>;

export type Scenario = keyof typeof scenarios;

/** Draws faults for the time from `fromMs` to `untilMs`, `everyMs` apart on average, in order. */
export function drawFaults(
  random: Random,
  scenario: Scenario,
  sizes: Sizes,
  { fromMs, untilMs, everyMs }: { fromMs: number; untilMs: number; everyMs: number },
): Fault[] {
  const kinds: readonly FaultKind[] = scenarios[scenario];
  const faults: Fault[] = [];
  if (kinds.length === 0) return faults;
  for (let atMs = fromMs; ; ) {
    atMs += Math.round(2 * everyMs * random.next());
    if (atMs >= untilMs) return faults;
    faults.push({ atMs, ...drawOne(random, random.pick(kinds), sizes, extentOf(scenario)) } as Fault);
  }
}

const pausesMs = [1_000, 3_000, 6_000, 12_000, 17_000, 20_000, 41_000, 75_000];
const outagesMs = [1_000, 4_000, 10_000, 20_000, 40_000];
const revokedMs = [1_000, 20_000, 40_000, 90_000];
const skewsMs = [-20_000, -2_000, 2_000, 20_000];
const clockStepsMs = [-3_600_000, -120_000, -20_000, 20_000, 120_000, 3_600_000];

function drawOne(random: Random, kind: FaultKind, sizes: Sizes, { targets, behindMs }: Extent): object {
  const forMs = random.pick(outagesMs);
  const pushServer = random.whole(0, sizes.pushServers - 1);
  const device = random.whole(0, sizes.devices - 1);
  switch (kind) {
    case 'crash':
      return { kind, target: drawTarget(random, sizes, targets), calls: random.whole(1, 40) };
    case 'pause':
      return { kind, target: drawPaused(random, sizes, targets), forMs: random.pick(pausesMs) };
    case 'starve':
      return { kind, target: drawTarget(random, sizes, targets), slowness: 100, forMs };
    case 'clock-step':
      return { kind, machine: drawMachine(random, sizes), byMs: random.pick(clockStepsMs) };
    case 'upgrade':
      return { kind, machine: drawMachine(random, sizes) };
    case 'clock-skew':
      return { kind, machine: drawMachine(random, sizes), byMs: random.pick(skewsMs) };
    case 'clock-drift':
      return { kind, machine: drawMachine(random, sizes), perMille: random.pick([-100, -10, 10, 100]), forMs: 120_000 };
    case 'registry-failover':
      return { kind, behindMs: random.pick(behindMs) };
    case 'registry-away':
    case 'registry-refuses-writes':
      return { kind, forMs };
    case 'registry-slow':
      return { kind, byMs: random.pick([50, 500, 2_500]), forMs };
    case 'registry-lost':
    case 'rebalance':
    case 'rolling-restart':
      return { kind };
    case 'maintenance-restart':
      return { kind, pushServer };
    case 'partition': {
      const [from, to] = [drawMachine(random, sizes), drawMachine(random, sizes)];
      return { kind, from, to, isOneWay: random.chance(0.5), forMs };
    }
    case 'links-break':
    case 'links-half-open':
      return { kind, share: random.pick([0.1, 0.5, 1]) };
    case 'device-pause':
      return { kind, device, forMs: random.pick(pausesMs) };
    case 'device-crash':
      return { kind, device, forMs };
    case 'port-change':
      return { kind, pushServer, port: random.pick([13_295, 13_296, 13_297]) };
    case 'switch-off':
    case 'scope-change':
    case 'drain':
    case 'restart':
      return { kind, pushServer, forMs };
    case 'certificate-revoke':
      return { kind, pushServer, forMs: random.pick(revokedMs) };
    case 'device-move':
      return { kind, device, group: random.pick(groups) };
    case 'device-rekey':
      return { kind, device, forMs: random.pick([1_000, 5_000]) };
    case 'device-delete':
    case 'unplug':
      return { kind, device };
    default:
      return kind satisfies never;
  }
}

const allTargets: readonly Exclude<Target['kind'], 'everything'>[] = [
  ...(['balancer', 'supervisor', 'worker', 'worker', 'push-server', 'push-server'] as const),
];

/** Who is met by faults of a scenario, and how much they take. */
interface Extent {
  targets: typeof allTargets;
  /** How far a replica is behind that takes over. */
  behindMs: readonly number[];
}

function extentOf(scenario: Scenario): Extent {
  const usual: Extent = { targets: allTargets, behindMs: [100, 1_000, 5_000] };
  switch (scenario) {
    case 'balancers':
      return { ...usual, targets: ['balancer'] };
    case 'certificates':
      return { ...usual, targets: ['supervisor', 'supervisor', 'push-server'] };
    case 'workers':
      return { ...usual, targets: ['worker', 'push-server'] };
    case 'failover':
      return { ...usual, behindMs: [1_000, 3_000, 10_000] };
    default:
      return usual;
  }
}

function drawTarget(random: Random, sizes: Sizes, targets: typeof allTargets): Target {
  const kind = random.pick(targets);
  return { kind, index: random.whole(0, (kind === 'balancer' ? sizes.balancers : sizes.pushServers) - 1) };
}

function drawPaused(random: Random, sizes: Sizes, targets: typeof allTargets): Target {
  const isEverything = targets === allTargets && random.chance(0.1);
  return isEverything ? { kind: 'everything' } : drawTarget(random, sizes, targets);
}

function drawMachine(random: Random, sizes: Sizes): Machine {
  const kind = random.pick(['balancer', 'push-server', 'push-server', 'registry'] as const);
  const count = kind === 'balancer' ? sizes.balancers : kind === 'push-server' ? sizes.pushServers : 1;
  return { kind, index: random.whole(0, count - 1) };
}

export function describeFault({ atMs: _, kind, ...rest }: Fault): string {
  const values = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? describeObject(value) : value}`,
  );
  return [kind, ...values].join(' ');
}

function describeObject(value: object): string {
  return Object.values(value).join('#');
}

import { type Costs, measuredCosts } from './costs.ts';
import { ImpatientClients } from './impatient-clients.ts';
import type { Layout } from './layout.ts';
import { type Policy, policies } from './policy.ts';
import { RollingRestart } from './rolling-restart.ts';
import { SdkClients } from './sdk-clients.ts';
import { Simulation } from './simulation.ts';

export interface ScenarioOptions {
  nodes: number;
  devicesPerNode: number;
  sites: number;
  cores: number;
  balancers: number;
  seed: number;
  policy: Policy;
  costs: Costs;
  /** Attempts per second of impatient clients. */
  offeredPerSecond: number;
  /** Devices that a push server that is restarted sends away each second. */
  drainPerSecond: number;
  limitMs: number;
}

export const defaults: ScenarioOptions = {
  ...{ nodes: 200, devicesPerNode: 50_000, sites: 10, cores: 2, balancers: 8, seed: 1 },
  ...{
    policy: policies.built,
    costs: measuredCosts,
    offeredPerSecond: 2_100,
    drainPerSecond: 1_000,
    limitMs: 1_200_000,
  },
};

/** A run that has ended. */
export interface Outcome {
  simulation: Simulation;
  /** Devices that had to come. */
  affected: number;
  /** Until when the fewest devices were without an attempt that impatient clients could make: the offered rate held. */
  offeredUntilS: number | undefined;
  /** For those who share the machine with their devices. */
  bound: Bound;
}

export interface Bound {
  seconds: number;
  by: string;
}

export type ScenarioName = keyof typeof scenarios;

/** Silent devices find out by their keep-alive, which is this long, that their push server is gone. */
const keepAliveMs = 60_000;

export const scenarios = {
  /** One push server ends; its devices' connections are reset in the same moment. */
  'lose-one': (options: ScenarioOptions) => loseNodes(options, [options.nodes - 1], false),
  /** A tenth of them ends at once, spread over the sites. */
  'lose-tenth': (options: ScenarioOptions) =>
    loseNodes(
      options,
      Array.from({ length: Math.ceil(options.nodes / 10) }, (_, index) => index),
      false,
    ),
  /** A site loses its power: nothing answers, and devices notice one after the other. */
  'lose-site': (options: ScenarioOptions) =>
    loseNodes(
      options,
      Array.from({ length: options.nodes }, (_, index) => index).filter((index) => index % options.sites === 0),
      true,
    ),
  /** A push server ends, and another one of its site takes ten times as long for everything. */
  'slow-node': (options: ScenarioOptions) => loseNodes(options, [0], false, options.sites),
  /** One push server after the other sends its devices away and restarts. */
  'rolling-restart': restartAll,
  /** One push server on one machine with everything else; its devices wait for 10 s and obey nobody. */
  impatient: impatientStorm,
} as const;

function impatientStorm(options: ScenarioOptions): Outcome {
  const devices = options.devicesPerNode;
  const layout: Layout = {
    ...{ nodes: 1, sites: 1, devices, capacity: devices, cores: 2, workers: 2, onOneMachine: true },
    ...{ balancers: options.balancers, seed: options.seed },
  };
  const simulation = new Simulation(layout, options.costs, options.policy);
  const all = Array.from({ length: devices }, (_, device) => device);
  const clients = new ImpatientClients(simulation, 10_000, options.offeredPerSecond, all);
  simulation.clients = clients;
  let offeredUntilS = 0;
  simulation.run(options.limitMs, () => {
    if (clients.areEnough) offeredUntilS = simulation.nowMs / 1_000;
    return simulation.statistics.connects >= devices;
  });
  return { simulation, affected: devices, offeredUntilS, bound: boundOnOneMachine(options.costs, devices) };
}

function restartAll(options: ScenarioOptions): Outcome {
  const simulation = createCluster(options, 1);
  simulation.clients = new SdkClients(simulation);
  for (let device = 0; device < simulation.fleet.size; device += 1) {
    simulation.place(device, simulation.homeOf(device));
  }
  const restart = new RollingRestart(simulation, options.drainPerSecond);
  const seconds = simulation.fleet.size / options.drainPerSecond;
  // The time is set by the rate, and by the restarts. One that does not end by several times that never ends.
  simulation.run(4_000 * (seconds + 10 * options.nodes), () => restart.isDone);
  return { simulation, affected: simulation.fleet.size, offeredUntilS: undefined, bound: { seconds, by: 'the rate' } };
}

function loseNodes(options: ScenarioOptions, lost: readonly number[], silent: boolean, slow?: number): Outcome {
  const simulation = createCluster(options, lost.length);
  simulation.clients = new SdkClients(simulation);
  for (const worker of slow === undefined ? [] : (simulation.pushServers[slow]?.workers ?? [])) worker.slowness = 10;
  const gone = new Set(lost);
  let affected = 0;
  for (let device = 0; device < simulation.fleet.size; device += 1) {
    const node = simulation.homeOf(device);
    simulation.place(device, node);
    if (!gone.has(node)) continue;
    affected += 1;
    simulation.loseLinkIn(device, silent ? simulation.random() * keepAliveMs : 0);
  }
  for (const node of lost) simulation.kill(node, silent);
  simulation.run(options.limitMs, () => simulation.statistics.connects >= affected);
  return { simulation, affected, offeredUntilS: undefined, bound: boundOf(options, affected, lost.length) };
}

/** @param lost So many push servers are away at once: the others have room for all devices. */
export function createCluster(options: ScenarioOptions, lost = 1): Simulation {
  const { nodes, devicesPerNode, sites, cores, balancers, seed } = options;
  const layout: Layout = {
    ...{ nodes, sites, devices: nodes * devicesPerNode, cores, workers: cores, balancers, seed, onOneMachine: false },
    // What a push server takes beyond its share, for when others are gone.
    capacity: Math.ceil(devicesPerNode * Math.max(1.25, nodes / (nodes - lost))),
  };
  return new Simulation(layout, options.costs, options.policy);
}

/** Work divided by capacity, for the processes that take longest. */
function boundOf({ costs, nodes, cores, balancers }: ScenarioOptions, devices: number, lost: number): Bound {
  const times: [string, number][] = [
    ['balancers', (devices * (costs.acceptMs + costs.handshakeMs + costs.assignmentMs)) / balancers],
    ['Redis', devices * (reservationMs(costs, nodes) + costs.openSessionMs)],
    ['push servers', (devices * (costs.acceptMs + costs.handshakeMs + costs.sessionMs)) / ((nodes - lost) * cores)],
  ];
  const [by, ms] = times.reduce((longest, one) => (one[1] > longest[1] ? one : longest));
  return { seconds: ms / 1_000, by };
}

function boundOnOneMachine(costs: Costs, devices: number): Bound {
  const server = 2 * (costs.acceptMs + costs.handshakeMs) + costs.assignmentMs + costs.sessionMs;
  const registry = reservationMs(costs, 1) + costs.openSessionMs;
  const device = 2 * (costs.clientDialMs + costs.clientHandshakeMs);
  return { seconds: (devices * (server + registry + device)) / 2_000, by: 'both cores' };
}

function reservationMs({ reservationMs, reservationPerNodeMs }: Costs, nodes: number): number {
  return reservationMs + reservationPerNodeMs * nodes;
}

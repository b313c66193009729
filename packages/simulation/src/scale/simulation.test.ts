import { expect, it } from 'vitest';
import { policies } from './policy.ts';
import { collapseRatio, largestToMean, mostMoves } from './report.ts';
import { defaults, scenarios } from './scenarios.ts';

/** Offered what two cores can take in a minute, by clients that wait for 10 s and obey nobody. */
const impatience = { ...defaults, devicesPerNode: 18_000, balancers: 1, limitMs: 40_000 };
/** Five push servers, of which one is lost. */
const loss = { ...defaults, nodes: 5, devicesPerNode: 2_000, sites: 1, balancers: 2, limitMs: 120_000 };

it('lets impatient clients in at a steady rate, whatever is offered', () => {
  const outcome = scenarios.impatient(impatience);
  expect(collapseRatio(outcome).ratio).toBeGreaterThanOrEqual(0.8);
  expect(outcome.simulation.statistics.failures.timeout).toBe(0);
});

it.each(['none', 'oldest-first'] as const)(
  'collapses under impatient clients with policy %s: the simulation can fail',
  (name) => {
    const outcome = scenarios.impatient({ ...impatience, policy: policies[name] });
    expect(collapseRatio(outcome).ratio).toBeLessThan(0.3);
  },
);

it('brings the devices of a lost push server back, each once, and spread evenly', () => {
  const outcome = scenarios['lose-one'](loss);
  const { simulation, affected, bound } = outcome;
  expect(simulation.statistics.connects).toBe(affected);
  expect(simulation.statistics.timeUntil(1, affected)).toBeLessThanOrEqual(10 + 3 * bound.seconds);
  expect(largestToMean(outcome)).toBeLessThanOrEqual(1.02);
});

it('gives a push server that is ten times as slow what it can take, and waits for nobody', () => {
  const { simulation, affected } = scenarios['slow-node'](loss);
  expect(simulation.statistics.connects).toBe(affected);
  expect(simulation.statistics.timeUntil(0.5, affected)).toBeLessThanOrEqual(20);
});

it('turns devices away about as often as it has to, where more ask than balancers can keep waiting', () => {
  const outcome = scenarios['lose-tenth']({ ...loss, nodes: 20, sites: 2, devicesPerNode: 15_000 });
  const { simulation, affected, bound } = outcome;
  expect(simulation.statistics.connects).toBe(affected);
  expect(simulation.statistics.failures.refused).toBeGreaterThan(affected);
  expect(simulation.statistics.failures.refused).toBeLessThanOrEqual(3 * affected);
  // None waits for longer than 20 s and a turn once there is room for it.
  expect(simulation.statistics.timeUntil(1, affected)).toBeLessThanOrEqual(40 + bound.seconds);
  expect(largestToMean(outcome)).toBeLessThanOrEqual(1.02);
});

it('takes the devices of a site that is lost in at others, as they notice, and turns none away', () => {
  const outcome = scenarios['lose-site']({ ...loss, nodes: 8, sites: 4 });
  const { simulation, affected } = outcome;
  expect(simulation.statistics.connects).toBe(affected);
  expect(simulation.statistics.failures.refused).toBe(0);
  expect(simulation.statistics.timeUntil(1, affected)).toBeLessThanOrEqual(75);
  expect(largestToMean(outcome)).toBeLessThanOrEqual(1.02);
});

it('restarts one push server after the other, moves each device about once, and ends even', () => {
  const outcome = scenarios['rolling-restart']({ ...loss, devicesPerNode: 400, drainPerSecond: 100 });
  const { fleet, statistics } = outcome.simulation;
  expect(statistics.connects / fleet.size).toBeLessThanOrEqual(1.6);
  expect(mostMoves(outcome)).toBeLessThanOrEqual(3);
  expect(largestToMean(outcome)).toBeLessThanOrEqual(1.02);
  expect(outcome.simulation.pushServers.reduce((sum, { entry }) => sum + entry.used, 0)).toBe(fleet.size);
});

it('keeps the slots of devices that cannot leave yet, and ends where a restarted push server is sent more than it takes', () => {
  const outcome = scenarios['rolling-restart']({ ...loss, nodes: 4, devicesPerNode: 5_000, drainPerSecond: 1_000 });
  const { fleet, statistics, nowMs } = outcome.simulation;
  expect(statistics.connects).toBeGreaterThanOrEqual(fleet.size);
  expect(nowMs).toBeLessThanOrEqual(4_000 * outcome.bound.seconds);
});

it('does the same again with the same seed', () => {
  const run = () => scenarios['lose-one'](loss).simulation.statistics.connectsPerSecond;
  expect(run()).toEqual(run());
});

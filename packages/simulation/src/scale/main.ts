// Storms of up to ten million devices on a virtual clock, by the code that decides in production: admission, placement, slots, rates,
// the rebalance plan, the SDK's plan. What is done in between costs what docs/benchmarks.md measured.
//   npm run simulate -- scale --scenario lose-one [--nodes 200] [--devices-per-node 50000] [--policy built] [--seed 1]
import { parseArgs } from 'node:util';
import { systemClock } from '@pushfleet/runtime';
import { type PolicyName, policies } from './policy.ts';
import { printCost, printOutcome } from './report.ts';
import { defaults, type ScenarioName, type ScenarioOptions, scenarios } from './scenarios.ts';
import { fittingSites, misfitOf } from './size.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'all' },
    policy: { type: 'string', default: 'built' },
    nodes: { type: 'string', default: String(defaults.nodes) },
    'devices-per-node': { type: 'string', default: String(defaults.devicesPerNode) },
    sites: { type: 'string' },
    cores: { type: 'string', default: String(defaults.cores) },
    balancers: { type: 'string' },
    drained: { type: 'string', default: String(defaults.drainPerSecond) },
    offered: { type: 'string', default: String(defaults.offeredPerSecond) },
    seed: { type: 'string', default: String(defaults.seed) },
  },
});

// Many of them are made, and nobody reads where.
Error.stackTraceLimit = 0;

const named =
  values.scenario === 'all' ? (Object.keys(scenarios) as ScenarioName[]) : [values.scenario as ScenarioName];
for (const name of named) {
  const run = scenarios[name];
  const policy = policies[values.policy as PolicyName];
  if (!run || !policy) {
    console.error(`scenarios: ${Object.keys(scenarios).join(', ')}; policies: ${Object.keys(policies).join(', ')}`);
    process.exit(2);
  }
  const isOneMachine = name === 'impatient';
  const options: ScenarioOptions = {
    ...defaults,
    policy,
    nodes: Number(values.nodes),
    devicesPerNode: Number(values['devices-per-node']),
    sites: Number(values.sites ?? fittingSites(Number(values.nodes))),
    cores: Number(values.cores),
    balancers: Number(values.balancers ?? (isOneMachine ? 1 : defaults.balancers)),
    offeredPerSecond: Number(values.offered),
    drainPerSecond: Number(values.drained),
    seed: Number(values.seed),
  };
  const misfit = misfitOf(name, options);
  if (misfit !== undefined) {
    console.error(`${name}: ${misfit}`);
    process.exitCode = 2;
    continue;
  }
  const [begunMs, cpuBefore] = [systemClock.now(), process.cpuUsage()];
  const outcome = run(options);
  const { user, system } = process.cpuUsage(cpuBefore);
  printOutcome(name, options, outcome);
  printCost({
    ...{ realMs: systemClock.now() - begunMs, cpuMs: (user + system) / 1_000 },
    ...{ simulatedMs: outcome.simulation.nowMs, peakBytes: process.resourceUsage().maxRSS * 1_024 },
  });
}

// Storms of up to ten million devices on a virtual clock, by the code that decides in production: admission, placement, slots, rates,
// the rebalance plan, the SDK's plan. What is done in between costs what docs/benchmarks.md measured.
//   npm run simulate -- scale --scenario lose-one [--nodes 200] [--devices-per-node 50000] [--policy built] [--seed 1]
import { systemClock } from '@pushfleet/runtime';
import { amount, choice, readArguments, whole } from '../arguments.ts';
import { type PolicyName, policies } from './policy.ts';
import { printCost, printOutcome } from './report.ts';
import { defaults, type ScenarioName, type ScenarioOptions, scenarios } from './scenarios.ts';
import { fittingSites, misfitOf } from './size.ts';

const names = Object.keys(scenarios) as ScenarioName[];
const policyNames = Object.keys(policies) as PolicyName[];
const usage = `npm run simulate -- scale [--scenario all|${names.join('|')}]
  [--nodes ${defaults.nodes}] [--devices-per-node ${defaults.devicesPerNode}] [--sites N] [--cores ${defaults.cores}] [--balancers N]
  [--drained PER-SECOND] [--offered PER-SECOND] [--policy ${policyNames.join('|')}] [--seed ${defaults.seed}]`;
const values = readArguments(
  {
    scenario: choice<'all' | ScenarioName>('all', ['all', ...names]),
    policy: choice('built', policyNames),
    nodes: whole(defaults.nodes, 1, 10_000),
    'devices-per-node': whole(defaults.devicesPerNode, 1, 1_000_000),
    sites: whole(undefined, 1, 10_000),
    cores: whole(defaults.cores, 1, 1_000),
    balancers: whole(undefined, 1, 1_000),
    drained: amount(defaults.drainPerSecond, 1, 1_000_000),
    offered: amount(defaults.offeredPerSecond, 1, 1_000_000),
    seed: whole(defaults.seed, 0, 2 ** 32),
  },
  usage,
);

// Many of them are made, and nobody reads where.
Error.stackTraceLimit = 0;

for (const name of values.scenario === 'all' ? names : [values.scenario]) {
  const isOneMachine = name === 'impatient';
  const options: ScenarioOptions = {
    ...defaults,
    policy: policies[values.policy],
    nodes: values.nodes,
    devicesPerNode: values['devices-per-node'],
    sites: values.sites ?? fittingSites(values.nodes),
    cores: values.cores,
    balancers: values.balancers ?? (isOneMachine ? 1 : defaults.balancers),
    offeredPerSecond: values.offered,
    drainPerSecond: values.drained,
    seed: values.seed,
  };
  const misfit = misfitOf(name, options);
  if (misfit !== undefined) {
    console.error(`${name}: ${misfit}`);
    process.exitCode = 2;
    continue;
  }
  const [begunMs, cpuBefore] = [systemClock.now(), process.cpuUsage()];
  const outcome = scenarios[name](options);
  const { user, system } = process.cpuUsage(cpuBefore);
  printOutcome(name, options, outcome);
  printCost({
    ...{ realMs: systemClock.now() - begunMs, cpuMs: (user + system) / 1_000 },
    ...{ simulatedMs: outcome.simulation.nowMs, peakBytes: process.resourceUsage().maxRSS * 1_024 },
  });
}

import type { Process } from './process.ts';
import type { Outcome, ScenarioOptions } from './scenarios.ts';

/** Prints what came of a run. */
export function printOutcome(name: string, options: ScenarioOptions, outcome: Outcome): void {
  const { simulation, affected, bound } = outcome;
  const { statistics, layout } = simulation;
  const times = [0.5, 0.99, 1].map((share) => statistics.timeUntil(share, affected));
  const { refused, timeout, 'no place': noPlace } = statistics.failures;
  const where = layout.onOneMachine
    ? `one machine of 2 cores, ${layout.balancers} balancer(s)`
    : `${layout.nodes} push servers of ${layout.cores} cores, ${layout.balancers} balancers`;
  console.log(`${name} (policy ${options.policy.name}, seed ${layout.seed}): ${where}, ${layout.devices} devices`);
  console.log(`  ${affected} devices have to come; at the earliest after ${bound.seconds.toFixed(1)} s (${bound.by})`);
  console.log(
    `  50 / 99 / 100 % in after   ${times.map((time) => (time === undefined ? 'never' : `${time} s`)).join(' / ')}`,
  );
  console.log(`  largest / mean             ${largestToMean(outcome).toFixed(3)}`);
  console.log(
    `  moves per device           ${(statistics.connects / affected).toFixed(2)}, ${mostMoves(outcome)} at most`,
  );
  console.log(`  refused, timed out, full   ${refused}, ${timeout}, ${noPlace}`);
  console.log(`  rate of those who get in   ${describeRate(outcome)}`);
  console.log(`  CPU spent in vain          ${describeWaste(outcome)}`);
}

/** Time and memory that a run has taken of the machine that it ran on. */
export interface Cost {
  realMs: number;
  cpuMs: number;
  simulatedMs: number;
  /** The most memory that the process has had, of all its runs. */
  peakBytes: number;
}

export function printCost({ realMs, cpuMs, simulatedMs, peakBytes }: Cost): void {
  const [real, cpu, simulated] = [realMs, cpuMs, simulatedMs].map((ms) => `${(ms / 1_000).toFixed(1)} s`);
  console.log(
    `  took                       ${real} (CPU ${cpu}) for ${simulated}, ${(peakBytes / 2 ** 30).toFixed(2)} GiB`,
  );
}

/** The most that one push server holds, divided by the mean of those that are there. */
export function largestToMean({ simulation }: Outcome): number {
  const used = simulation.pushServers.filter(({ takes }) => takes).map(({ entry }) => entry.used);
  return Math.max(...used) / (used.reduce((sum, one) => sum + one, 0) / used.length);
}

/** The most moves that one device has made. */
export function mostMoves({ simulation }: Outcome): number {
  return simulation.fleet.moves.reduce((most, moves) => Math.max(most, moves), 0);
}

/** From 10 s on, for as long as there is enough that is to come. */
export function collapseRatio({ simulation, affected, offeredUntilS }: Outcome) {
  const { statistics } = simulation;
  const until = Math.min(
    offeredUntilS ?? Number.POSITIVE_INFINITY,
    statistics.timeUntil(0.9, affected) ?? simulation.nowMs / 1_000,
  );
  return statistics.collapseRatio(10, Math.floor(until));
}

function describeRate(outcome: Outcome): string {
  const { lowest, highest, ratio } = collapseRatio(outcome);
  if (!Number.isFinite(lowest)) return 'too short to tell';
  return `${Math.round(lowest)} to ${Math.round(highest)}/s after the first 10 s: ${(ratio * 100).toFixed(0)} %`;
}

function describeWaste({ simulation }: Outcome): string {
  const share = (processes: readonly Process[]): string => {
    const used = processes.reduce((sum, { usedMs }) => sum + usedMs, 0);
    const wasted = processes.reduce((sum, { wastedMs }) => sum + wastedMs, 0);
    return `${((wasted / Math.max(1, used)) * 100).toFixed(0)} %`;
  };
  const workers = simulation.pushServers.flatMap((server) => server.workers);
  return `balancers ${share(simulation.balancers)}, Redis ${share([simulation.redis])}, workers ${share(workers)}`;
}

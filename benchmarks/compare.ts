// The push and the durable benchmark on a base commit and on this work tree, in turn, and the ratio of their figures.
//   npm run compare -w benchmarks -- --base <ref> [--seconds 5] [--rounds 3] [--only push,durable] [--devices 1000]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BaseTree, build, ownRoot } from './base-tree.ts';
import { printHeader } from './machine.ts';
import { amount, choices, needed, readOptions, whole } from './options.ts';
import { readCases } from './printed-cases.ts';
import type { Case } from './push-rounds.ts';
import { quantile } from './quantiles.ts';

const values = readOptions('compare', {
  base: needed(),
  seconds: amount(5, 1, 86_400),
  rounds: whole(3, 1, 1_000),
  only: choices('push', 'durable'),
  devices: whole(1000, 1, 1_000_000),
});
const { rounds } = values;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

/** The cases of one run of a benchmark on the sources in `root`; both trees run on the Node.js of this process. */
async function run(root: string, benchmark: string): Promise<Case[]> {
  const args = [`${benchmark}.ts`, '--seconds', String(values.seconds), '--devices', String(values.devices)];
  const { signal } = interrupted;
  const child = spawn(process.execPath, args, {
    ...{ cwd: join(root, 'benchmarks'), stdio: ['ignore', 'pipe', 'inherit'], signal, killSignal: 'SIGINT' },
  });
  const output = (async () => (await child.stdout?.toArray())?.join('') ?? '')();
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${benchmark} ended with ${code} in ${root}`);
  return readCases(await output);
}

type Figures = [name: string, of: (one: Case) => number];

function figuresOf({ cpuUs }: Case): Figures[] {
  return [
    ['commands per second', ({ ratePerSecond }) => ratePerSecond],
    ['p50, ms', ({ p50Ms }) => p50Ms],
    ['p99, ms', ({ p99Ms }) => p99Ms],
    ...Object.keys(cpuUs).map((group): Figures => [`CPU µs, ${group}`, (one) => one.cpuUs[group] ?? Number.NaN]),
    ['CPU µs, balancer and workers', ({ cpuUs: all }) => (all.balancer ?? 0) + (all.workers ?? 0)],
  ];
}

/** Prints medians of all rounds, and the least and the greatest ratio of a round; each round is a list of the same cases. */
function printComparison(base: readonly Case[][], own: readonly Case[][]): void {
  for (const [index, first] of (own[0] ?? []).entries()) {
    const [before, after] = [base, own].map((all) => all.map((cases) => cases[index] as Case)) as [Case[], Case[]];
    console.log(row(first.name, 'base', 'new', 'new/base', 'in rounds'));
    for (const [name, of] of figuresOf(first)) console.log(figureRow(name, before.map(of), after.map(of)));
    const failed = [before, after].map((cases) => cases.reduce((sum, one) => sum + one.failed, 0));
    if (failed.some((count) => count > 0)) console.log(row('  failed', ...failed.map(String)));
  }
}

function figureRow(name: string, before: readonly number[], after: readonly number[]): string {
  const medians = [quantile(before, 0.5), quantile(after, 0.5)] as const;
  const digits = Math.max(...medians) < 100 ? 2 : 0;
  const ratios = before.map((value, round) => (after[round] as number) / value);
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return row(
    `  ${name}`,
    ...medians.map((value) => value.toFixed(digits)),
    (medians[1] / medians[0]).toFixed(2),
    spread,
  );
}

function row(name: string, ...cells: string[]): string {
  return [name.padEnd(30), ...cells.map((cell) => cell.padStart(10))].join(' ');
}

build(ownRoot);
using base = BaseTree.checkOut(values.base);
printHeader('compare');
console.log(
  `base ${base.commit}; medians of ${rounds} rounds of ${values.seconds} s for each case, base and new in turn`,
);
for (const benchmark of values.only) {
  const [before, after]: [Case[][], Case[][]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    before.push(await run(base.root, benchmark));
    after.push(await run(ownRoot, benchmark));
  }
  console.log(`${benchmark}:`);
  printComparison(before, after);
}

// The share of production lines that a simulation executes: `npm run simulate -- coverage [the options of a simulation]`.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type FileCoverage, LineCoverage } from './line-coverage.ts';
import { replaced } from './replaced.ts';

const packages = join(import.meta.dirname, '../../..');
/** The sources of the packages that simulated processes are made of. */
const measured = {
  balancer: 'balancer/src/**/*.ts',
  'push-server': 'push-server/src/**/*.ts',
  'registry/embedded': 'registry/src/embedded/**/*.ts',
  'device-sdk': 'device-sdk/src/**/*.ts',
} as const;
const worstShown = 40;

using coverage = await LineCoverage.begin();
await import('../main.ts');
const compiled = new Map(Object.entries(measured).map(([name, pattern]) => [name, compiledFiles(pattern)]));
const files = await coverage.take(packages, [...compiled.values()].flat());
console.log('\n| production lines | executed | of | share |\n|---|---|---|---|');
for (const [name, some] of compiled) {
  console.log(
    row(
      name,
      files.filter(({ file }) => some.includes(file)),
    ),
  );
}
console.log(row('all', files));
const withReplaced = new Set(replaced.flatMap(({ sources }) => sources.flatMap(compiledFiles)));
const possible = files.filter(({ file }) => !withReplaced.has(file));
console.log(row('all that can take part: without what is replaced at the ports', possible));
console.log('\n| most lines that are not executed | executed | of | share |\n|---|---|---|---|');
const missed = ({ lines, executed }: FileCoverage) => lines - executed;
for (const file of possible.sort((a, b) => missed(b) - missed(a)).slice(0, worstShown))
  console.log(row(file.file, [file]));

/** The compiled files of sources that are there: others were compiled once, and do not count. */
function compiledFiles(pattern: string): string[] {
  return globSync(pattern, { cwd: packages })
    .filter((file) => !/\.(?:test|fixture)\.ts$/.test(file))
    .map((file) => file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
}

function row(name: string, some: readonly FileCoverage[]): string {
  const lines = some.reduce((sum, one) => sum + one.lines, 0);
  const executed = some.reduce((sum, one) => sum + one.executed, 0);
  return `| ${name} | ${executed} | ${lines} | ${((100 * executed) / Math.max(1, lines)).toFixed(1)} % |`;
}

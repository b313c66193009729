// `npm run check`: everything about the sources that a machine can judge, except the tests. Collects all that is wrong.
import { spawnSync } from 'node:child_process';
import { bin, environment, prepareWorkspace, root } from './workspace.mjs';

const checks = [
  ['generated code is current', 'node', ['scripts/generate.ts', '--check']],
  ['format, lint and import cycles', 'biome', ['ci', '--error-on-warnings', '.']],
  ['proto lint', 'buf', ['lint']],
  ['proto format', 'buf', ['format', '--diff', '--exit-code']],
  ['proto goes with the version before', 'buf', ['breaking', '--against', 'test/wire/before.binpb.gz']],
  ['types', 'tsc', ['--noEmit']],
  ['types of the console', 'tsc', ['--noEmit', '--project', 'packages/console/web']],
  ['types as users of the packages check them', 'tsc', ['--noEmit', '--project', 'tsconfig.published.json']],
  ['imports between packages', 'node', ['scripts/check-imports.ts']],
  ['words of the field', 'node', ['scripts/check-words.ts']],
  ['faults that simulation is to find', 'node', ['scripts/check-mutations.ts']],
  ['packages and changelog', 'node', ['scripts/check-packages.ts']],
];

// Their output is shown below only where something is wrong, and then as plain as where it goes to.
const env = process.stdout.isTTY ? environment : { ...environment, NO_COLOR: '1' };

function passes([title, command, args]) {
  const run = spawnSync(bin(command), args, { cwd: root, env, encoding: 'utf8' });
  const output = run.error ? `${run.error.message}\n` : `${run.stdout}${run.stderr}`;
  console.log(`${run.status === 0 ? '✓' : '✗'} ${title}`);
  if (run.status !== 0) console.log(`\n${output}`);
  return run.status === 0;
}

// Types of one package are read from what the build of another one left.
prepareWorkspace();
const failed = checks.filter((check) => !passes(check));
if (failed.length > 0) {
  console.log(`${failed.length} of ${checks.length} checks failed: ${failed.map(([title]) => title).join('; ')}`);
  process.exitCode = 1;
}

// Tries that each fault of packages/simulation/mutations can be put back into the sources as they are: a patch that no longer applies is a
// rule of the simulator that nobody tests. Nothing is changed.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const directory = join(root, 'packages/simulation/mutations');
const patches = globSync([join(directory, '*.patch'), join(directory, 'open/*.patch')]).sort();
if (patches.length === 0) throw new Error(`there are no patches in ${directory}`);

let failed = 0;
for (const patch of patches) {
  const { status, stderr, error } = spawnSync('git', ['apply', '--check', patch], { cwd: root, encoding: 'utf8' });
  if (status === 0) continue;
  failed += 1;
  console.error(`${relative(root, patch)} does not apply:\n${error?.message ?? stderr}`);
}

if (failed > 0) {
  console.error(
    'To renew one, make the mistake that its line "Fault:" names where the code is now, write what `git diff` shows below the two\n' +
      'lines at its top, take the mistake back, and see that it is found: node packages/simulation/mutations/run.ts NAME',
  );
  process.exitCode = 1;
}

// Puts each fault of mutations/*.patch back into a copy of the packages, one at a time, and shows that simulation finds it:
// `node packages/simulation/mutations/run.ts [name ...]`. The packages must have been built.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { systemClock } from '@pushfleet/runtime';

const root = join(import.meta.dirname, '../../..');
/** Real time for each, in seconds. */
const withinSeconds = 60;

interface Mutation {
  name: string;
  file: string;
  /** The mistake, in words. */
  fault: string;
  /** Arguments of the simulation that finds it. */
  args: string[];
  packages: string[];
}

function readMutation(file: string): Mutation {
  const text = readFileSync(file, 'utf8');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  const packages = [...text.matchAll(/^\+\+\+ b\/packages\/([^/]+)\//gm)].map(([, name = '']) => name);
  const args = header('Arguments').split(' ').filter(Boolean);
  return { name: basename(file, '.patch'), file, fault: header('Fault'), args, packages: [...new Set(packages)] };
}

/** A copy of the packages whose imports of one another stay within it. */
function copyPackages(): string {
  const copy = mkdtempSync(join(tmpdir(), 'pushfleet-mutation-'));
  cpSync(join(root, 'tsconfig.json'), join(copy, 'tsconfig.json'));
  const isWanted = (path: string) => !/\/(?:node_modules|web)(?:\/|$)|\.test\.ts$/.test(path.slice(root.length));
  for (const name of readdirSync(join(root, 'packages'))) {
    cpSync(join(root, 'packages', name), join(copy, 'packages', name), { recursive: true, filter: isWanted });
    const own = join(root, 'packages', name, 'node_modules');
    if (globSync(own).length > 0) symlinkSync(own, join(copy, 'packages', name, 'node_modules'));
  }
  mkdirSync(join(copy, 'node_modules/@pushfleet'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@pushfleet' && name !== '.bin')
      symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  for (const name of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', name), join(copy, 'node_modules/@pushfleet', name));
  }
  return copy;
}

function tryMutation({ name, file, args, packages }: Mutation): { seconds: number; line: string } {
  const copy = copyPackages();
  try {
    execFileSync('patch', ['--quiet', '-p1', '-i', file], { cwd: copy });
    // One that does not compile would be found by the compiler; some of these only leave a parameter unused.
    for (const each of packages) {
      spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(copy, 'packages', each), '--noCheck'], { cwd: copy });
    }
    const began = systemClock.now();
    const main = join(copy, 'packages/simulation/dist/main.js');
    const run = spawnSync(process.execPath, [main, '--for', String(withinSeconds), '--stop', ...args], {
      encoding: 'utf8',
    });
    const seconds = (systemClock.now() - began) / 1_000;
    const line = run.stdout.split('\n').find((each) => /^seed \d+: (?!nothing)/.test(each));
    return { seconds, line: line ?? `NOT FOUND ${run.stderr.slice(0, 300)}` };
  } catch (error) {
    return { seconds: 0, line: `NOT TRIED: ${name}: ${error instanceof Error ? error.message : error}` };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const wanted = process.argv.slice(2);
const mutations = globSync(join(import.meta.dirname, '*.patch'))
  .sort()
  .map(readMutation);
let missed = 0;
console.log('| mutation | fault | found as | seconds |\n|---|---|---|---|');
for (const mutation of mutations.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { seconds, line } = tryMutation(mutation);
  if (line.startsWith('NOT')) missed += 1;
  console.log(`| ${mutation.name} | ${mutation.fault} | ${line} | ${seconds.toFixed(1)} |`);
}
process.exitCode = missed > 0 ? 1 : 0;

// Puts each fault of mutations/*.patch back into a copy of the packages, one at a time, and shows that simulation finds it:
// `node packages/simulation/mutations/run.ts [--open] [name ...]`. The packages must have been built.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
/** The size of the cluster, where the mutation does not say it. */
const small = ['--devices', '14'];
/** Time for each, in seconds of a processor: others may use the machine meanwhile. */
const withinSeconds = 60;

interface Mutation {
  name: string;
  file: string;
  /** The mistake, in words. */
  fault: string;
  /** Arguments of the simulation that finds it. */
  args: string[];
  /** The files that it changes. */
  sources: string[];
}

function readMutation(file: string): Mutation {
  const text = readFileSync(file, 'utf8');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  const sources = [...text.matchAll(/^\+\+\+ b\/(\S+)/gm)].map(([, source = '']) => source);
  const args = header('Arguments').split(' ').filter(Boolean);
  return { name: basename(file, '.patch'), file, fault: header('Fault'), args, sources };
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

/** Compiles a source file by leaving out its types, as `tsc` would, but in no time. */
function compile(copy: string, file: string): void {
  const source = readFileSync(join(copy, file), 'utf8');
  const code = stripTypeScriptTypes(source).replace(/(\bfrom '\.{1,2}\/[^']+)\.ts'/g, "$1.js'");
  writeFileSync(join(copy, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js')), code);
}

function tryMutation(copy: string, { name, file, args, sources }: Mutation): { seconds: number; line: string } {
  const patch = (...options: string[]) =>
    execFileSync('patch', ['--quiet', '--no-backup-if-mismatch', '-p1', '-i', file, ...options], { cwd: copy });
  try {
    patch();
    for (const source of sources) compile(copy, source);
    const main = join(copy, 'packages/simulation/src/main.ts');
    const run = spawnSync(process.execPath, [main, '--cpu', String(withinSeconds), '--stop', ...small, ...args], {
      encoding: 'utf8',
    });
    const seconds = Number(/\(([\d.]+) s of CPU\)/.exec(run.stdout)?.[1] ?? 0);
    const line = run.stdout.split('\n').find((each) => /^seed \d+(?: on Redis)?: (?!nothing)/.test(each));
    return { seconds, line: line ?? `NOT FOUND ${run.stderr.slice(0, 300)}` };
  } catch (error) {
    return { seconds: 0, line: `NOT TRIED: ${name}: ${error instanceof Error ? error.message : error}` };
  } finally {
    patch('-R');
    for (const source of sources) compile(copy, source);
  }
}

const wanted = process.argv.slice(2);
const mutations = globSync([join(import.meta.dirname, '*.patch'), join(import.meta.dirname, 'open/*.patch')])
  .sort()
  .map(readMutation);
const isWanted = ({ name, file }: Mutation) =>
  wanted.length === 0 ? !file.includes('/open/') : wanted.includes(name) || wanted.includes('--open');
const copy = copyPackages();
let missed = 0;
console.log('| mutation | fault | found as | seconds |\n|---|---|---|---|');
for (const mutation of mutations.filter(isWanted)) {
  const { seconds, line } = tryMutation(copy, mutation);
  if (line.startsWith('NOT')) missed += 1;
  console.log(`| ${mutation.name} | ${mutation.fault} | ${line} | ${seconds.toFixed(1)} |`);
}
rmSync(copy, { recursive: true, force: true });
process.exitCode = missed > 0 ? 1 : 0;

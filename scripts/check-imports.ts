// Proves that packages depend on one another one way only, as docs/architecture.md says:
// protocol ← runtime ← registry ← push-server | balancer ← cli, and protocol ← device-sdk | admin-sdk ← the rest.
// That the folders of a package do so, too: biome finds cycles of files, and two folders may need each other without one.
// And that packages take time from a clock that is handed to them: only the clocks themselves ask the system. Those that
// packages/simulation runs on a virtual clock set no timers of the system and draw no random numbers of its own either.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The packages of ours that each one may depend on. */
const allowed: Record<string, readonly string[]> = {
  '@pushfleet/protocol': [],
  '@pushfleet/runtime': ['@pushfleet/protocol'],
  '@pushfleet/registry': ['@pushfleet/protocol', '@pushfleet/runtime'],
  '@pushfleet/push-server': ['@pushfleet/protocol', '@pushfleet/runtime', '@pushfleet/registry'],
  '@pushfleet/console': [],
  '@pushfleet/balancer': ['@pushfleet/protocol', '@pushfleet/runtime', '@pushfleet/registry', '@pushfleet/console'],
  '@pushfleet/device-sdk': ['@pushfleet/protocol'],
  '@pushfleet/admin-sdk': ['@pushfleet/protocol'],
  '@pushfleet/simulation': [
    '@pushfleet/protocol',
    '@pushfleet/runtime',
    '@pushfleet/registry',
    '@pushfleet/push-server',
    '@pushfleet/balancer',
    '@pushfleet/device-sdk',
  ],
  '@pushfleet/loadtest': ['@pushfleet/protocol', '@pushfleet/runtime', '@pushfleet/admin-sdk'],
};
const root = join(import.meta.dirname, '..');
/** These stand above all others. */
const unrestricted = new Set(['pushfleet', '@pushfleet/test', '@pushfleet/benchmarks']);
const isOurs = (name: string) => name === 'pushfleet' || name.startsWith('@pushfleet/');

/** The only places that ask the system what time it is. */
const clocks = new Set([
  ...['runtime', 'device-sdk', 'admin-sdk'].map((name) => `packages/${name}/src/clock.ts`),
  'packages/console/web/app/use-now.ts',
]);
const ambientTime =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.(?:now|timeOrigin)\b|\bhrtime\b|\bAbortSignal\.timeout\(/g;

/** The packages whose code runs in simulated processes. */
const simulated = new Set(
  ['runtime', 'registry', 'balancer', 'push-server', 'device-sdk'].map((name) => `packages/${name}`),
);
const systemTimer = /\bset(?:Timeout|Interval)\b/g;
const systemRandom = /\bMath\.random\b/g;
/** The places that may, and why a simulated process does not need them. */
const allowedSystem: Record<string, readonly RegExp[]> = {
  // The clocks and the source of random numbers themselves.
  'packages/runtime/src/clock.ts': [systemTimer],
  'packages/device-sdk/src/clock.ts': [systemTimer],
  'packages/runtime/src/random.ts': [systemRandom],
  'packages/device-sdk/src/options.ts': [systemRandom],
  // The beginning and the end of a real process.
  'packages/runtime/src/lifecycle.ts': [systemTimer],
  'packages/push-server/src/worker/main.ts': [systemTimer],
  // Connections to a real Redis, and a real file that another process holds.
  'packages/registry/src/redis/connection.ts': [systemTimer],
  'packages/registry/src/embedded/busy-queue.ts': [systemTimer],
};

interface Manifest {
  name: string;
  exports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function problemsOf(directory: string): string[] {
  const manifest = readManifest(directory);
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(isOurs);
  const upward = unrestricted.has(manifest.name)
    ? []
    : declared.filter((name) => !allowed[manifest.name]?.includes(name)).map((name) => `must not depend on ${name}`);
  const sources = globSync('**/*.ts', { cwd: join(root, directory), exclude: ['node_modules/**', 'dist/**'] });
  const imports = sources.flatMap((file) => importProblems(directory, file, [manifest.name, ...declared]));
  const times = directory.startsWith('packages/') ? sources.flatMap((file) => timeProblems(directory, file)) : [];
  const system = sources.flatMap((file) => systemProblems(directory, file));
  const cycle = directory.startsWith('packages/') ? findFolderCycle(directory, sources) : [];
  const knots = cycle.length > 0 ? [`${directory}/src: folders need one another: ${cycle.join(' → ')}`] : [];
  return [
    ...upward.map((problem) => `${directory}/package.json: ${manifest.name} ${problem}`),
    ...imports,
    ...times,
    ...system,
    ...knots,
  ];
}

function timeProblems(directory: string, file: string): string[] {
  if (isTest(file) || clocks.has(`${directory}/${file}`)) return [];
  const text = readFileSync(join(root, directory, file), 'utf8');
  return [...text.matchAll(ambientTime)].map(([found]) => `${directory}/${file}: '${found}' goes past the clock`);
}

function systemProblems(directory: string, file: string): string[] {
  const path = `${directory}/${file}`;
  if (!simulated.has(directory) || !file.startsWith('src/') || isTest(file)) return [];
  const text = readFileSync(join(root, path), 'utf8');
  return [systemTimer, systemRandom]
    .filter((pattern) => !allowedSystem[path]?.includes(pattern))
    .flatMap((pattern) =>
      [...text.matchAll(pattern)].map(([found]) => `${path}: '${found}' goes past what it is handed`),
    );
}

function importProblems(directory: string, file: string, declared: readonly string[]): string[] {
  const text = readFileSync(join(root, directory, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => specifier ?? '');
  return specifiers.flatMap((specifier) => {
    const problem = importProblem(directory, file, specifier, declared);
    return problem ? [`${directory}/${file}: '${specifier}' ${problem}`] : [];
  });
}

function importProblem(directory: string, file: string, specifier: string, declared: readonly string[]) {
  if (specifier.startsWith('.')) {
    const target = join(directory, file, '..', specifier);
    // The tests of packages may use the tools that whole-cluster tests use.
    const isAtHome = target.startsWith(`${directory}/`) || (isTest(file) && target.startsWith('test/'));
    return isAtHome ? undefined : 'reaches into another package';
  }
  if (!isOurs(specifier)) return undefined;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (!declared.includes(name)) return `is not among the dependencies in ${directory}/package.json`;
  const isExported = Object.hasOwn(exportsOf(name), `.${specifier.slice(name.length)}`);
  return isExported ? undefined : 'is not among the exports of that package';
}

/** The first folders of `src` that import one another in a circle; a file that lies in none stands for itself. */
function findFolderCycle(directory: string, files: readonly string[]): string[] {
  const needs = new Map<string, Set<string>>();
  for (const file of files.filter((one) => one.startsWith('src/') && !isTest(one))) {
    const text = readFileSync(join(root, directory, file), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
      const [folder, other] = [file, join(dirname(file), specifier)].map((path) => path.split('/')[1] ?? '');
      if (folder && other && folder !== other) needs.set(folder, (needs.get(folder) ?? new Set()).add(other));
    }
  }
  const done = new Set<string>();
  const search = (folder: string, path: readonly string[]): string[] => {
    if (path.includes(folder)) return [...path.slice(path.indexOf(folder)), folder];
    if (done.has(folder)) return [];
    done.add(folder);
    for (const next of needs.get(folder) ?? []) {
      const cycle = search(next, [...path, folder]);
      if (cycle.length > 0) return cycle;
    }
    return [];
  };
  return [...needs.keys()].map((folder) => search(folder, [])).find((cycle) => cycle.length > 0) ?? [];
}

function isTest(file: string): boolean {
  return /\.(test|fixture)\.ts$/.test(file);
}

function exportsOf(name: string): Record<string, unknown> {
  return manifests.find((manifest) => manifest.name === name)?.exports ?? {};
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as Manifest;
}

const directories = globSync(['packages/*/package.json', 'test/package.json', 'benchmarks/package.json'], { cwd: root })
  .map((file) => file.slice(0, -'/package.json'.length))
  .sort();
const manifests = directories.map(readManifest);
const problems = directories.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

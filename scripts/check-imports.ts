// Proves that packages depend on one another one way only, as docs/architecture.md says:
// protocol ← runtime ← registry ← push-server | balancer ← cli, and protocol ← device-sdk | admin-sdk ← the rest.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of our own packages, what each may depend on. */
const allowed: Record<string, readonly string[]> = {
  '@pushfleet/protocol': [],
  '@pushfleet/runtime': ['@pushfleet/protocol'],
  '@pushfleet/registry': ['@pushfleet/protocol', '@pushfleet/runtime'],
  '@pushfleet/push-server': ['@pushfleet/protocol', '@pushfleet/runtime', '@pushfleet/registry'],
  '@pushfleet/balancer': ['@pushfleet/protocol', '@pushfleet/runtime', '@pushfleet/registry'],
  '@pushfleet/device-sdk': ['@pushfleet/protocol'],
  '@pushfleet/admin-sdk': ['@pushfleet/protocol'],
  '@pushfleet/console': ['@pushfleet/protocol', '@pushfleet/admin-sdk'],
  '@pushfleet/loadtest': ['@pushfleet/protocol', '@pushfleet/admin-sdk', '@pushfleet/device-sdk'],
};
const root = join(import.meta.dirname, '..');
/** These stand above all others. */
const unrestricted = new Set(['pushfleet', '@pushfleet/test', '@pushfleet/benchmarks']);
const isOurs = (name: string) => name === 'pushfleet' || name.startsWith('@pushfleet/');

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function problemsOf(directory: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as Manifest;
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(isOurs);
  const upward = unrestricted.has(manifest.name)
    ? []
    : declared.filter((name) => !allowed[manifest.name]?.includes(name)).map((name) => `must not depend on ${name}`);
  const sources = globSync('**/*.ts', { cwd: join(root, directory), exclude: ['node_modules/**', 'dist/**'] });
  const imports = sources.flatMap((file) => importProblems(directory, file, [manifest.name, ...declared]));
  return [...upward.map((problem) => `${directory}/package.json: ${manifest.name} ${problem}`), ...imports];
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
    return join(directory, file, '..', specifier).startsWith(directory) ? undefined : 'reaches into another package';
  }
  if (!isOurs(specifier)) return undefined;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (name !== specifier) return 'reaches into another package; import what its index.ts exports';
  return declared.includes(name) ? undefined : `is not among the dependencies in ${directory}/package.json`;
}

const directories = globSync(['packages/*/package.json', 'test/package.json', 'benchmarks/package.json'], { cwd: root })
  .map((file) => file.slice(0, -'/package.json'.length))
  .sort();
const problems = directories.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

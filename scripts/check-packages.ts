// Checks what a reader of a package.json expects and npm does not ask for: where the package comes from, which Node.js it
// needs, its licence and page, and one version for all of them. That package-lock.json names each package by the hash of its
// content, and by no address. That whatever a published package imports when it runs is among its dependencies, so that it is there
// without those for development. And that CHANGELOG.md has the form of Keep a Changelog; with --release also that it has a section
// for this version.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  homepage?: string;
  bugs?: { url?: string };
  repository?: { type?: string; url?: string; directory?: string };
  engines?: { node?: string };
  dependencies?: Record<string, string>;
}

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const manifestOf = (directory: string) => JSON.parse(read(join(directory, 'package.json'))) as Manifest;

const workspace = manifestOf('.');
const page = 'https://github.com/pushfleet/pushfleet';
const published = globSync('packages/*', { cwd: root }).filter((directory) =>
  existsSync(join(root, directory, 'package.json')),
);

function problemsOf(directory: string): string[] {
  const {
    name,
    version,
    homepage,
    bugs,
    repository,
    engines,
    dependencies = {},
    private: isPrivate,
  } = manifestOf(directory);
  const ours = Object.entries(dependencies).filter(([dependency]) => dependency.startsWith('@pushfleet/'));
  const expectations: [boolean, string][] = [
    [version === workspace.version, `version is ${version}; the workspace has ${workspace.version}`],
    [repository?.url === `git+${page}.git`, `repository.url is not git+${page}.git`],
    [repository?.directory === directory, `repository.directory is not ${directory}`],
    [isPrivate === true || bugs?.url === `${page}/issues`, `bugs.url is not ${page}/issues`],
    [isPrivate === true || homepage === `${page}/tree/main/${directory}#readme`, 'homepage is not its README'],
    [isPrivate === true || engines?.node !== undefined, 'engines.node is missing'],
    [isPrivate === true || sameFile(directory, 'LICENSE'), 'LICENSE is not that of the workspace'],
    [isPrivate === true || existsSync(join(root, directory, 'README.md')), 'README.md is missing'],
    ...ours.map(([dependency, range]): [boolean, string] => [
      range.replace(/^[~^]/, '') === workspace.version,
      `depends on ${dependency} ${range}; the workspace has ${workspace.version}`,
    ]),
  ];
  return expectations.flatMap(([holds, problem]) => (holds ? [] : [`${directory}/package.json: ${name}: ${problem}`]));
}

function sameFile(directory: string, file: string): boolean {
  return existsSync(join(root, directory, file)) && read(join(directory, file)) === read(file);
}

/** Imports of other packages that stay when the types have gone; those for types alone do not. */
const importPattern = /^(?:import|export) (?!type )(?:[^;]*? from )?'([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm;

/** Packages that are imported by sources which are published, and are not among the dependencies. */
function importProblems(directory: string): string[] {
  const { name, dependencies = {}, private: isPrivate } = manifestOf(directory);
  if (isPrivate) return [];
  const sources = globSync('src/**/*.ts', { cwd: join(root, directory) }).filter(
    (file) => !/\.(?:test|fixture)\.ts$/.test(file),
  );
  const missing = sources.flatMap((file) =>
    [...read(join(directory, file)).matchAll(importPattern)].flatMap(([, one, other]) => {
      const [scope = '', rest] = (one ?? other ?? '').split('/');
      const wanted = scope.startsWith('@') ? `${scope}/${rest}` : scope;
      const isThere = wanted.startsWith('node:') || wanted === name || wanted in dependencies;
      return isThere ? [] : [`${directory}/${file}: imports ${wanted}, which is not among the dependencies`];
    }),
  );
  return [...new Set(missing)];
}

interface LockedPackage {
  link?: boolean;
  integrity?: string;
  resolved?: string;
}

function lockProblems(): string[] {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
  return Object.entries(packages).flatMap(([path, { link, integrity, resolved }]) => {
    if (!path.includes('node_modules/') || link) return [];
    if (!integrity)
      return [`package-lock.json: ${path}: integrity is missing; see \`npm view NAME@VERSION dist.integrity\``];
    return resolved
      ? [`package-lock.json: ${path}: resolved names an address; \`npm install\` here leaves it out`]
      : [];
  });
}

/** CHANGELOG.md begins with what is unreleased; every other section has a version and a date. */
function changelogProblems(): string[] {
  const [first, ...released] = read('CHANGELOG.md')
    .split('\n')
    .filter((line) => line.startsWith('## '));
  const problems = released
    .filter((heading) => !/^## \[\d+\.\d+\.\d+(-[\w.]+)?\] - \d{4}-\d\d-\d\d$/.test(heading))
    .map((heading) => `CHANGELOG.md: '${heading}' is not '## [version] - yyyy-mm-dd'`);
  if (first !== '## [Unreleased]') problems.push("CHANGELOG.md: the first section is not '## [Unreleased]'");
  // Asked for by docs/releasing.md, before a version is tagged.
  const isMissing = !released.some((heading) => heading.startsWith(`## [${workspace.version}] `));
  if (process.argv.includes('--release') && isMissing)
    problems.push(`CHANGELOG.md: no section for ${workspace.version}`);
  return problems;
}

const problems = [...published, 'test', 'benchmarks']
  .flatMap(problemsOf)
  .concat(published.flatMap(importProblems), lockProblems(), changelogProblems());
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

// `npm run counts [ref]`: the size and the grain of the sources, per package, of the work tree or of a commit.
// Counted are TypeScript files of packages without tests, fixtures and generated code.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const [ref] = process.argv.slice(2);
/** Files of so many lines are small. */
const smallLines = 35;

interface Source {
  package: string;
  lines: number;
  exportedNames: number;
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
}

function listFiles(): string[] {
  const listed = ref
    ? git('ls-tree', '-r', '--name-only', ref, '--', 'packages')
    : git('ls-files', '-co', '--exclude-standard', '--', 'packages');
  return listed
    .split('\n')
    .filter((file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file))
    .filter((file) => !/\.(test|fixture)\.ts$/.test(file) && !file.includes('/src/gen/'))
    .filter((file) => ref !== undefined || existsSync(join(root, file)));
}

function read(file: string): string {
  return ref ? git('show', `${ref}:${file}`) : readFileSync(join(root, file), 'utf8');
}

/** Names that the file itself declares for others; what it hands on from another file is counted there. */
function exportedNames(text: string): number {
  const declared =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) \w/gm;
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\};?$/gm)].flatMap(([, list = '']) => list.split(','));
  return (text.match(declared)?.length ?? 0) + lists.filter((name) => name.trim() !== '').length;
}

function measure(file: string): Source {
  const text = read(file);
  const [, name = ''] = file.split('/');
  return { package: name, lines: text.split('\n').length - 1, exportedNames: exportedNames(text) };
}

function row(name: string, sources: readonly Source[]): string[] {
  const sum = (value: (source: Source) => number) => sources.reduce((total, source) => total + value(source), 0);
  const small = sources.filter(({ lines }) => lines <= smallLines).length;
  const sorted = sources.map(({ lines }) => lines).sort((a, b) => a - b);
  return [
    ...[name, `${sources.length}`, `${sum(({ lines }) => lines)}`, `${sum((source) => source.exportedNames)}`],
    ...[`${small}`, `${Math.round((100 * small) / Math.max(1, sources.length))} %`],
    ...[`${sorted[Math.floor(sorted.length / 2)] ?? 0}`, `${sorted.at(-1) ?? 0}`],
  ];
}

const sources = listFiles().map(measure);
const packages = [...new Set(sources.map((source) => source.package))].sort();
const heading = [
  'package',
  'files',
  'lines',
  'exported names',
  `files ≤ ${smallLines} lines`,
  'share',
  'median',
  'largest',
];
const rows = [
  heading,
  ...packages.map((name) =>
    row(
      name,
      sources.filter((source) => source.package === name),
    ),
  ),
  row('all', sources),
];
const widths = heading.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
console.log(ref ? `Sources of ${git('rev-parse', '--short', ref).trim()}` : 'Sources of the work tree');
for (const [first = '', ...rest] of rows) {
  const cells = rest.map((cell, index) => cell.padStart(widths[index + 1] ?? 0));
  console.log([first.padEnd(widths[0] ?? 0), ...cells].join('  '));
}

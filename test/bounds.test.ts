import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { reachedBounds } from './reached-bounds.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** The cells of the table under "What is bounded". */
const rows = page
  .replace(/^.*?\n## What is bounded\n/s, '')
  .replace(/\n## .*/s, '')
  .split('\n')
  .filter((line) => /^\| (?!what \|)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '));

/** The part of a syntax tree that this file looks at. */
interface Node {
  type: string;
  name?: string;
  value?: unknown;
  callee?: unknown;
  arguments?: unknown[];
  object?: unknown;
  property?: unknown;
}

interface FoundTest {
  /** Behind the titles of what it stands in. */
  title: string;
  runs: boolean;
}

/** Modifiers of tests that do not run, or not everywhere. */
const notRun = ['skip', 'skipIf', 'runIf', 'todo'];

/** The tests in the source of a file, without running it. */
function findTests(source: string): FoundTest[] {
  const found: FoundTest[] = [];
  visit(parseAst(source, { lang: 'ts' }), '', true);
  return found;

  function visit(value: unknown, within: string, runs: boolean): void {
    if (Array.isArray(value)) for (const each of value) visit(each, within, runs);
    if (!isNode(value)) return;
    const call = readCall(value);
    const title = call ? `${within}${call.title}` : '';
    const isRun = runs && !call?.words.some((word) => notRun.includes(word));
    if (call?.words[0] === 'it') found.push({ title, runs: isRun });
    const inner = call?.words[0] === 'describe' ? `${title} > ` : within;
    for (const member of Object.values(value)) visit(member, inner, isRun);
  }
}

/** Reads the words and the title of `it.skip('a title', …)` or `describe.each(…)('a title', …)`. */
function readCall({ type, callee, arguments: given }: Node): { words: string[]; title: string } | undefined {
  if (type !== 'CallExpression') return undefined;
  const words = wordsOf(callee);
  const title = textOf(given?.[0]);
  return title !== undefined && ['it', 'describe'].includes(words[0] ?? '') ? { words, title } : undefined;
}

function wordsOf(callee: unknown): string[] {
  if (!isNode(callee)) return [];
  if (callee.type === 'Identifier') return [callee.name ?? ''];
  if (callee.type === 'CallExpression') return wordsOf(callee.callee);
  return callee.type === 'MemberExpression' ? [...wordsOf(callee.object), ...wordsOf(callee.property)] : [];
}

function textOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Lists what is wrong with a reference to tests of one file. */
function problemsOf([file, titles]: readonly [string, readonly string[]]): string[] {
  const path = join(root, file);
  if (!existsSync(path)) return [`there is no ${file}`];
  const tests = findTests(readFileSync(path, 'utf8'));
  return titles.flatMap((title) => {
    const named = tests.filter((test) => test.title === title || test.title.endsWith(` > ${title}`));
    if (named.length === 0) return [`no test "${title}" in ${file}`];
    return named.every(({ runs }) => runs) ? [] : [`"${title}" in ${file} is not run`];
  });
}

describe('what is bounded', () => {
  it('is a table of three columns, each row about something else', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((cells) => cells.length !== 3)).toEqual([]);
    expect(new Set(rows.map(([what]) => what)).size).toBe(rows.length);
  });

  it('is written down, for each that tests reach', () => {
    expect(Object.keys(reachedBounds).filter((what) => !rows.some(([said]) => said === what))).toEqual([]);
  });

  it.each(rows)('is reached by tests: %s', (what = '') => {
    const tests = Object.entries(reachedBounds[what] ?? {});
    expect(tests.flatMap(([, titles]) => titles)).not.toEqual([]);
    expect(tests.flatMap(problemsOf)).toEqual([]);
  });
});

describe('tests in a source', () => {
  it.each([
    ["it('a', () => {})", [{ title: 'a', runs: true }]],
    ["it.each<[number]>([[1]])('a %i', (n: number) => {})", [{ title: 'a %i', runs: true }]],
    ["it.skip('a', () => {})", [{ title: 'a', runs: false }]],
    ["it.skipIf(isWindows)('a', () => {})", [{ title: 'a', runs: false }]],
    ["it.todo('a')", [{ title: 'a', runs: false }]],
    ["it.skip.each([1])('a', () => {})", [{ title: 'a', runs: false }]],
    ["describe('b', () => { it('a', () => {}); })", [{ title: 'b > a', runs: true }]],
    ["describe.skip('b', () => { describe('c', () => it('a', () => {})); })", [{ title: 'b > c > a', runs: false }]],
    ["// it('a', () => {})\nconst text = \"it('a')\"; audit('a');", []],
  ])('%s', (source, tests) => {
    expect(findTests(source)).toEqual(tests);
  });

  it('that are not there, or not run, are found out', () => {
    expect(problemsOf(['test/nothing.test.ts', ['a']])).toEqual(['there is no test/nothing.test.ts']);
    expect(problemsOf(['test/bounds.test.ts', ['nothing']])).toEqual(['no test "nothing" in test/bounds.test.ts']);
  });
});

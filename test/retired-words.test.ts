import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runTool } from './cluster/tools.ts';

const script = join(import.meta.dirname, '../scripts/check-words.ts');

/** The words that are found, each with its line. */
async function findWords(name: string, text: string): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pushfleet-words-'));
  writeFileSync(join(directory, name), text);
  const { status, errors } = await runTool(process.execPath, [script, join(directory, name)]);
  rmSync(directory, { recursive: true });
  const found = [...errors.matchAll(/:(\d+): '(.*)' is retired; use: \S/g)].map(([, line, word]) => `${line} ${word}`);
  expect(status).toBe(found.length > 0 ? 1 : 0);
  return found;
}

it.each([
  [
    'names.ts',
    'const noteQueue = 1;\nclass DurableDesk {}\nimport "./front-door.ts";',
    ['1 noteQueue', '2 DurableDesk', '3 front-door'],
  ],
  ['comment.ts', '// It waits\n// on the desk.', ['2 desk']],
  ['template.ts', ['const text = `a', 'b $', '{toldOf(device)} told`;'].join('\n').replace('$\n', '$'), ['2 toldOf']],
  ['script.lua', '-- The outcome ladder.\nlocal noted_key = KEYS[1]', ['1 ladder', '2 noted_key']],
  ['a.proto', 'message HandOver { uint32 told = 1; }', ['1 HandOver', '1 told']],
  ['note-queue.ts', '', ['1 note-queue']],
  ['docs.ts', 'const a = 1;\n/** Of a device. */\n/**\n * What was sent.\n */', ['2 /** Of', '3 /** What']],
  ['page.md', 'See `NoteQueue` at the\nFront door.', ['1 NoteQueue', '2 door']],
])('finds retired words in %s, with their lines', async (name, text, expected) => {
  const found = await findWords(name, text);
  // The path that is named on the first line contains the directory, too.
  expect(found.filter((word) => !word.includes('tmp'))).toEqual(expected);
});

it.each([
  ['names.ts', 'interface LeaderTerm {}\nconst slots = readOnly ?? rolling ?? renews ?? interfaces;'],
  ['comment.ts', '// Note that it follows the pace of others, under way elsewhere; the term was told in notes.'],
  ['texts.ts', "it('is told what follows', () => { throw new Error(`the device is elsewhere, note this`); });"],
  ['page.md', 'Notes: the following holds in terms of its destination.'],
])('leaves ordinary English in %s alone', async (name, text) => {
  expect(await findWords(name, text)).toEqual([]);
});

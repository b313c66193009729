import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePrivateDirectory, writePrivateFile } from './private-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pushfleet-private-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('names a file that cannot be written, and leaves no draft of it', () => {
  mkdirSync(join(dir, 'ca.key'));
  expect(() => writePrivateFile(join(dir, 'ca.key'), 'x')).toThrow(`cannot write ${join(dir, 'ca.key')} (EISDIR)`);
  expect(readdirSync(dir)).toEqual(['ca.key']);
});

it('names a directory that cannot be made', () => {
  writeFileSync(join(dir, 'file'), '');
  const inFile = join(dir, 'file', 'state');
  expect(() => makePrivateDirectory(inFile)).toThrow(`cannot make the directory ${inFile} (ENOTDIR)`);
});

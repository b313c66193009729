import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ReportFile, ReportFileError } from './report-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'report-file-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('keeps what stands there until the new report is whole', async () => {
  const path = join(directory, 'run.json');
  await writeFile(path, 'old');
  const file = await ReportFile.open(path);
  expect(await readFile(path, 'utf8')).toBe('old');
  await file.write('new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readdir(directory)).toEqual(['run.json']);
});

it.each([
  ['missing/run.json', 'there is no such directory'],
  ['taken', 'it is a directory'],
  ['file/run.json', 'a part of the path is no directory'],
  [`${'x'.repeat(300)}.json`, 'the name is too long'],
])('finds before the run that %s cannot be written', async (name, reason) => {
  await mkdir(join(directory, 'taken'));
  await writeFile(join(directory, 'file'), '');
  await expect(ReportFile.open(join(directory, name))).rejects.toThrow(ReportFileError);
  await expect(ReportFile.open(join(directory, name))).rejects.toThrow(reason);
});

it('leaves nothing behind where the run could not be made', async () => {
  await ReportFile.open(join(directory, 'run.json'));
  expect(await readdir(directory)).toEqual([]);
});

it('says so where there is no space', async () => {
  const file = await ReportFile.open('/dev/full');
  await expect(file.write('text')).rejects.toThrow('Cannot write a report to /dev/full: no space left');
});

it('writes to what is no file without replacing it', async () => {
  const file = await ReportFile.open('/dev/null');
  await file.write('text');
  await expect(readFile('/dev/null', 'utf8')).resolves.toBe('');
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FuzzCase, formatCase, parseCase } from './fuzz-case.ts';

const directory = join(import.meta.dirname, 'corpus');

/** Inputs that once ended, froze or filled something, by the name of their file; each is played in every run. */
export function readCorpus(): Map<string, FuzzCase> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
  return new Map(files.sort().map((file) => [file, parseCase(readFileSync(join(directory, file), 'utf8'))]));
}

/** Keeps an input that was played when something went wrong. Returns the path of its file. */
export function keepSuspect(name: string, fuzzCase: FuzzCase): string {
  const suspects = join(import.meta.dirname, '.suspects');
  mkdirSync(suspects, { recursive: true });
  const file = join(suspects, `${name}.json`);
  writeFileSync(file, formatCase(fuzzCase));
  return file;
}

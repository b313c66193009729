import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets Node.js keep the code that it has compiled for the length of a test run: hundreds of processes load the same modules. One that is
 * named in the environment is used as it is.
 */
export function setup(): (() => void) | undefined {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'pushfleet-compile-cache-'));
  process.env.NODE_COMPILE_CACHE = directory;
  return () => rmSync(directory, { recursive: true, force: true });
}

/** The variable that hands it on, for processes that do not see the whole environment. */
export function compileCache(): { NODE_COMPILE_CACHE?: string } {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

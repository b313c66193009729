import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of this program; all its packages have the same. */
export function readProgramVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
  return String((manifest as { version?: unknown }).version ?? 'unknown');
}

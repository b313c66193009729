import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { patientLimits, type TestStore } from '../conformance/store.fixture.ts';
import { openEmbeddedRegistry } from './registry.ts';

export interface EmbeddedStore extends TestStore {
  readonly file: string;
}

export async function createEmbeddedStore(): Promise<EmbeddedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'pushfleet-registry-'));
  const file = join(directory, 'state', 'registry.sqlite');
  return {
    file,
    open: (limits = patientLimits) => openEmbeddedRegistry(file, limits),
    wipe: async () => deleteAllRows(file),
    turn: async ({ idleMs = 0, refusedMs = 0 }) => {
      using sqlite = new DatabaseSync(file);
      const sql = 'UPDATE write_clock SET written_at_ms = written_at_ms - ?, reading_ms = reading_ms + ?';
      sqlite.prepare(sql).run(refusedMs, idleMs);
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

function deleteAllRows(file: string): void {
  using sqlite = new DatabaseSync(file);
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  for (const { name } of tables) sqlite.exec(`DELETE FROM ${name}`);
}

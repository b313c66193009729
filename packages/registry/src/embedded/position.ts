import { randomUUID } from 'node:crypto';
import type { RegistryPosition } from '../nodes.ts';
import type { Database } from './database.ts';
import { lastReading } from './write-clock.ts';

/** Whether what stood at the position is missing now. Comes before the write clock is set. lua/position.lua has the same rules. */
export function hasLost(database: Database, position: RegistryPosition): boolean {
  const [, incarnation, reading] = /^(\S+) (\d+)$/.exec(position) ?? [];
  if (incarnation === undefined) return false;
  return readIncarnation(database) !== incarnation || lastReading(database) < Number(reading);
}

/** The position once the write clock was set and says `readingMs`. Whoever is heard first after a loss makes the incarnation anew. */
export function writePosition(database: Database, readingMs: number): RegistryPosition {
  database.run('INSERT OR IGNORE INTO incarnation (id, name) VALUES (1, :name)', { name: randomUUID() });
  return `${readIncarnation(database)} ${readingMs}`;
}

function readIncarnation(database: Database): string | undefined {
  return database.get<{ name: string }>('SELECT name FROM incarnation')?.name;
}

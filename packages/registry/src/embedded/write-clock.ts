import { longestWriteGapMs } from '../registry.ts';
import type { Database } from './database.ts';

/**
 * The clock by which silence and lifetimes are measured, in milliseconds: it goes only while the registry takes writes,
 * because whoever could not say anything was not silent, and could renew nothing. It never goes back, and follows the
 * machine's time since its start, which nobody sets. lua/write-clock.lua has the same rules, and a clock that may be set.
 */
export function readWriteClock(database: Database): number {
  const set = lastSet(database);
  if (!set) return database.wallMs();
  return set.readingMs + Math.min(longestWriteGapMs, Math.max(0, database.machineMs() - set.writtenAtMs));
}

/** The reading with which it was set last; 0 if it never was. */
export function lastReading(database: Database): number {
  return lastSet(database)?.readingMs ?? 0;
}

/** Inside a caller's transaction. Answers what it says. */
export function setWriteClock(database: Database): number {
  const readingMs = readWriteClock(database);
  const sql = 'INSERT OR REPLACE INTO write_clock (id, written_at_ms, reading_ms) VALUES (1, :writtenAtMs, :readingMs)';
  database.run(sql, { writtenAtMs: database.machineMs(), readingMs });
  return readingMs;
}

function lastSet(database: Database): { writtenAtMs: number; readingMs: number } | undefined {
  return database.get('SELECT written_at_ms AS writtenAtMs, reading_ms AS readingMs FROM write_clock');
}

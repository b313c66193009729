import type { RegistryFault } from '../registry.ts';

/** SQLite's primary result codes. */
const results: Record<number, RegistryFault> = {
  5: refusesWrites('another process holds the file (SQLITE_BUSY)'),
  6: refusesWrites('another process holds the file (SQLITE_LOCKED)'),
  7: away('cannot be read: the machine is short of memory (SQLITE_NOMEM)'),
  8: refusesWrites('the file, or its directory, is read-only (SQLITE_READONLY)'),
  10: away('cannot be read or written: the disk fails (SQLITE_IOERR)'),
  11: away('is damaged; restore it from a copy (SQLITE_CORRUPT)'),
  13: refusesWrites('the disk is full (SQLITE_FULL)'),
  14: away('cannot be opened (SQLITE_CANTOPEN)'),
  15: away('cannot be locked; it must be on a local disk (SQLITE_PROTOCOL)'),
  22: away('is too large for this system (SQLITE_NOLFS)'),
  26: away('is not a database (SQLITE_NOTADB)'),
};

const busyResults = [5, 6];

/** `undefined`: it is no error of the storage. */
export function faultOf(error: unknown): RegistryFault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ERR_INVALID_STATE') return away('is closed');
  if (syscall !== undefined) return away(`cannot be opened (${code})`);
  if (code !== 'ERR_SQLITE_ERROR') return undefined;
  return results[resultOf(error)] ?? { kind: 'bug', why: `refuses: ${error.message}` };
}

/** Another process holds the file: the same may succeed a moment later. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && busyResults.includes(resultOf(error));
}

/** The primary result code: the lowest byte. The others say more about it. */
function resultOf(error: Error): number {
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

function away(why: string): RegistryFault {
  return { kind: 'away', why };
}

function refusesWrites(why: string): RegistryFault {
  return { kind: 'refuses-writes', why };
}

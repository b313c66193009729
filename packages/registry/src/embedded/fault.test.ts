import { expect, it } from 'vitest';
import { faultOf } from './fault.ts';

const sqlite = (errcode: number) => Object.assign(new Error('said SQLite'), { code: 'ERR_SQLITE_ERROR', errcode });

it.each([
  ['SQLITE_BUSY', 5, 'refuses-writes'],
  ['SQLITE_BUSY_SNAPSHOT', 517, 'refuses-writes'],
  ['SQLITE_LOCKED', 6, 'refuses-writes'],
  ['SQLITE_READONLY', 8, 'refuses-writes'],
  ['SQLITE_READONLY_DIRECTORY', 1544, 'refuses-writes'],
  ['SQLITE_FULL', 13, 'refuses-writes'],
  ['SQLITE_IOERR_FSYNC', 1034, 'away'],
  ['SQLITE_CORRUPT', 11, 'away'],
  ['SQLITE_CANTOPEN', 14, 'away'],
  ['SQLITE_NOTADB', 26, 'away'],
  ['SQLITE_ERROR', 1, 'bug'],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', 1555, 'bug'],
  ['SQLITE_MISMATCH', 20, 'bug'],
])('%s (%i) is %s', (_, errcode, kind) => {
  expect(faultOf(sqlite(errcode))?.kind).toBe(kind);
});

it('a file that is closed or cannot be reached is away; what is not of the storage is passed on', () => {
  const closed = Object.assign(new Error('database is not open'), { code: 'ERR_INVALID_STATE' });
  const missing = Object.assign(new Error('no'), { code: 'ENOENT', syscall: 'open' });
  expect([closed, missing].map((error) => faultOf(error)?.kind)).toEqual(['away', 'away']);
  expect(faultOf(new TypeError('ours'))).toBeUndefined();
});

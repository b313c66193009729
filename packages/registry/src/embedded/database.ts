import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { PushfleetError } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { schema, schemaVersion } from './schema.ts';

/** How long one process waits for another one's write, at most; meanwhile its event loop stands still. */
const busyTimeoutMs = 2_000;

/** The SQLite file that all processes of a machine share. */
export class Database implements Disposable {
  readonly #file: string;
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws PushfleetError REGISTRY_UNAVAILABLE */
  constructor(file: string) {
    this.#file = file;
    this.#sqlite = this.#guard(() => openFile(file));
    try {
      this.#guard(() => this.#prepareFile());
    } catch (error) {
      this.#sqlite.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (this.#sqlite.isOpen) this.#sqlite.close();
  }

  /** The registry's own clock: Unix milliseconds. */
  wallMs(): number {
    return systemClock.wallMs();
  }

  /** Runs statements that only read; each of them sees one state of the file. */
  async read<Result>(body: () => Result): Promise<Result> {
    return this.#guard(body);
  }

  /** Runs statements as one transaction: all of them take effect, or none. */
  async write<Result>(body: () => Result): Promise<Result> {
    return this.#guard(() => this.#transact(body));
  }

  get<Row extends object>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  all<Row extends object>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** How many rows it changed, not counting what triggers did. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #transact<Result>(body: () => Result): Result {
    // IMMEDIATE: a transaction that began as a reader could not become a writer after another one's commit.
    this.run('BEGIN IMMEDIATE');
    try {
      const result = body();
      this.run('COMMIT');
      return result;
    } catch (error) {
      if (this.#sqlite.isTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  #prepareFile(): void {
    this.#transact(() => {
      const version = this.get<{ user_version: number }>('PRAGMA user_version')?.user_version;
      if (version === schemaVersion) return;
      if (version !== 0) throw new PushfleetError('REGISTRY_UNAVAILABLE', `${this.#file}: of another version`);
      this.#sqlite.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`);
    });
  }

  #guard<Result>(body: () => Result): Result {
    try {
      return body();
    } catch (cause) {
      if (!isStorageError(cause)) throw cause;
      throw new PushfleetError('REGISTRY_UNAVAILABLE', `the embedded registry ${this.#file} does not answer`, {
        cause,
      });
    }
  }
}

function openFile(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives the files beside it (-wal, -shm) the same mode. Nobody else needs to read hashes of secrets.
  closeSync(openSync(file, 'a', 0o600));
  const sqlite = new DatabaseSync(file);
  // First, so that the switch to WAL waits for another process that is just making the same.
  sqlite.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  sqlite.exec('PRAGMA journal_mode = WAL');
  // The file survives any death of a process; a power cut may cost the last moments, never the file.
  sqlite.exec('PRAGMA synchronous = NORMAL');
  return sqlite;
}

/** SQLite's own errors, a file that was closed, and what the system says about the file. */
function isStorageError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'ERR_SQLITE_ERROR' || code === 'ERR_INVALID_STATE' || syscall !== undefined;
}

/** Without a copy: what SQLite answers is a plain array of bytes, and whoever decodes it wants a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

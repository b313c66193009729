import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AttendedTime, machineMs, systemClock } from '@pushfleet/runtime';
import { toRegistryError } from '../registry.ts';
import { BusyQueue } from './busy-queue.ts';
import { faultOf } from './fault.ts';
import { prepareSchema } from './prepare-schema.ts';
import { type SqlValues, Statement } from './statement.ts';

/** How long the event loop stands still at most for another process's write. Those that take longer are waited for without that. */
const busyTimeoutMs = 5;
/** How long a call waits for other processes' writes. */
const patienceMs = 2_000;
/** Processes of a cluster start at the same time, and one of them makes the tables. */
const openingPatienceMs = 10_000;

/** The time as the machine of the file has it. */
export interface MachineClock {
  /** Unix milliseconds. */
  wallMs(): number;
  /** Milliseconds since the machine was started, the same for all its processes. */
  machineMs(): number;
}

const systemMachineClock: MachineClock = { wallMs: () => systemClock.wallMs(), machineMs };

/** The SQLite file that all processes of a machine share. */
export class Database implements Disposable {
  readonly #file: string;
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, Statement>();
  readonly #clock: MachineClock;
  readonly #reads: BusyQueue;
  readonly #writes: BusyQueue;

  private constructor(file: string, sqlite: DatabaseSync, clock: MachineClock, attended: Pick<AttendedTime, 'now'>) {
    this.#file = file;
    this.#sqlite = sqlite;
    this.#clock = clock;
    this.#reads = new BusyQueue(attended);
    this.#writes = new BusyQueue(attended);
  }

  /**
   * @param attended The clock by which a call has waited too long.
   * @throws PushfleetError REGISTRY_UNAVAILABLE
   */
  static async open(file: string, attended: AttendedTime = systemClock): Promise<Database> {
    const queue = new BusyQueue(attended);
    const sqlite = await guarded(file, () => queue.run(() => openFile(file), openingPatienceMs));
    const database = new Database(file, sqlite, systemMachineClock, attended);
    try {
      await guarded(file, () => queue.run(() => database.#prepareFile(), openingPatienceMs));
      return database;
    } catch (error) {
      sqlite.close();
      throw error;
    }
  }

  /** One that lives as long as this object, for the processes that are given it. */
  static inMemory(clock: MachineClock): Database {
    const database = new Database(':memory:', new DatabaseSync(':memory:'), clock, { now: () => clock.machineMs() });
    database.#prepareFile();
    return database;
  }

  [Symbol.dispose](): void {
    if (this.#sqlite.isOpen) this.#sqlite.close();
  }

  /** The registry's own clock: Unix milliseconds. */
  wallMs(): number {
    return this.#clock.wallMs();
  }

  machineMs(): number {
    return this.#clock.machineMs();
  }

  /** Runs statements that only read; each of them sees one state of the file. Where the file is held, all of them again. */
  read<Result>(body: () => Result): Promise<Result> {
    return guarded(this.#file, () => this.#reads.run(body, patienceMs));
  }

  /** Runs statements as one transaction: all of them take effect, or none. Transactions come to pass in their order. */
  write<Result>(body: () => Result): Promise<Result> {
    return guarded(this.#file, () => this.#writes.run(() => this.#transact(body), patienceMs));
  }

  get<Row extends object>(sql: string, values: SqlValues = {}): Row | undefined {
    return this.#prepare(sql).get(values) as Row | undefined;
  }

  all<Row extends object>(sql: string, values: SqlValues = {}): Row[] {
    return this.#prepare(sql).all(values) as Row[];
  }

  /** How many rows it changed, not counting what triggers did. */
  run(sql: string, values: SqlValues = {}): number {
    return this.#prepare(sql).run(values);
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = new Statement(this.#sqlite, sql);
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
    this.#transact(() => prepareSchema(this, this.#file));
  }

  /** Runs statements that make or change tables. */
  execute(sql: string): void {
    this.#sqlite.exec(sql);
  }
}

async function guarded<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const fault = faultOf(cause);
    throw fault ? toRegistryError(`the embedded registry ${file}`, fault, cause) : cause;
  }
}

function openFile(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives the files beside it (-wal, -shm) the same mode. Nobody else needs to read hashes of secrets.
  closeSync(openSync(file, 'a', 0o600));
  const sqlite = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    sqlite.exec('PRAGMA journal_mode = WAL');
    // The file survives any death of a process; a power cut may cost the last moments, never the file.
    sqlite.exec('PRAGMA synchronous = NORMAL');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Without a copy: what SQLite answers is a plain array of bytes, and whoever decodes it wants a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

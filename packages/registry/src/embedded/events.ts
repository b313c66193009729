import { type EventCursor, type EventLog, keptEvents, type Logged, type NewFleetEvent } from '../events.ts';
import type { Database } from './database.ts';

interface Row {
  position: number;
  appendedAtMs: number;
  event: string | null;
}

type Table = 'events' | 'audit_events';

const columns = 'position, appended_at_ms AS appendedAtMs, event';

/** A cursor names the row after which to read. */
export class EmbeddedEventLog<Event extends object> implements EventLog<Event> {
  readonly #database: Database;
  readonly #table: Table;

  constructor(database: Database, table: Table) {
    this.#database = database;
    this.#table = table;
  }

  async append(events: readonly Event[]): Promise<void> {
    if (events.length > 0) await this.#database.write(() => appendRows(this.#database, this.#table, events));
  }

  async end(): Promise<EventCursor> {
    return this.#database.write(() => {
      assureFirstRow(this.#database, this.#table);
      const sql = `SELECT ${columns} FROM ${this.#table} ORDER BY position DESC LIMIT 1`;
      return toCursor(this.#database.get<Row>(sql) as Row);
    });
  }

  async read(cursor: EventCursor, limit: number): Promise<Logged<Event>[] | 'gone'> {
    const position = Number(cursor.split('-', 1)[0]);
    if (!Number.isSafeInteger(position)) return 'gone';
    const sql = `SELECT ${columns} FROM ${this.#table} WHERE position >= :position ORDER BY position LIMIT :limit`;
    const rows = await this.#database.read(() => this.#database.all<Row>(sql, { position, limit: limit + 1 }));
    const [at, ...later] = rows;
    // Every cursor was a row. Where it is none any more, the events that followed it may be gone as well.
    if (!at || toCursor(at) !== cursor) return 'gone';
    return later.map((row) => ({ ...JSON.parse(row.event ?? ''), cursor: toCursor(row) }));
  }
}

/** Inside a caller's transaction. */
export function appendEvents(database: Database, events: readonly NewFleetEvent[]): void {
  appendRows(database, 'events', events);
}

function appendRows(database: Database, table: Table, events: readonly object[]): void {
  if (events.length === 0) return;
  assureFirstRow(database, table);
  const nowMs = database.wallMs();
  const insert = `INSERT INTO ${table} (appended_at_ms, event) VALUES (:nowMs, :event)`;
  for (const event of events) database.run(insert, { nowMs, event: JSON.stringify(event) });
  const drop = `DELETE FROM ${table} WHERE position <= (SELECT max(position) FROM ${table}) - :keptEvents`;
  database.run(drop, { keptEvents });
}

function assureFirstRow(database: Database, table: Table): void {
  const sql = `INSERT INTO ${table} (appended_at_ms) SELECT :nowMs WHERE NOT EXISTS (SELECT 1 FROM ${table})`;
  database.run(sql, { nowMs: database.wallMs() });
}

/** The time tells the row from one of the same position in a file that was made anew. */
function toCursor({ position, appendedAtMs }: Row): EventCursor {
  return `${position}-${appendedAtMs}`;
}

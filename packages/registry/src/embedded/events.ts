import { type EventCursor, type Events, type FleetEvent, keptEvents, type NewFleetEvent } from '../events.ts';
import type { Database } from './database.ts';

interface Row {
  position: number;
  appendedAtMs: number;
  event: string | null;
}

const columns = 'position, appended_at_ms AS appendedAtMs, event';

/** A cursor names the row after which to read. */
export class EmbeddedEvents implements Events {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async append(events: readonly NewFleetEvent[]): Promise<void> {
    if (events.length > 0) await this.#database.write(() => appendEvents(this.#database, events));
  }

  async end(): Promise<EventCursor> {
    return this.#database.write(() => {
      assureFirstRow(this.#database);
      const sql = `SELECT ${columns} FROM events ORDER BY position DESC LIMIT 1`;
      return toCursor(this.#database.get<Row>(sql) as Row);
    });
  }

  async read(cursor: EventCursor, limit: number): Promise<FleetEvent[] | 'gone'> {
    const position = Number(cursor.split('-', 1)[0]);
    if (!Number.isSafeInteger(position)) return 'gone';
    const sql = `SELECT ${columns} FROM events WHERE position >= :position ORDER BY position LIMIT :limit`;
    const rows = await this.#database.read(() => this.#database.all<Row>(sql, { position, limit: limit + 1 }));
    const [at, ...later] = rows;
    // Every cursor was a row. Where it is none any more, the events that followed it may be gone as well.
    if (!at || toCursor(at) !== cursor) return 'gone';
    return later.map((row) => ({ ...JSON.parse(row.event ?? ''), cursor: toCursor(row) }));
  }
}

/** Inside a caller's transaction. */
export function appendEvents(database: Database, events: readonly NewFleetEvent[]): void {
  if (events.length === 0) return;
  assureFirstRow(database);
  const nowMs = database.wallMs();
  const insert = 'INSERT INTO events (appended_at_ms, event) VALUES (:nowMs, :event)';
  for (const event of events) database.run(insert, { nowMs, event: JSON.stringify(event) });
  database.run('DELETE FROM events WHERE position <= (SELECT max(position) FROM events) - :keptEvents', { keptEvents });
}

function assureFirstRow(database: Database): void {
  const sql = 'INSERT INTO events (appended_at_ms) SELECT :nowMs WHERE NOT EXISTS (SELECT 1 FROM events)';
  database.run(sql, { nowMs: database.wallMs() });
}

/** The time tells the row from one of the same position in a file that was made anew. */
function toCursor({ position, appendedAtMs }: Row): EventCursor {
  return `${position}-${appendedAtMs}`;
}

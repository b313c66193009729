import type { EventCursor, EventLog, Logged } from '../events.ts';
import type { RedisConnection } from './connection.ts';
import { scripts } from './scripts.ts';

const cursorForm = /^\d{1,20}-\d{1,20}$/;

/** A cursor is the id of the stream's entry after which to read. */
export class RedisEventLog<Event extends object> implements EventLog<Event> {
  readonly #redis: RedisConnection;
  readonly #key: string;

  constructor(redis: RedisConnection, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  async append(events: readonly Event[]): Promise<void> {
    if (events.length === 0) return;
    const args = events.map((event) => JSON.stringify(event));
    await this.#redis.run(scripts.appendEvents, [this.#key], args);
  }

  async end(): Promise<EventCursor> {
    return this.#redis.run<string>(scripts.endOfEvents, [this.#key], []);
  }

  async read(cursor: EventCursor, limit: number): Promise<Logged<Event>[] | 'gone'> {
    if (!cursorForm.test(cursor)) return 'gone';
    const entries = await this.#redis.send((client) => client.xrange(this.#key, cursor, '+', 'COUNT', limit + 1));
    const [at, ...later] = entries;
    // Every cursor was an entry. Where it is none any more, the events that followed it may be gone as well.
    if (at?.[0] !== cursor) return 'gone';
    return later.map(([id, [, event = '']]) => ({ ...JSON.parse(event), cursor: id }));
  }
}

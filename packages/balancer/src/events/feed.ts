import { PushfleetError } from '@pushfleet/protocol';
import type { EventCursor, EventLog, Logged } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { EventWatch } from './watch.ts';

const pollMs = 200;
const pageSize = 1_000;
/** How many pages are read in a row, before what was read gets time to leave. */
const pagesPerPoll = 5;

export interface EventFeedOptions<Event> {
  log: Pick<EventLog<Event>, 'read'>;
  clock: Clock;
  logger: Logger;
}

/**
 * Reads the events once for all watchers that have caught up, and only while there are any. One that joins is brought
 * to the end of the events first, by pages of its own, at the speed at which it reads.
 */
export class EventFeed<Event> implements Disposable {
  readonly #options: EventFeedOptions<Event>;
  readonly #live = new Set<EventWatch<Event>>();
  /** Came to the end a moment ago; joined at the next poll. */
  readonly #joining = new Set<EventWatch<Event>>();
  #cursor: EventCursor | undefined;
  #timer: Disposable | undefined;
  #polling = false;
  #failing = false;

  constructor(options: EventFeedOptions<Event>) {
    this.#options = options;
  }

  /** @throws PushfleetError EVENTS_GONE, REGISTRY_UNAVAILABLE */
  async add(watch: EventWatch<Event>): Promise<void> {
    for (;;) {
      const page = await this.#read(watch.cursor);
      if (page === 'gone') throw gone();
      watch.take(page);
      if (!watch.stream.isOpen) return;
      if (page.length < pageSize) break;
      await watch.stream.idle();
    }
    this.#joining.add(watch);
    void watch.stream.closed.then(() => this.#remove(watch));
    this.#timer ??= this.#options.clock.every(pollMs, () => void this.#poll());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #remove(watch: EventWatch<Event>): void {
    this.#live.delete(watch);
    this.#joining.delete(watch);
    if (this.#live.size + this.#joining.size > 0) return;
    this[Symbol.dispose]();
    this.#cursor = undefined;
  }

  async #poll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    try {
      // The common page begins at or before the place of whoever joins: nothing is appended between the two reads.
      for (const watch of this.#joining) await this.#join(watch);
      for (let pages = 0; pages < pagesPerPoll && this.#cursor !== undefined; pages += 1) {
        const page = await this.#read(this.#cursor);
        this.#hand(page);
        if (page.length < pageSize) break;
      }
      if (this.#failing) this.#options.logger.info('events are read again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#options.logger.warn({ err: error }, 'events cannot be read; watchers wait');
      this.#failing = true;
    } finally {
      this.#polling = false;
    }
  }

  async #join(watch: EventWatch<Event>): Promise<void> {
    for (let pages = 0; pages < pagesPerPoll && watch.stream.isOpen; pages += 1) {
      const page = await this.#read(watch.cursor);
      if (page === 'gone') return watch.stream.fail(gone());
      watch.take(page);
      if (page.length < pageSize) return this.#goLive(watch);
    }
    // More have come meanwhile than it may take at once; at the next poll, then.
  }

  #goLive(watch: EventWatch<Event>): void {
    this.#joining.delete(watch);
    if (!watch.stream.isOpen) return;
    this.#live.add(watch);
    this.#cursor ??= watch.cursor;
  }

  #hand(page: Logged<Event>[] | 'gone'): void {
    for (const watch of this.#live) {
      if (page === 'gone') watch.stream.fail(gone());
      else watch.take(after(page, watch.cursor));
    }
    if (page === 'gone') this.#cursor = undefined;
    else this.#cursor = page.at(-1)?.cursor ?? this.#cursor;
  }

  #read(cursor: EventCursor): Promise<Logged<Event>[] | 'gone'> {
    return this.#options.log.read(cursor, pageSize);
  }
}

/** One that has just joined is ahead of the others and has had the beginning of the page. */
function after<Event>(page: Logged<Event>[], cursor: EventCursor): Logged<Event>[] {
  return page.slice(page.findIndex((event) => event.cursor === cursor) + 1);
}

function gone(): PushfleetError {
  return new PushfleetError('EVENTS_GONE', 'events after this resume token are no longer kept; watch without one');
}

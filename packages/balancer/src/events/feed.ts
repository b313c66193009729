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
      await watch.take(page);
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
        await this.#hand(page, this.#cursor);
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
      await watch.take(page);
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

  /** A page that one watch could not take is handed out again: those that have taken it are ahead by then. */
  async #hand(page: Logged<Event>[] | 'gone', from: EventCursor): Promise<void> {
    if (page === 'gone') {
      for (const watch of this.#live) watch.stream.fail(gone());
      this.#cursor = undefined;
      return;
    }
    for (const watch of this.#live) await watch.take(unseen(page, from, watch.cursor));
    // Nobody is left for whom to go on, where the last of them has left meanwhile.
    if (this.#cursor !== undefined) this.#cursor = page.at(-1)?.cursor ?? from;
  }

  #read(cursor: EventCursor): Promise<Logged<Event>[] | 'gone'> {
    return this.#options.log.read(cursor, pageSize);
  }
}

/**
 * The part of a page that a watch has not had. One that is ahead of the others, because it has just joined or because one of them
 * could not take a page, has had the beginning of the page, or all of it.
 * @param from The cursor that the page follows.
 */
function unseen<Event>(page: Logged<Event>[], from: EventCursor, cursor: EventCursor): Logged<Event>[] {
  if (cursor === from) return page;
  const last = page.findIndex((event) => event.cursor === cursor);
  return last === -1 ? [] : page.slice(last + 1);
}

function gone(): PushfleetError {
  return new PushfleetError('EVENTS_GONE', 'events after this resume token are no longer kept; watch without one');
}

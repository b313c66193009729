import type { DeviceId } from '@pushfleet/protocol';
import { type Clock, systemClock } from '@pushfleet/runtime';
import {
  type DeviceSearch,
  type FoundDevices,
  longestSearchMs,
  type SessionCondition,
  type StoredDevice,
} from '../fleet.ts';
import type { SessionRef } from '../sessions.ts';
import type { DeviceIndex } from './device-index.ts';
import type { HeldDevices } from './held-devices.ts';

/** Ids that are read from an index at once: few at first, in case many of them fit; Redis takes a millisecond for the most. */
const idsAtFirst = 500;
const idsAtOnce = 5_000;
const growth = 4;
/** Records and sessions that are read at once. */
const recordsAtOnce = 500;
/** A search stops when it has looked at so many ids, or records, or for so long. */
const mostIds = 200_000;
const mostRecords = 5_000;

export interface DeviceFinderOptions {
  index: Pick<DeviceIndex, 'page' | 'inAll'>;
  held: Pick<HeldDevices, 'by'>;
  /** The records of those of them that exist and belong to the query's group and labels. */
  read(ids: readonly DeviceId[]): Promise<StoredDevice[]>;
  sessionsOf(ids: readonly DeviceId[]): Promise<Map<DeviceId, SessionRef>>;
  clock?: Pick<Clock, 'now'>;
}

/**
 * Finds devices by what no index knows: ids are read in their order and compared here, those that are left are looked up by their
 * records and sessions, a bounded number of them.
 */
export class DeviceFinder {
  readonly #options: DeviceFinderOptions;
  readonly #search: DeviceSearch;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #endsAtMs: number;
  readonly #found: StoredDevice[] = [];
  #ids = 0;
  #records = 0;

  constructor(options: DeviceFinderOptions, search: DeviceSearch) {
    this.#options = options;
    this.#search = search;
    this.#clock = options.clock ?? systemClock;
    this.#endsAtMs = this.#clock.now() + longestSearchMs;
  }

  /** @param lead The index that is read. @param others Those that a device must be in as well. */
  async run(lead: string, others: readonly string[]): Promise<FoundDevices> {
    const { index } = this.#options;
    const isCandidate = await this.#filter();
    const { search = '', session, limit } = this.#search;
    // Where nothing is left out, or hardly anything, no more ids are needed than devices.
    let atOnce = search === '' && !session && others.length === 0 ? limit : idsAtFirst;
    let { after } = this.#search;
    for (; ; atOnce = Math.min(idsAtOnce, growth * atOnce, mostIds - this.#ids)) {
      const ids = await index.page(lead, after, atOnce);
      this.#ids += ids.length;
      const candidates = await index.inAll(others, ids.filter(isCandidate));
      const stoppedAt = await this.#lookUp(candidates);
      if (stoppedAt !== undefined) return { devices: this.#found, next: stoppedAt };
      if (ids.length < atOnce) return { devices: this.#found };
      after = ids.at(-1) as DeviceId;
      if (this.#ids >= mostIds || this.#isOver) return { devices: this.#found, next: after };
    }
  }

  get #isOver(): boolean {
    return this.#records >= mostRecords || this.#clock.now() >= this.#endsAtMs;
  }

  async #filter(): Promise<(id: DeviceId) => boolean> {
    const { search = '', session } = this.#search;
    const part = search.toLowerCase();
    // Where that takes too long to read, the sessions tell.
    const held = session && (await this.#options.held.by(session.by));
    const wantsHeld = session?.kind === 'held';
    return (id) => (part === '' || id.toLowerCase().includes(part)) && (!held || held.has(id) === wantsHeld);
  }

  /** The last id that was looked at, where the search ends before the last of them. */
  async #lookUp(candidates: readonly DeviceId[]): Promise<DeviceId | undefined> {
    const { limit, session } = this.#search;
    for (let at = 0; at < candidates.length; ) {
      // As many as are missing at first, and always where nothing more is asked of them than their ids.
      const missing = limit - this.#found.length;
      const wanted = session && this.#records > 0 ? mostRecords - this.#records : missing;
      const some = candidates.slice(at, at + Math.min(recordsAtOnce, wanted));
      at += some.length;
      this.#records += some.length;
      this.#found.push(...(await this.#readMatching(some, session)));
      if (this.#found.length >= limit) {
        this.#found.length = limit;
        return this.#found.at(-1)?.id;
      }
      if (this.#isOver && at < candidates.length) return some.at(-1);
    }
    return undefined;
  }

  async #readMatching(
    ids: readonly DeviceId[],
    session: SessionCondition | undefined,
  ): Promise<readonly StoredDevice[]> {
    const { read, sessionsOf } = this.#options;
    if (!session) return read(ids);
    const [devices, sessions] = await Promise.all([read(ids), sessionsOf(ids)]);
    return devices.filter(({ id }) => meets(sessions.get(id), session));
  }
}

function meets(session: SessionRef | undefined, condition: SessionCondition): boolean {
  const isHeld = session !== undefined && condition.by.includes(session.bootId);
  if (condition.kind === 'not-held') return !isHeld;
  return isHeld && (condition.link === undefined || session.link === condition.link);
}

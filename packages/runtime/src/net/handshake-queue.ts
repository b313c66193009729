import { DeadlineQueue } from '../deadlines.ts';
import { TokenBucket } from '../token-bucket.ts';
import { AcceptQueue, type Waiting } from './accept-queue.ts';
import { HandshakePace, type LoopLoad } from './handshake-pace.ts';
import { type Crowded, UnauthenticatedConnections, type UnauthenticatedLimits } from './unauthenticated-connections.ts';

/** A connection before its handshake. */
export interface Candidate extends Waiting {
  /** No two connections of one port have the same. */
  readonly key: string;
}

/** A connection that is to be closed without having been served. */
export interface Refused<Item> {
  item: Item;
  why: Crowded | 'waitedTooLong';
}

export interface Taken<Item> {
  /** The one whose handshake begins; `undefined`: there was no room for it, and it is among the refused. */
  begun: Item | undefined;
  refused: readonly Refused<Item>[];
}

/** A client that has waited for its handshake this long would have given up before it is in: most wait for 10 s in all. */
const longestWaitMs = 5_000;
/** Handshakes of clients from whose addresses too many sign-ins have failed; nobody else waits then. */
const suspects = { burst: 20, perSecond: 20 } as const;
/** A permit counts for so long: after that its client is slow, and costs nothing meanwhile. */
const permitMs = 2_000;

/**
 * Decides which connections get a handshake, when, and which are closed before they cost one. Owns no socket and no timer: it is
 * told the time. Waits are judged by the attended clock (`attendedMs`), the pace goes by the monotonic one (`nowMs`).
 */
export class HandshakeQueue<Item extends Candidate> {
  readonly #unauthenticated: UnauthenticatedConnections<Item>;
  readonly #queue = new AcceptQueue<Item>();
  readonly #permits = new DeadlineQueue<string>(permitMs);
  readonly #pace: HandshakePace;
  readonly #suspects: TokenBucket;

  constructor(limits: UnauthenticatedLimits, nowMs: number) {
    this.#unauthenticated = new UnauthenticatedConnections(limits);
    this.#pace = new HandshakePace(nowMs);
    this.#suspects = new TokenBucket(suspects, nowMs);
  }

  /** Number of clients that have said their hello and wait for a handshake. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Number of clients that hold a permit. */
  get inFlight(): number {
    return this.#permits.size;
  }

  /** Adds a connection whose client has said nothing yet. Returns those that have to go for it. */
  add(item: Item, address: string, attendedMs: number): readonly Refused<Item>[] {
    return this.#drop(this.#unauthenticated.add(item.key, address, item, attendedMs));
  }

  /** The client of an added connection has said its hello: it waits for its handshake from now on. */
  greet(item: Item, attendedMs: number): void {
    item.sinceMs = attendedMs;
    this.#queue.add(item);
  }

  /**
   * Takes the next one, which has a permit until it is released. `undefined`: nobody waits, or nobody may begin now.
   * @param isPaced `false`: handshakes begin at once.
   */
  take(nowMs: number, attendedMs: number, isPaced = true): Taken<Item> | undefined {
    const { size, others } = this.#queue;
    if (size === 0 || (others === 0 && this.#suspects.untilNextMs(nowMs) > 0)) return undefined;
    if (isPaced && !this.#pace.take(nowMs, this.#permits.size)) return undefined;
    if (others === 0) this.#suspects.take(nowMs);
    const item = this.#queue.take() as Item;
    const refused = this.#drop(this.#unauthenticated.begin(item.key, attendedMs));
    if (refused.some((one) => one.item === item)) return { begun: undefined, refused };
    this.#permits.set(item.key, attendedMs);
    return { begun: item, refused };
  }

  /** The time until `take` may have a permit again, in milliseconds; 0: it may at any moment. */
  untilNextMs(nowMs: number): number {
    return this.#pace.untilNextMs(nowMs);
  }

  /** Removes those that have waited for too long, and returns them. To be called every 250 ms or more often. */
  takeExpired(attendedMs: number): readonly Refused<Item>[] {
    const expired = this.#queue.takeWaitingSince(attendedMs - longestWaitMs);
    return this.#drop(expired.map((item) => ({ item, why: 'waitedTooLong' })));
  }

  /**
   * Sets the pace by the load of the loop. To be called every 250 ms.
   * @param mostPerSecond Handshakes that may begin in a second, however much time the loop has.
   */
  adjust(load: LoopLoad | undefined, attendedMs: number, mostPerSecond?: number): void {
    this.#permits.takeDue(attendedMs);
    if (load) this.#pace.adjust(load, this.#queue.size > 0, mostPerSecond);
  }

  /** The client has left. Does nothing where the connection is not here. */
  remove(item: Item): void {
    this.#queue.delete(item);
    this.release(item.key);
  }

  /** The client of a connection has authenticated, or has left after its handshake began. Returns the connection, the first time. */
  release(key: string): Item | undefined {
    this.#permits.delete(key);
    return this.#unauthenticated.remove(key);
  }

  #drop(refused: readonly Refused<Item>[]): readonly Refused<Item>[] {
    for (const { item } of refused) this.remove(item);
    return refused;
  }
}

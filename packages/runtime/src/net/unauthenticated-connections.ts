import { isIPv6 } from 'node:net';
import type { AttendedTime } from '../attended-clock.ts';

/** In all, and for one IPv4 address, or one IPv6 network of 64 bits. Many devices may share one. */
interface CrowdLimits {
  total: number;
  perAddress: number;
}

export interface UnauthenticatedLimits {
  /** Limits of connections that wait for their handshakes: they cost next to nothing. */
  waiting: CrowdLimits;
  /** Limits of those that have begun. */
  begun: CrowdLimits;
  /** Age at which a connection that has begun its handshake gives way to a new one where there is no room. */
  patienceMs: number;
}

/** Why there was no room: on the whole port, or for one address. */
export type Crowded = 'queueFull' | 'perAddress';

interface Entry<Item> {
  item: Item;
  network: string;
  sinceMs: number;
}

/** Connections by key, oldest first. */
interface Crowd<Item> {
  waiting: Map<string, Entry<Item>>;
  begun: Map<string, Entry<Item>>;
}

/**
 * The connections whose clients have not authenticated yet. Their number is bounded, in all and for each address. Where there
 * is no room for one more that waits, the oldest that waits has to go: it has cost nothing, and its client has likely given up.
 * Where there is none for one more handshake, a newcomer is refused, unless the oldest of the others has been here
 * too long. So nobody keeps the others out by waiting.
 */
export class UnauthenticatedConnections<Item> {
  readonly #limits: UnauthenticatedLimits;
  readonly #attended: Pick<AttendedTime, 'now'>;
  readonly #evict: (item: Item, why: Crowded) => void;
  readonly #all: Crowd<Item> = { waiting: new Map(), begun: new Map() };
  readonly #byNetwork = new Map<string, Crowd<Item>>();

  /** @param evict Closes a connection that had to go. */
  constructor(
    limits: UnauthenticatedLimits,
    attended: Pick<AttendedTime, 'now'>,
    evict: (item: Item, why: Crowded) => void,
  ) {
    this.#limits = limits;
    this.#attended = attended;
    this.#evict = evict;
  }

  get size(): number {
    return sizeOf(this.#all);
  }

  /** Adds a connection that waits. */
  add(key: string, address: string, item: Item): void {
    const network = networkOf(address);
    const { perAddress, total } = this.#limits.waiting;
    const neighbours = this.#byNetwork.get(network)?.waiting;
    if (neighbours && neighbours.size >= perAddress) this.#evictOldest(neighbours, 'perAddress');
    if (this.#all.waiting.size >= total) this.#evictOldest(this.#all.waiting, 'queueFull');
    const entry: Entry<Item> = { item, network, sinceMs: this.#attended.now() };
    this.#all.waiting.set(key, entry);
    const crowd = this.#byNetwork.get(network);
    if (crowd) crowd.waiting.set(key, entry);
    else this.#byNetwork.set(network, { waiting: new Map([[key, entry]]), begun: new Map() });
  }

  /** The connection no longer waits: its handshake begins. @returns Why there is no room, else `undefined`. */
  begin(key: string): Crowded | undefined {
    const entry = this.#all.waiting.get(key);
    const crowd = entry && this.#byNetwork.get(entry.network);
    if (!entry || !crowd) return undefined;
    if (!this.#makeRoom(crowd.begun, this.#limits.begun.perAddress, 'perAddress')) return 'perAddress';
    if (!this.#makeRoom(this.#all.begun, this.#limits.begun.total, 'queueFull')) return 'queueFull';
    for (const { waiting, begun } of [this.#all, crowd]) {
      waiting.delete(key);
      begun.set(key, entry);
    }
    return undefined;
  }

  /** The client of the connection has authenticated, or is gone. */
  remove(key: string): void {
    const entry = this.#all.waiting.get(key) ?? this.#all.begun.get(key);
    const crowd = entry && this.#byNetwork.get(entry.network);
    if (!entry || !crowd) return;
    for (const { waiting, begun } of [this.#all, crowd]) {
      waiting.delete(key);
      begun.delete(key);
    }
    if (sizeOf(crowd) === 0) this.#byNetwork.delete(entry.network);
  }

  #makeRoom(begun: Crowd<Item>['begun'], limit: number, why: Crowded): boolean {
    if (begun.size < limit) return true;
    const [oldest] = begun.values();
    if (!oldest || this.#attended.now() - oldest.sinceMs < this.#limits.patienceMs) return false;
    this.#evictOldest(begun, why);
    return true;
  }

  #evictOldest(among: ReadonlyMap<string, Entry<Item>>, why: Crowded): void {
    const [oldest] = among;
    if (!oldest) return;
    const [key, { item }] = oldest;
    this.remove(key);
    this.#evict(item, why);
  }
}

function sizeOf({ waiting, begun }: Crowd<unknown>): number {
  return waiting.size + begun.size;
}

/** Whoever has an IPv6 address has a network of them. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after].slice(0, 4).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

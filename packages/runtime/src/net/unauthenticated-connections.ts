import { isIPv6 } from 'node:net';
import { KeyedQueue } from '../keyed-queue.ts';

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

/** A connection that has to go, or may not come. */
export interface CrowdedOut<Item> {
  item: Item;
  why: Crowded;
}

interface Entry<Item> {
  item: Item;
  network: string;
  sinceMs: number;
}

/** Connections by key, oldest first. */
interface Crowd<Item> {
  waiting: KeyedQueue<string, Entry<Item>>;
  begun: KeyedQueue<string, Entry<Item>>;
}

/**
 * The connections whose clients have not authenticated yet. Their number is bounded, in all and for each address. Where there
 * is no room for one more that waits, the oldest that waits has to go: it has cost nothing, and its client has likely given up.
 * Where there is none for one more handshake, a newcomer is refused, unless the oldest of the others has been here
 * too long. So nobody keeps the others out by waiting.
 */
export class UnauthenticatedConnections<Item> {
  readonly #limits: UnauthenticatedLimits;
  readonly #all: Crowd<Item> = createCrowd();
  readonly #byNetwork = new Map<string, Crowd<Item>>();

  constructor(limits: UnauthenticatedLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return sizeOf(this.#all);
  }

  /** Adds a connection that waits. Returns those that are removed to make room for it. */
  add(key: string, address: string, item: Item, nowMs: number): readonly CrowdedOut<Item>[] {
    const network = networkOf(address);
    const { perAddress, total } = this.#limits.waiting;
    const gone: CrowdedOut<Item>[] = [];
    const neighbours = this.#byNetwork.get(network)?.waiting;
    if (neighbours && neighbours.size >= perAddress) gone.push(...this.#takeOldest(neighbours, 'perAddress'));
    if (this.#all.waiting.size >= total) gone.push(...this.#takeOldest(this.#all.waiting, 'queueFull'));
    const entry: Entry<Item> = { item, network, sinceMs: nowMs };
    this.#all.waiting.add(key, entry);
    const crowd = this.#byNetwork.get(network) ?? createCrowd();
    crowd.waiting.add(key, entry);
    this.#byNetwork.set(network, crowd);
    return gone;
  }

  /**
   * The connection no longer waits: its handshake begins. Returns those that are removed to make room for it; where there is none,
   * it is itself among them.
   */
  begin(key: string, nowMs: number): readonly CrowdedOut<Item>[] {
    const entry = this.#all.waiting.get(key);
    const crowd = entry && this.#byNetwork.get(entry.network);
    if (!entry || !crowd) return [];
    const { perAddress, total } = this.#limits.begun;
    const why =
      this.#findCrowd(crowd.begun, perAddress, 'perAddress', nowMs) ??
      this.#findCrowd(this.#all.begun, total, 'queueFull', nowMs);
    if (why) {
      this.remove(key);
      return [{ item: entry.item, why }];
    }
    const gone = crowd.begun.size < perAddress ? [] : this.#takeOldest(crowd.begun, 'perAddress');
    if (this.#all.begun.size >= total) gone.push(...this.#takeOldest(this.#all.begun, 'queueFull'));
    for (const { waiting, begun } of [this.#all, crowd]) {
      waiting.delete(key);
      begun.add(key, entry);
    }
    return gone;
  }

  /** The client of the connection has authenticated, or is gone. @returns The connection, unless it was removed before. */
  remove(key: string): Item | undefined {
    const entry = this.#all.waiting.get(key) ?? this.#all.begun.get(key);
    const crowd = entry && this.#byNetwork.get(entry.network);
    if (!entry || !crowd) return undefined;
    for (const { waiting, begun } of [this.#all, crowd]) {
      waiting.delete(key);
      begun.delete(key);
    }
    if (sizeOf(crowd) === 0) this.#byNetwork.delete(entry.network);
    return entry.item;
  }

  /** Says why there is no room among those that have begun; there is, where the oldest of them has been here too long. */
  #findCrowd(begun: Crowd<Item>['begun'], limit: number, why: Crowded, nowMs: number): Crowded | undefined {
    if (begun.size < limit) return undefined;
    const oldest = begun.oldest()?.value;
    return !oldest || nowMs - oldest.sinceMs < this.#limits.patienceMs ? why : undefined;
  }

  #takeOldest(among: KeyedQueue<string, Entry<Item>>, why: Crowded): CrowdedOut<Item>[] {
    const oldest = among.oldest();
    if (!oldest) return [];
    this.remove(oldest.key);
    return [{ item: oldest.value.item, why }];
  }
}

function createCrowd<Item>(): Crowd<Item> {
  return { waiting: new KeyedQueue(), begun: new KeyedQueue() };
}

function sizeOf({ waiting, begun }: Crowd<unknown>): number {
  return waiting.size + begun.size;
}

/** The IPv4 address itself, or the IPv6 network of 64 bits: whoever has an IPv6 address has a network of them. */
export function networkOf(address: string): string {
  if (address.startsWith('::ffff:')) return address.slice('::ffff:'.length);
  // Cheaper than to parse it.
  if (!address.includes(':') || !isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after].slice(0, 4).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

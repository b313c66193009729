import { isIPv6, type Socket } from 'node:net';
import type { AttendedTime } from '../attended-clock.ts';

export interface UnauthenticatedLimits {
  total: number;
  /** Limit for one IPv4 address, or one IPv6 network of 64 bits. Many devices may share one. */
  perAddress: number;
  /** Age at which a connection gives way to a new one where there is no room; before that it stays. */
  patienceMs: number;
}

interface Entry {
  socket: Socket;
  address: string;
  sinceMs: number;
}

/**
 * The connections whose clients have not authenticated yet. Their number is bounded, in all and for each address: where
 * there is no room a newcomer is refused, unless the oldest of the others has been here too long, which then has to go.
 * So a storm of honest clients gets its handshakes done one after the other, and nobody keeps the others out by waiting.
 */
export class UnauthenticatedConnections {
  readonly #limits: UnauthenticatedLimits;
  readonly #attended: AttendedTime;
  /** Oldest first. */
  readonly #all = new Map<string, Entry>();
  readonly #byAddress = new Map<string, Map<string, Entry>>();

  constructor(limits: UnauthenticatedLimits, attended: AttendedTime) {
    this.#limits = limits;
    this.#attended = attended;
  }

  get size(): number {
    return this.#all.size;
  }

  /** `false`: there is no room; the connection is the caller's to close. */
  add(socket: Socket): boolean {
    const key = keyOf(socket);
    const address = networkOf(socket.remoteAddress ?? '');
    if (!this.#makeRoom(this.#byAddress.get(address), this.#limits.perAddress)) return false;
    if (!this.#makeRoom(this.#all, this.#limits.total)) return false;
    const entry: Entry = { socket, address, sinceMs: this.#attended.now() };
    this.#all.set(key, entry);
    const neighbours = this.#byAddress.get(address);
    if (neighbours) neighbours.set(key, entry);
    else this.#byAddress.set(address, new Map([[key, entry]]));
    socket.once('close', () => {
      if (this.#all.get(key) === entry) this.#delete(key);
    });
    return true;
  }

  /** The client of the connection has authenticated. A TLS socket stands for the one below it. */
  remove(socket: Socket): void {
    this.#delete(keyOf(socket));
  }

  #makeRoom(among: ReadonlyMap<string, Entry> | undefined, limit: number): boolean {
    if (!among || among.size < limit) return true;
    const [oldest] = among;
    if (!oldest || this.#attended.now() - oldest[1].sinceMs < this.#limits.patienceMs) return false;
    this.#delete(oldest[0]);
    oldest[1].socket.destroy();
    return true;
  }

  #delete(key: string): void {
    const entry = this.#all.get(key);
    if (!entry) return;
    this.#all.delete(key);
    const neighbours = this.#byAddress.get(entry.address);
    neighbours?.delete(key);
    if (neighbours?.size === 0) this.#byAddress.delete(entry.address);
  }
}

/** On one port of ours no two connections have the same. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
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

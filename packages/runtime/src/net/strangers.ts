import { isIPv6, type Socket } from 'node:net';
import type { AttendedTime } from '../attended-clock.ts';

export interface StrangerLimits {
  total: number;
  /** Of one IPv4 address, or one IPv6 network of 64 bits. Many devices may stand behind one. */
  perAddress: number;
  /** One that has been here for so long gives way to a newcomer where there is no room; before that it stays. */
  patienceMs: number;
}

interface Stranger {
  socket: Socket;
  address: string;
  sinceMs: number;
}

/**
 * The connections whose clients have not shown who they are. Their number is bounded, in all and for each address: where
 * there is no room a newcomer is refused, unless the oldest of the others has been here too long, which then has to go.
 * So a storm of honest clients gets its handshakes done one after the other, and nobody keeps the others out by waiting.
 */
export class Strangers {
  readonly #limits: StrangerLimits;
  readonly #attended: AttendedTime;
  /** Oldest first. */
  readonly #all = new Map<string, Stranger>();
  readonly #byAddress = new Map<string, Map<string, Stranger>>();

  constructor(limits: StrangerLimits, attended: AttendedTime) {
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
    const stranger: Stranger = { socket, address, sinceMs: this.#attended.now() };
    this.#all.set(key, stranger);
    const neighbours = this.#byAddress.get(address);
    if (neighbours) neighbours.set(key, stranger);
    else this.#byAddress.set(address, new Map([[key, stranger]]));
    socket.once('close', () => {
      if (this.#all.get(key) === stranger) this.#delete(key);
    });
    return true;
  }

  /** Its client has shown who it is. A TLS socket stands for the one below it. */
  remove(socket: Socket): void {
    this.#delete(keyOf(socket));
  }

  #makeRoom(among: ReadonlyMap<string, Stranger> | undefined, limit: number): boolean {
    if (!among || among.size < limit) return true;
    const [oldest] = among;
    if (!oldest || this.#attended.now() - oldest[1].sinceMs < this.#limits.patienceMs) return false;
    this.#delete(oldest[0]);
    oldest[1].socket.destroy();
    return true;
  }

  #delete(key: string): void {
    const stranger = this.#all.get(key);
    if (!stranger) return;
    this.#all.delete(key);
    const neighbours = this.#byAddress.get(stranger.address);
    neighbours?.delete(key);
    if (neighbours?.size === 0) this.#byAddress.delete(stranger.address);
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

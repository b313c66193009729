import type { BlockList, Socket } from 'node:net';
import type { AttendedTime } from '../attended-clock.ts';
import type { Clock } from '../clock.ts';
import { DeadlineQueue } from '../deadlines.ts';
import { meter } from '../metrics/meter.ts';
import { metrics } from '../metrics/metric-table.ts';
import { connectionKey, isListed } from './client-address.ts';
import type { Hello } from './client-hello.ts';
import type { LoopLoad } from './handshake-pace.ts';
import { type Candidate, HandshakeQueue, type Refused } from './handshake-queue.ts';
import type { UnauthenticatedLimits } from './unauthenticated-connections.ts';

/** A connection before its handshake: its client has been heard, or not yet. */
export interface Arrival extends Candidate {
  readonly socket: Socket;
  /** Bytes that were read. */
  head: Buffer;
  /** The name of the key of the TLS session ticket that it offers. */
  keyName: string | undefined;
  /** When its present stage began, by the monotonic clock: it waits, or its handshake is in flight. */
  stageSinceMs: number;
  onReadable(): void;
}

export interface AdmissionOptions {
  limits: UnauthenticatedLimits;
  /** Time for a client to say its hello, and again for its handshake. */
  greetingDeadlineMs: number;
  /** Absent: handshakes begin at once. */
  load?: LoopLoad | undefined;
  /** Handshakes that may begin in a second, however much time the loop has. */
  mostPerSecond?: (() => number) | undefined;
  clock: Clock;
  attended: AttendedTime;
  readHello(bytes: Buffer): Hello;
  /** Number of bytes that a client may say after its hello, before it is answered; more ends its connection. */
  unreadBytes: number;
  isOurKey(keyName: string): boolean;
  /** Networks in which many clients share an address: there is no limit by address there. */
  shared?: BlockList | undefined;
  /** Whether too many sign-ins have failed from an address. Absent: from none. */
  isSuspect?: ((address: string) => boolean) | undefined;
  /** Begins the handshake. The socket is not read any more. */
  begin(arrival: Arrival): void;
}

/** Connections that were closed without having been served, since the process began, by reason. */
export interface Refusals {
  /** The port had as many connections as it may. */
  connections: number;
  /** There were too many whose clients had not authenticated: on the whole port, from one address. */
  queueFull: number;
  perAddress: number;
  /** Their handshakes had not begun after 5 s. */
  waitedTooLong: number;
  /** They had not said their hello in time. */
  silent: number;
  /** Their handshakes were not done in time, or failed. */
  handshakeTooLong: number;
  handshakeFailed: number;
}

const tickMs = 250;
/** Permits are handed out no more often than this while somebody waits for one, and no less often than that. */
const pumpMs = { least: 5, most: 50 } as const;
/**
 * Handshakes that begin in one turn of the loop: each takes it half a millisecond, and a command waits for all of them. After a lag
 * there are permits for 25 and more.
 */
const mostPerTurn = 4;

/**
 * Lets connections in before they cost anything: who has said its hello waits in a bounded queue until the loop has time for a
 * handshake; `HandshakeQueue` decides when. Here are the sockets and timers that it needs. Waits are measured on the attended clock.
 */
export class Admission implements Disposable {
  readonly refused: Refusals = {
    ...{ connections: 0, queueFull: 0, perAddress: 0, waitedTooLong: 0 },
    ...{ silent: 0, handshakeTooLong: 0, handshakeFailed: 0 },
  };
  readonly #options: AdmissionOptions;
  readonly #queue: HandshakeQueue<Arrival>;
  readonly #arrivals = new Map<string, Arrival>();
  /**
   * The key of each socket whose client has not authenticated: one that is closed no longer says all of its addresses. Nothing
   * is kept of the others: 0.1 KiB for each link.
   */
  readonly #keys = new WeakMap<Socket, string>();
  readonly #silent: DeadlineQueue<Arrival>;
  readonly #handshakes: DeadlineQueue<Arrival>;
  readonly #tick: Disposable;
  #isPumping = false;

  constructor(options: AdmissionOptions) {
    const { limits, greetingDeadlineMs, clock, attended } = options;
    this.#options = options;
    this.#queue = new HandshakeQueue(limits, clock.now());
    this.#silent = new DeadlineQueue(greetingDeadlineMs);
    this.#handshakes = new DeadlineQueue(greetingDeadlineMs);
    this.#tick = attended.every(tickMs, () => this.#onTick());
  }

  /** Clients that have said their hello and wait for a handshake. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** Clients that hold a permit. */
  get inFlight(): number {
    return this.#queue.inFlight;
  }

  add(socket: Socket): void {
    const { remoteAddress = '' } = socket;
    const key = connectionKey(socket);
    this.#keys.set(socket, key);
    const arrival: Arrival = {
      ...{
        socket,
        key,
        head: Buffer.alloc(0),
        keyName: undefined,
        isKnown: false,
        isSuspect: false,
        sinceMs: 0,
        stageSinceMs: 0,
      },
      onReadable: () => this.#onReadable(arrival),
    };
    const nowMs = this.#options.attended.now();
    // Nobody else has its key: a limit by address never comes to bear.
    const address = isListed(this.#options.shared, remoteAddress) ? key : remoteAddress;
    this.#refuseAll(this.#queue.add(arrival, address, nowMs));
    this.#arrivals.set(key, arrival);
    this.#silent.set(arrival, nowMs);
    socket.on('readable', arrival.onReadable);
  }

  /** Its handshake is done, as far as there is one. */
  onHandshake(socket: Socket): void {
    const arrival = this.#arrivals.get(connectionKey(socket));
    if (!arrival) return;
    this.#endStage(arrival, 'handshake');
    this.#handshakes.delete(arrival);
    this.#arrivals.delete(arrival.key);
  }

  /** The client has authenticated. A TLS socket stands for the one below it. */
  markAuthenticated(socket: Socket): void {
    const arrival = this.#queue.release(connectionKey(socket));
    if (arrival) this.#keys.delete(arrival.socket);
  }

  /** @param socket As it was added. */
  onClose(socket: Socket): void {
    const key = this.#keys.get(socket);
    if (key === undefined) return;
    const arrival = this.#arrivals.get(key);
    if (arrival && this.#handshakes.has(arrival)) this.refused.handshakeFailed += 1;
    if (arrival) this.#forget(arrival);
    else this.#queue.release(key);
  }

  [Symbol.dispose](): void {
    this.#tick[Symbol.dispose]();
  }

  #onReadable(arrival: Arrival): void {
    const { socket } = arrival;
    if (!this.#silent.has(arrival)) {
      // It waits, and what it says meanwhile stays in the socket. This finds out whether it is gone.
      if (socket.readableLength === 0) socket.read();
      else if (socket.readableLength > this.#options.unreadBytes) this.#refuse(arrival, 'handshakeFailed');
      return;
    }
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    arrival.head = arrival.head.length === 0 ? bytes : Buffer.concat([arrival.head, bytes]);
    const hello = this.#options.readHello(arrival.head);
    if (hello.kind === 'incomplete') return;
    this.#silent.delete(arrival);
    if (hello.kind === 'ticket') {
      arrival.keyName = hello.keyName;
      arrival.isKnown = this.#options.isOurKey(hello.keyName);
    }
    arrival.isSuspect = this.#options.isSuspect?.(socket.remoteAddress ?? '') === true;
    arrival.stageSinceMs = this.#options.clock.now();
    this.#queue.greet(arrival, this.#options.attended.now());
    this.#pumpSoon();
  }

  /** Once for all that said their hellos in this turn of the loop: the newest of them is then known. */
  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    const { load, clock, attended } = this.#options;
    this.#isPumping = false;
    let left = load ? mostPerTurn : Number.POSITIVE_INFINITY;
    while (left > 0) {
      const taken = this.#queue.take(clock.now(), attended.now(), load !== undefined);
      if (!taken) break;
      this.#refuseAll(taken.refused);
      if (taken.begun) this.#begin(taken.begun);
      left -= 1;
    }
    if (this.#queue.waiting === 0) return;
    // Live links and commands are read between two turns.
    if (left === 0) return this.#pumpSoon();
    this.#isPumping = true;
    const waitMs = Math.min(pumpMs.most, Math.max(pumpMs.least, this.#queue.untilNextMs(clock.now())));
    clock.after(waitMs, () => this.#pump());
  }

  #begin(arrival: Arrival): void {
    arrival.socket.removeListener('readable', arrival.onReadable);
    this.#handshakes.set(arrival, this.#options.attended.now());
    this.#endStage(arrival, 'waiting');
    this.#options.begin(arrival);
  }

  /** Ports of the cluster's own processes have no pace and are not measured. */
  #endStage(arrival: Arrival, stage: 'waiting' | 'handshake'): void {
    if (!this.#options.load) return;
    const nowMs = this.#options.clock.now();
    meter.observe(metrics.arrivalSeconds, stage, (nowMs - arrival.stageSinceMs) / 1_000);
    arrival.stageSinceMs = nowMs;
  }

  #onTick(): void {
    const { load, attended, mostPerSecond } = this.#options;
    const nowMs = attended.now();
    for (const arrival of this.#silent.takeDue(nowMs)) this.#refuse(arrival, 'silent');
    this.#refuseAll(this.#queue.takeExpired(nowMs));
    for (const arrival of this.#handshakes.takeDue(nowMs)) this.#refuse(arrival, 'handshakeTooLong');
    this.#queue.adjust(load, nowMs, mostPerSecond?.());
  }

  #refuseAll(refused: readonly Refused<Arrival>[]): void {
    for (const { item, why } of refused) this.#refuse(item, why);
  }

  #refuse(arrival: Arrival, why: keyof Refusals): void {
    this.refused[why] += 1;
    this.#forget(arrival);
    arrival.socket.destroy();
  }

  #forget(arrival: Arrival): void {
    this.#queue.remove(arrival);
    this.#silent.delete(arrival);
    this.#handshakes.delete(arrival);
    this.#arrivals.delete(arrival.key);
  }
}

import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { AttendedTime, ConnectionLimits, ListenerStats, LoopLoad } from '@pushfleet/runtime';
import { unauthenticatedLimitsOf } from '@pushfleet/runtime';
import { Admission } from '@pushfleet/runtime/admission';
import type { SimulatedProcess } from '../world/process.ts';
import type { Connection } from './connection.ts';
import { acceptMs, handshakeMs } from './costs.ts';

export interface VirtualAdmissionOptions {
  process: SimulatedProcess;
  connectionLimits: ConnectionLimits;
  greetingDeadlineMs: number;
  /** Absent: handshakes begin at once. */
  load?: LoopLoad;
  mostPerSecond?: () => number;
  attended: AttendedTime;
}

/** A connection that may not be in yet: its frames wait until its handshake is done. */
export interface Visitor {
  /** Something came from the client. */
  onFrame(frame: unknown, costMs: number): void;
  onClosed(): void;
}

/** The admission of a listener, by production's own code, in front of a virtual TLS: to accept costs little, a handshake much. */
export class VirtualAdmission implements Disposable {
  readonly #process: SimulatedProcess;
  readonly #admission: Admission;
  readonly #sockets = new WeakMap<Connection, RawSocket>();
  #completed = 0;
  #lastPort = 0;

  constructor({
    process,
    connectionLimits,
    greetingDeadlineMs,
    load,
    mostPerSecond,
    attended,
  }: VirtualAdmissionOptions) {
    this.#process = process;
    this.#admission = new Admission({
      limits: unauthenticatedLimitsOf(connectionLimits, greetingDeadlineMs),
      ...{ greetingDeadlineMs, load, mostPerSecond, clock: process.clock, attended },
      readHello: () => ({ kind: 'stranger' }),
      unreadBytes: Number.POSITIVE_INFINITY,
      isOurKey: () => false,
      begin: ({ socket }) => (socket as unknown as RawSocket).begin(),
    });
  }

  stats(): ListenerStats {
    const { waiting, inFlight, refused } = this.#admission;
    return { waiting, inFlight, completed: this.#completed, resumed: 0, refused: { ...refused } };
  }

  /** @param pass Called with each frame once the client is in. */
  admit(connection: Connection, pass: (frame: unknown) => void): Visitor {
    this.#lastPort += 1;
    this.#process.spend(acceptMs);
    let isIn = false;
    const held: { frame: unknown; costMs: number }[] = [];
    const deal = (frame: unknown, costMs: number) => {
      this.#process.spend(costMs);
      pass(frame);
    };
    const socket = new RawSocket(connection, this.#lastPort, () => {
      this.#process.spend(handshakeMs);
      this.#process.receive(() => {
        if (!connection.isOpen) return;
        isIn = true;
        this.#completed += 1;
        this.#admission.onHandshake(socket as unknown as Socket);
        for (const { frame, costMs } of held.splice(0)) deal(frame, costMs);
      });
    });
    this.#sockets.set(connection, socket);
    this.#admission.add(socket as unknown as Socket);
    return {
      onFrame: (frame, costMs) => {
        if (isIn) return deal(frame, costMs);
        // The first one brings the hello, and with it the price of the handshake, which is paid when that begins.
        held.push({ frame, costMs: held.length === 0 ? 0 : costMs });
        if (held.length === 1) socket.hear();
      },
      onClosed: () => this.#admission.onClose(socket as unknown as Socket),
    };
  }

  markAuthenticated(connection: Connection): void {
    const socket = this.#sockets.get(connection);
    if (socket) this.#admission.markAuthenticated(socket as unknown as Socket);
  }

  [Symbol.dispose](): void {
    this.#admission[Symbol.dispose]();
  }
}

const hello = Buffer.from('hello');

/** The TCP socket of a connection, as far as admission looks at one. */
class RawSocket extends EventEmitter {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress = '';
  readonly begin: () => void;
  readonly #connection: Connection;
  #unread: Buffer | null = null;

  constructor(connection: Connection, port: number, begin: () => void) {
    super();
    this.#connection = connection;
    this.remoteAddress = connection.client.host.address;
    this.remotePort = port;
    this.begin = begin;
  }

  get readableLength(): number {
    return this.#unread?.length ?? 0;
  }

  hear(): void {
    this.#unread = hello;
    this.emit('readable');
  }

  read(): Buffer | null {
    const unread = this.#unread;
    this.#unread = null;
    return unread;
  }

  destroy(): void {
    this.#connection.close('server', 'connection reset');
  }
}

import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { streamOf } from '@pushfleet/protocol';
import type { AttendedTime } from '../attended-clock.ts';
import { DeadlineWheel, type Timed, unscheduled } from '../deadlines.ts';

export interface ConnectionKeepAliveOptions {
  /** Time without a byte after which a connection is asked by a ping, and after as much again is cut off. */
  keepAliveMs: number;
  attended: AttendedTime;
}

interface Connection extends Timed {
  session: ServerHttp2Session;
  socket: Socket;
  keepAliveMs: number;
  heardBytes: number;
  isAsked: boolean;
}

const resolutionMs = 1_000;

/**
 * Finds HTTP/2 connections whose peers are gone. Any byte is a sign of life: only a connection on which nothing came for its
 * whole keep-alive is asked, so that one whose client speaks in time costs no ping. Nobody walks through those that are not due.
 */
export class ConnectionKeepAlive {
  readonly #options: ConnectionKeepAliveOptions;
  readonly #wheel: DeadlineWheel<Connection>;
  readonly #connections = new WeakMap<ServerHttp2Session, Connection>();

  constructor(options: ConnectionKeepAliveOptions) {
    this.#options = options;
    this.#wheel = new DeadlineWheel(resolutionMs, options.attended.now());
  }

  /** @param socketOf The socket of a session that has just begun. */
  watch(server: Http2Server, socketOf: () => Socket): void {
    server.on('session', (session) => {
      const { keepAliveMs, attended } = this.#options;
      const socket = socketOf();
      const connection = { session, socket, keepAliveMs, heardBytes: 0, isAsked: false, ...unscheduled };
      this.#connections.set(session, connection);
      this.#wheel.add(connection, attended.now() + keepAliveMs);
      session.on('close', () => this.#wheel.remove(connection));
    });
  }

  /** Sets the keep-alive of the connection that carries the call, from now on. */
  set(call: object, keepAliveMs: number): void {
    const session = streamOf(call)?.session as ServerHttp2Session | undefined;
    const connection = session && this.#connections.get(session);
    if (!connection || connection.session.destroyed) return;
    connection.keepAliveMs = keepAliveMs;
    this.#wheel.move(connection, this.#options.attended.now() + keepAliveMs);
  }

  /** To be called about once a second, after what lay in the sockets has been read. */
  tick(): void {
    const nowMs = this.#options.attended.now();
    for (const connection of this.#wheel.takeDue(nowMs)) {
      if (connection.session.destroyed || this.#isGone(connection)) continue;
      this.#wheel.add(connection, nowMs + connection.keepAliveMs);
    }
  }

  #isGone(connection: Connection): boolean {
    const { session, socket, heardBytes, isAsked } = connection;
    const { bytesRead } = socket;
    const isSilent = bytesRead === heardBytes;
    connection.heardBytes = bytesRead;
    connection.isAsked = isSilent;
    if (isSilent && isAsked) {
      socket.destroy();
      return true;
    }
    // Its answer is one more byte that is read; what it says is of no interest.
    if (isSilent) session.ping(() => {});
    return false;
  }
}

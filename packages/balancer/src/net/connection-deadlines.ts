import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type AttendedTime, DeadlineQueue } from '@pushfleet/runtime';

export interface ConnectionDeadlinesOptions {
  /**
   * Time in which something must move on a connection, unless it waits for the answer of a handler; a request must have come as a whole a
   * tenth of it earlier.
   */
  idleMs: number;
  attended: AttendedTime;
  /** The client is late with its request. */
  onLate(socket: Socket): void;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

interface Connection {
  socket: Socket;
  movedBytes: number;
  silentLooks: number;
  /** The last exchange of which the head has come, and the one that there was at the last look. */
  exchange: Exchange | undefined;
  lastExchange: Exchange | undefined;
  /** Bytes up to the end of the last request. */
  doneBytes: number;
  receivingLooks: number;
}

/** Looks at each connection in the time after which it is idle. */
const looks = 10;
const tickMs = 250;

/**
 * Cuts off connections on which nothing moves in either direction while something is expected of the client, and clients whose requests
 * do not come to an end. The limits that Node.js has for both count the pauses of this process: a client that goes on speaking just
 * after one would be cut off.
 */
export class ConnectionDeadlines implements Disposable {
  readonly #options: ConnectionDeadlinesOptions;
  readonly #due: DeadlineQueue<Connection>;
  readonly #connections = new WeakMap<Socket, Connection>();
  readonly #timer: Disposable;

  constructor(options: ConnectionDeadlinesOptions) {
    this.#options = options;
    this.#due = new DeadlineQueue(options.idleMs / looks);
    this.#timer = options.attended.every(Math.min(tickMs, options.idleMs / looks), () => this.#tick());
  }

  watch(server: Server): void {
    server.on('request', (request, response) => {
      const connection = this.#connections.get(request.socket);
      if (connection) connection.exchange = { request, response };
    });
  }

  add(socket: Socket): void {
    const connection: Connection = {
      ...{ socket, movedBytes: movedBytesOf(socket), silentLooks: 0 },
      ...{ exchange: undefined, lastExchange: undefined, doneBytes: 0, receivingLooks: 0 },
    };
    this.#connections.set(socket, connection);
    this.#due.set(connection, this.#options.attended.now());
    socket.once('close', () => this.#due.delete(connection));
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #tick(): void {
    const nowMs = this.#options.attended.now();
    for (const connection of this.#due.takeDue(nowMs)) {
      if (isIdle(connection)) connection.socket.destroy();
      else if (isLate(connection)) this.#options.onLate(connection.socket);
      else this.#due.set(connection, nowMs);
    }
  }
}

function isIdle(connection: Connection): boolean {
  const movedBytes = movedBytesOf(connection.socket);
  const isSilent = movedBytes === connection.movedBytes && !isAwaited(connection);
  connection.silentLooks = isSilent ? connection.silentLooks + 1 : 0;
  connection.movedBytes = movedBytes;
  return connection.silentLooks >= looks;
}

/** The request has come as a whole, and its answer, or the rest of it, is still to be made: the client has nothing to do but to wait. */
function isAwaited({ exchange, socket }: Connection): boolean {
  if (!exchange?.request.complete) return false;
  return !exchange.response.writableEnded && socket.writableLength === 0;
}

function isLate(connection: Connection): boolean {
  connection.receivingLooks = isReceiving(connection) ? connection.receivingLooks + 1 : 0;
  return connection.receivingLooks >= looks - 1;
}

/** Part of a request has come, and the rest has not. */
function isReceiving(connection: Connection): boolean {
  const { exchange, lastExchange, socket } = connection;
  connection.lastExchange = exchange;
  if (exchange && !exchange.request.complete) return true;
  const isWorkedOn = exchange && (exchange !== lastExchange || !exchange.response.writableFinished);
  if (isWorkedOn) connection.doneBytes = socket.bytesRead;
  return socket.bytesRead > connection.doneBytes;
}

function movedBytesOf({ bytesRead, bytesWritten }: Socket): number {
  return bytesRead + bytesWritten;
}

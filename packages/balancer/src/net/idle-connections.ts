import type { Socket } from 'node:net';
import { type AttendedTime, DeadlineQueue } from '@pushfleet/runtime';

interface Connection {
  socket: Socket;
  movedBytes: number;
  silentLooks: number;
}

const looks = 2;
const tickMs = 250;

/**
 * Cuts off connections on which nothing moves in either direction. Node.js' own limit would count the pauses of this process,
 * and cut off clients whose requests lie in the socket, unread.
 */
export class IdleConnections implements Disposable {
  readonly #attended: AttendedTime;
  readonly #due: DeadlineQueue<Connection>;
  readonly #timer: Disposable;

  constructor(idleMs: number, attended: AttendedTime) {
    this.#attended = attended;
    this.#due = new DeadlineQueue(idleMs / looks);
    this.#timer = attended.every(tickMs, () => this.#tick());
  }

  add(socket: Socket): void {
    const connection = { socket, movedBytes: movedBytesOf(socket), silentLooks: 0 };
    this.#due.set(connection, this.#attended.now());
    socket.once('close', () => this.#due.delete(connection));
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #tick(): void {
    const nowMs = this.#attended.now();
    for (const connection of this.#due.takeDue(nowMs)) {
      const movedBytes = movedBytesOf(connection.socket);
      connection.silentLooks = movedBytes === connection.movedBytes ? connection.silentLooks + 1 : 0;
      connection.movedBytes = movedBytes;
      if (connection.silentLooks >= looks) connection.socket.destroy();
      else this.#due.set(connection, nowMs);
    }
  }
}

function movedBytesOf({ bytesRead, bytesWritten }: Socket): number {
  return bytesRead + bytesWritten;
}

import type { Socket } from 'node:net';
import tls, { type TLSSocket, type TlsOptions } from 'node:tls';
import { keyNameBytes } from './client-hello.ts';

/** A key that TLS session tickets are sealed with: its name of 16 bytes, and 32 bytes of secrets. */
export type TlsTicketKey = Buffer;

export interface TlsAcceptorOptions {
  tls: TlsOptions;
  chooseAlpn(offered: string[]): string | undefined;
  onSecure(socket: TLSSocket): void;
}

/**
 * A read of more than this makes Node.js keep 16 KiB for the connection for good; the first one, of any length that the system
 * hands over, 64 KiB.
 */
const replayBytes = 1_000;
/** Handshakes have a deadline of their own, by the attended clock. This is the longest that Node.js knows. */
const longestTimerMs = 2_147_483_647;
/** Clients may not resume older sessions (RFC 8446, 4.6.1). The keys are rotated before. */
const sessionSeconds = 7 * 24 * 3_600;

/**
 * TLS on connections whose hello has been read. Node.js has one ticket key for each server: with two of them, sessions resume
 * whose tickets are of the current key or of the one before.
 */
export class TlsAcceptor {
  readonly #options: TlsAcceptorOptions;
  readonly #current: tls.Server;
  readonly #previous: tls.Server;
  #previousName: string | undefined;
  #names: ReadonlySet<string> = new Set();

  constructor(options: TlsAcceptorOptions) {
    this.#options = options;
    this.#current = this.#createServer();
    this.#previous = this.#createServer();
  }

  /**
   * Tickets are sealed with the first of the keys, and opened with all of them. Without keys each server has one of its own,
   * which nobody else knows.
   */
  useTicketKeys([current, previous]: readonly TlsTicketKey[]): void {
    if (!current) return;
    this.#current.setTicketKeys(current);
    if (previous) this.#previous.setTicketKeys(previous);
    this.#previousName = previous && nameOf(previous);
    this.#names = new Set([current, ...(previous ? [previous] : [])].map(nameOf));
  }

  isOurKey(keyName: string): boolean {
    return this.#names.has(keyName);
  }

  /** Begins the handshake with a client that has said `head`. */
  accept(socket: Socket, head: Buffer, keyName: string | undefined): void {
    const server = keyName !== undefined && keyName === this.#previousName ? this.#previous : this.#current;
    replay(socket, head);
    server.emit('connection', socket);
  }

  #createServer(): tls.Server {
    const { tls: options, chooseAlpn, onSecure } = this.#options;
    const server = tls.createServer({
      minVersion: 'TLSv1.2',
      // Fewer groups make a smaller handshake state: 40 instead of 46 KB per link.
      ecdhCurve: 'X25519:P-256',
      // Resumption must not depend on how a process was started, which is what Node.js takes.
      sessionIdContext: 'pushfleet',
      sessionTimeout: sessionSeconds,
      ...options,
      handshakeTimeout: longestTimerMs,
      ALPNCallback: ({ protocols }) => chooseAlpn(protocols),
    });
    server.on('secureConnection', onSecure);
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }
}

/** Node.js' TLS takes what a socket has read in the next tick, with `read`: this hands it out in small pieces. */
function replay(socket: Socket, head: Buffer): void {
  socket.unshift(head);
  const read = socket.read;
  socket.read = (size?: number) => {
    const left = socket.readableLength;
    return Reflect.apply(read, socket, [size ?? (left > replayBytes ? replayBytes : left || undefined)]);
  };
  // After that tick: the prototype's `read` serves again.
  setImmediate(() => Reflect.deleteProperty(socket, 'read'));
}

function nameOf(key: TlsTicketKey): string {
  return key.toString('latin1', 0, keyNameBytes);
}

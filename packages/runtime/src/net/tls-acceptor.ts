import { Socket } from 'node:net';
import tls, { type TLSSocket, type TlsOptions } from 'node:tls';
import type { Live } from '../live.ts';
import { keyNameBytes } from './client-hello.ts';
import { PollPhase } from './poll-phase.ts';

/** A key that TLS session tickets are sealed with: its name of 16 bytes, and 32 bytes of secrets. */
export type TlsTicketKey = Buffer;

export interface TlsAcceptorOptions {
  /** Handshakes that begin from now on see the current one. */
  tls: Live<TlsOptions>;
  chooseAlpn(offered: string[]): string | undefined;
  onSecure(socket: TLSSocket): void;
}

interface Accepted {
  socket: Socket;
  head: Buffer;
  keyName: string | undefined;
}

/**
 * A read of more than this makes Node.js keep 16 KiB for the connection for good; the first one, of any length that the system
 * hands over, 64 KiB.
 */
const replayBytes = 1_000;
/** Handshakes have a deadline of their own, by the attended clock. Node.js' timer would stay with the socket: 0.2 KiB. */
const noTimerMs = -1;
/** Clients may not resume older sessions (RFC 8446, 4.6.1). The keys are rotated before. */
const sessionSeconds = 7 * 24 * 3_600;
/**
 * First in our order, which is the one that counts: keys of TLS 1.3 are derived by the hash of its suite, dozens of times in a handshake, and
 * processors have instructions for SHA-256. Node.js' order begins with SHA-384.
 */
const preferredSuite = 'TLS_AES_128_GCM_SHA256';
const ciphers = [preferredSuite, ...tls.DEFAULT_CIPHERS.split(':').filter((name) => name !== preferredSuite)].join(':');

/**
 * TLS on connections whose hello has been read. Node.js has one ticket key for each server: with two of them, sessions resume
 * whose tickets are of the current key or of the one before.
 */
export class TlsAcceptor implements Disposable {
  readonly #options: TlsAcceptorOptions;
  /**
   * Handshakes begin in the poll phase: Node.js' TLS frees its buffer of 1,024 bytes in the check phase, which is next. Begun in any other
   * phase, a full handshake is still in there when the client's answer is read and session tickets are written behind it: then
   * the buffer grows by 16 KiB that stay as long as the connection, which befell four in ten of those that came to a busy worker.
   */
  readonly #begin = new PollPhase<Accepted>((accepted) => this.#accept(accepted));
  readonly #current: tls.Server;
  readonly #previous: tls.Server;
  readonly #replaced: Disposable;
  #keys: readonly TlsTicketKey[] = [];
  #previousName: string | undefined;
  #names: ReadonlySet<string> = new Set();

  constructor(options: TlsAcceptorOptions) {
    this.#options = options;
    this.#current = this.#createServer();
    this.#previous = this.#createServer();
    this.#replaced = options.tls.onChange((tls) => this.#use(tls));
  }

  /**
   * Tickets are sealed with the first of the keys, and opened with all of them. Without keys each server has one of its own,
   * which nobody else knows.
   */
  useTicketKeys(keys: readonly TlsTicketKey[]): void {
    const [current, previous] = keys;
    if (!current) return;
    this.#keys = keys;
    this.#current.setTicketKeys(current);
    if (previous) this.#previous.setTicketKeys(previous);
    this.#previousName = previous && nameOf(previous);
    this.#names = new Set([current, ...(previous ? [previous] : [])].map(nameOf));
  }

  isOurKey(keyName: string): boolean {
    return this.#names.has(keyName);
  }

  /** Begins the handshake with a client that has said `head`, before anything more is read from it. */
  accept(socket: Socket, head: Buffer, keyName: string | undefined): void {
    this.#begin.add({ socket, head, keyName });
  }

  [Symbol.dispose](): void {
    this.#replaced[Symbol.dispose]();
    this.#begin[Symbol.dispose]();
  }

  /** Connections that are open, or in their handshake, keep what they began with. */
  #use(tls: TlsOptions): void {
    for (const server of [this.#current, this.#previous]) server.setSecureContext(contextOf(tls));
    // A new context has keys of its own.
    this.useTicketKeys(this.#keys);
  }

  #accept({ socket, head, keyName }: Accepted): void {
    if (socket.destroyed) return;
    const server = keyName !== undefined && keyName === this.#previousName ? this.#previous : this.#current;
    replay(socket, head);
    server.emit('connection', socket);
  }

  #createServer(): tls.Server {
    const { tls: options, chooseAlpn, onSecure } = this.#options;
    const server = tls.createServer({
      ...contextOf(options.current),
      handshakeTimeout: noTimerMs,
      ALPNCallback: ({ protocols }) => chooseAlpn(protocols),
    });
    server.on('secureConnection', onSecure);
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }
}

function contextOf(options: TlsOptions): TlsOptions {
  return {
    minVersion: 'TLSv1.2',
    // Fewer groups make a smaller handshake state: 40 instead of 46 KB per link.
    ecdhCurve: 'X25519:P-256',
    ciphers,
    // Resumption must not depend on how a process was started, which is what Node.js takes.
    sessionIdContext: 'pushfleet',
    sessionTimeout: sessionSeconds,
    ...options,
  };
}

/** Node.js' TLS takes what a socket has read in the next tick, with `read`: this hands it out in small pieces. */
function replay(socket: Socket, head: Buffer): void {
  socket.unshift(head);
  // Stays: a property that is deleted makes V8 keep all others of the socket in a hash table, which costs 1.1 KiB.
  socket.read = readPiece;
}

function readPiece(this: Socket, size?: number): Buffer | null {
  const left = this.readableLength;
  return Reflect.apply(Socket.prototype.read, this, [size ?? (left > replayBytes ? replayBytes : left || undefined)]);
}

function nameOf(key: TlsTicketKey): string {
  return key.toString('latin1', 0, keyNameBytes);
}

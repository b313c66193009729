import type { BlockList, Socket } from 'node:net';
import type { AttendedTime } from '../attended-clock.ts';
import { DeadlineQueue } from '../deadlines.ts';
import { connectionKey, isListed, setClient } from './client-address.ts';
import { type ProxiedClient, readProxyHeader } from './proxy-header.ts';

const tickMs = 250;

export interface ProxyGreetingOptions {
  /** The addresses of proxies. Each connection from there begins with a header, and from nowhere else. */
  proxies: BlockList;
  /** Time for a proxy to send the header. */
  deadlineMs: number;
  attended: AttendedTime;
  /** The connection begins, with its client's address; the socket is not read any more. */
  onGreeted(socket: Socket): void;
  /** There was no header, or none in time. */
  onRefused(socket: Socket): void;
}

/** Reads the PROXY headers of connections that come from proxies, so that their sockets say the addresses of the clients. */
export class ProxyGreeting implements Disposable {
  readonly #options: ProxyGreetingOptions;
  readonly #silent: DeadlineQueue<Socket>;
  readonly #clients = new Map<string, ProxiedClient>();
  readonly #tick: Disposable;

  constructor(options: ProxyGreetingOptions) {
    this.#options = options;
    this.#silent = new DeadlineQueue(options.deadlineMs);
    this.#tick = options.attended.every(tickMs, () => {
      for (const socket of this.#silent.takeDue(options.attended.now())) options.onRefused(socket);
    });
  }

  isProxy(socket: Socket): boolean {
    return isListed(this.#options.proxies, socket.remoteAddress ?? '');
  }

  /** Reads the header of a connection from a proxy. */
  add(socket: Socket): void {
    this.#silent.set(socket, this.#options.attended.now());
    let head: Buffer = Buffer.alloc(0);
    const onReadable = () => {
      const bytes: Buffer | null = socket.read();
      if (bytes === null) return;
      head = Buffer.concat([head, bytes]);
      const header = readProxyHeader(head);
      if (header.kind === 'incomplete') return;
      socket.removeListener('readable', onReadable);
      this.#silent.delete(socket);
      if (header.kind === 'invalid') return this.#options.onRefused(socket);
      this.#greet(socket, head.subarray(header.bytes), header.client);
    };
    socket.on('readable', onReadable);
  }

  /** Lets the TLS socket of a connection that was added say the client's address, too. */
  onSecure(socket: Socket): void {
    const client = this.#clients.get(connectionKey(socket));
    if (client) setClient(socket, client);
  }

  /** @param socket As it was added, or any other. */
  onClose(socket: Socket): void {
    this.#silent.delete(socket);
    this.#clients.delete(connectionKey(socket));
  }

  [Symbol.dispose](): void {
    this.#tick[Symbol.dispose]();
  }

  #greet(socket: Socket, rest: Buffer, client: ProxiedClient | undefined): void {
    if (client) {
      this.#clients.set(connectionKey(socket), client);
      setClient(socket, client);
    }
    if (rest.length > 0) socket.unshift(rest);
    this.#options.onGreeted(socket);
  }
}

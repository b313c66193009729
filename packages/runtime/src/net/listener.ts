import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls, { type TlsOptions } from 'node:tls';
import type { AttendedTime } from '../attended-clock.ts';
import { systemClock } from '../clock.ts';
import { UnauthenticatedConnections, type UnauthenticatedLimits } from './unauthenticated-connections.ts';

/** The protocols that a port can serve; each connection has one. */
export type Protocol = 'h2' | 'http1' | 'mqtt';

export interface ListenerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  /** Lets several processes listen on the port; the kernel spreads the connections over them. */
  reusePort?: boolean;
  /** Absent: no TLS; the first byte of a connection tells its protocol. */
  tls?: TlsOptions;
  /** Time for a client to finish its TLS handshake, without TLS to send its first byte; then it is cut off. */
  greetingDeadlineMs: number;
  /** Handlers of connections by protocol. Other protocols are refused. */
  routes: Partial<Record<Protocol, (socket: Socket) => void>>;
  connectionLimits: ConnectionLimits;
  attended?: AttendedTime;
}

/** Bounds of one port's open connections. One more is closed at once, before it costs a handshake. */
export interface ConnectionLimits {
  connections: number;
  /** Connections whose clients have not authenticated; see `markAuthenticated`. */
  unauthenticated: number;
  /** The same, from one address. Many devices may share an address. */
  unauthenticatedPerAddress: number;
}

export interface FileShare {
  /** Number of files that the process may have open. */
  fileLimit: number;
  /** The part of them, from 0 to 1, for the connections of one port. The shares of all ports leave some to the process itself. */
  share: number;
  /** The wanted limits; they get smaller where files are few. */
  unauthenticated: number;
  unauthenticatedPerAddress: number;
}

/** Files that a process needs besides its connections: for itself, the registry, logs, connections to others. */
const ownFiles = 40;
const leastConnections = 16;

/** The limits of one port, so that a flood of connections leaves files to everything else that the process does. */
export function connectionLimitsFor(wanted: FileShare): ConnectionLimits {
  const { fileLimit, share, unauthenticatedPerAddress } = wanted;
  const connections = Math.max(leastConnections, Math.floor((fileLimit - ownFiles) * share));
  const unauthenticated = Math.min(wanted.unauthenticated, Math.floor(connections / 2));
  return {
    connections,
    unauthenticated,
    unauthenticatedPerAddress: Math.min(unauthenticatedPerAddress, unauthenticated),
  };
}

const alpnNames: Record<Protocol, string> = { h2: 'h2', http1: 'http/1.1', mqtt: 'mqtt' };

/**
 * One port that serves several protocols. The ALPN of a TLS client selects one, without TLS its first byte does.
 * Every socket has an error handler before anyone else sees it, so that no client can bring the process down.
 */
export class Listener implements AsyncDisposable {
  readonly #options: ListenerOptions;
  readonly #server = net.createServer((socket) => this.#onConnection(socket));
  /** Takes connections that the other server has accepted; absent: no TLS. */
  readonly #tls: tls.Server | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #unauthenticated: UnauthenticatedConnections;

  constructor(options: ListenerOptions) {
    const { connectionLimits, greetingDeadlineMs, attended = systemClock } = options;
    this.#options = options;
    this.#tls = options.tls && this.#createTlsServer(options.tls);
    const limits: UnauthenticatedLimits = {
      total: connectionLimits.unauthenticated,
      perAddress: connectionLimits.unauthenticatedPerAddress,
      patienceMs: greetingDeadlineMs / 2,
    };
    this.#unauthenticated = new UnauthenticatedConnections(limits, attended);
  }

  /** @throws Error EADDRINUSE, EACCES and the like, from the system. */
  async listen(): Promise<void> {
    const { host, port, reusePort = false } = this.#options;
    this.#server.listen({ host, port, reusePort, backlog: 4096 });
    await once(this.#server, 'listening');
    this.#server.on('error', () => {
      // A failed accept, e.g. out of file descriptors: that client is lost, the server goes on.
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** The client of this connection has authenticated: the connection no longer counts as unauthenticated. */
  markAuthenticated(socket: Socket): void {
    this.#unauthenticated.remove(socket);
  }

  /** Takes no new connections; the open ones stay. */
  stopListening(): void {
    this.#server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #createTlsServer(options: TlsOptions): tls.Server {
    const server = tls.createServer({
      minVersion: 'TLSv1.2',
      // Fewer groups make a smaller handshake state: 40 instead of 46 KB per link.
      ecdhCurve: 'X25519:P-256',
      handshakeTimeout: this.#options.greetingDeadlineMs,
      ...options,
      ALPNCallback: ({ protocols }) => this.#chooseAlpn(protocols),
    });
    server.on('secureConnection', (socket) => this.#dispatch(socket, this.#protocolOf(socket.alpnProtocol)));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }

  /** HTTP/1.1 goes before h2: a client that offers both is no gRPC client. */
  #chooseAlpn(offered: string[]): string | undefined {
    const protocol = (['http1', 'h2', 'mqtt'] as const).find(
      (candidate) => this.#options.routes[candidate] && offered.includes(alpnNames[candidate]),
    );
    return protocol && alpnNames[protocol];
  }

  #protocolOf(alpn: string | false | null): Protocol | undefined {
    const named = (Object.keys(alpnNames) as Protocol[]).find((protocol) => alpnNames[protocol] === alpn);
    // MQTT clients and old HTTP clients send no ALPN; gRPC clients always do.
    return named ?? (['mqtt', 'http1'] as const).find((protocol) => this.#options.routes[protocol]);
  }

  #sniff(socket: Socket): void {
    const { attended = systemClock, greetingDeadlineMs } = this.#options;
    const deadline = attended.after(greetingDeadlineMs, () => socket.destroy());
    socket.once('close', () => deadline[Symbol.dispose]());
    socket.once('readable', () => {
      deadline[Symbol.dispose]();
      const head: Buffer | null = socket.read();
      if (head === null) return;
      socket.unshift(head);
      this.#dispatch(socket, this.#protocolOfHead(head));
    });
  }

  #protocolOfHead(head: Buffer): Protocol | undefined {
    // "PRI * HTTP/2.0" begins an HTTP/2 connection; 0x10 is an MQTT CONNECT.
    if (head[0] === 0x50 && head[1] === 0x52) return 'h2';
    return this.#options.routes.mqtt && head[0] === 0x10 ? 'mqtt' : this.#protocolOf(null);
  }

  #dispatch(socket: Socket, protocol: Protocol | undefined): void {
    socket.on('error', () => socket.destroy());
    const route = protocol && this.#options.routes[protocol];
    if (route) route(socket);
    else socket.destroy();
  }

  #onConnection(socket: Socket): void {
    // Before the first of these a socket has no error handler: nothing may happen to it in between.
    socket.on('error', () => socket.destroy());
    const hasRoom =
      this.#sockets.size < this.#options.connectionLimits.connections && this.#unauthenticated.add(socket);
    if (!hasRoom) return void socket.destroy();
    this.#track(socket);
    if (this.#tls) this.#tls.emit('connection', socket);
    else this.#sniff(socket);
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // Finds peers that vanished without a word where the protocol on top has no keep-alive of its own.
    socket.setKeepAlive(true, 60_000);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

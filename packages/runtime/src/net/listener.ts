import { once } from 'node:events';
import net, { type AddressInfo, type BlockList, type Socket } from 'node:net';
import { TLSSocket, type TlsOptions } from 'node:tls';
import type { AttendedTime } from '../attended-clock.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Live } from '../live.ts';
import { Admission, type Arrival, type Refusals } from './admission.ts';
import { type Hello, helloBytes, readHello } from './client-hello.ts';
import type { LoopLoad } from './handshake-pace.ts';
import { ProxyGreeting } from './proxy-greeting.ts';
import { TlsAcceptor, type TlsTicketKey } from './tls-acceptor.ts';
import type { UnauthenticatedLimits } from './unauthenticated-connections.ts';

/** The protocols that a port can serve; each connection has one. */
export type Protocol = 'h2' | 'http1' | 'mqtt';

export interface ListenerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  /** Lets several processes listen on the port; the kernel spreads the connections over them. */
  reusePort?: boolean;
  /** Replaced without a word to the connections that are open. Absent: no TLS; the first byte of a connection tells its protocol. */
  tls?: Live<TlsOptions>;
  /** A connection that does not begin with a TLS hello is taken as it is, beside TLS. */
  takesPlain?: boolean;
  /** The keys of TLS session tickets. Absent: sessions resume in this process only. */
  ticketKeys?: TicketKeySource;
  /** Time for a client to finish its TLS handshake, without TLS to send its first byte; then it is cut off. */
  greetingDeadlineMs: number;
  /** Handlers of connections by protocol. Other protocols are refused. */
  routes: Partial<Record<Protocol, (socket: Socket) => void>>;
  connectionLimits: ConnectionLimits;
  /** The addresses of proxies that begin each connection with a header of the PROXY protocol. Absent: there are none. */
  proxies?: BlockList | undefined;
  /** Networks in which many clients share an address; see `Admission`. Absent: there are none. */
  shared?: BlockList | undefined;
  /** Whether too many sign-ins have failed from an address: its clients come last. Absent: from none. */
  isSuspect?: ((address: string) => boolean) | undefined;
  /** Off: what is on top finds peers that have vanished, and nothing wakes one that may be silent for long. Default: on. */
  tcpKeepAlive?: boolean;
  /** How busy the process is: handshakes begin as fast as it allows. Absent: at once, for ports of the cluster's own processes. */
  load?: LoopLoad;
  /** Handshakes that may begin in a second, however much time the loop has. Absent: no more than the loop allows. */
  mostPerSecond?: () => number;
  clock?: Clock;
  attended?: AttendedTime;
}

/** A port's handshakes. Numbers without "now" count since it was opened. */
export interface ListenerStats {
  /** Clients that wait for their handshakes now. */
  waiting: number;
  /** Clients whose handshakes are in flight now, or that are authenticating. */
  inFlight: number;
  completed: number;
  /** Completed handshakes that resumed a TLS session. */
  resumed: number;
  refused: Readonly<Refusals>;
}

/** Calls `use` with the current keys, the newest first, and again whenever they change, until it is disposed. */
export interface TicketKeySource {
  onKeys(use: (keys: readonly TlsTicketKey[]) => void): Disposable;
}

/** Bounds of one port's open connections. Beyond them one is closed before it costs a handshake; see `Admission`. */
export interface ConnectionLimits {
  connections: number;
  /** Connections that wait for their handshakes; default: as many as may be unauthenticated. */
  waiting?: number;
  /** Connections with a handshake whose clients have not authenticated; see `markAuthenticated`. */
  unauthenticated: number;
  /** The same, from one address. Many devices may share an address. As large a part of those that wait may come from one. */
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
/** Clients wait for a few seconds at most, in which a process serves fewer than these. */
const mostWaiting = 8_192;

/** The limits of one port, so that a flood of connections leaves files to everything else that the process does. */
export function connectionLimitsFor(wanted: FileShare): ConnectionLimits {
  const { fileLimit, share, unauthenticatedPerAddress } = wanted;
  const connections = Math.max(leastConnections, Math.floor((fileLimit - ownFiles) * share));
  const unauthenticated = Math.min(wanted.unauthenticated, Math.floor(connections / 2));
  return {
    connections,
    waiting: Math.min(mostWaiting, Math.floor(connections / 2)),
    unauthenticated,
    unauthenticatedPerAddress: Math.min(unauthenticatedPerAddress, unauthenticated),
  };
}

/** The limits of those that have not authenticated, as a listener of these limits has them. */
export function unauthenticatedLimitsOf(limits: ConnectionLimits, greetingDeadlineMs: number): UnauthenticatedLimits {
  const { unauthenticated: total, unauthenticatedPerAddress: perAddress, waiting = total } = limits;
  return {
    waiting: { total: waiting, perAddress: Math.ceil((waiting * perAddress) / total) },
    begun: { total, perAddress },
    patienceMs: greetingDeadlineMs / 2,
  };
}

/** A listening socket that several processes hold: each of them may accept from it, and it is closed once none holds it any more. */
export interface ListeningSocket {
  close(): void;
}

/** The first byte of a TLS hello. */
const tlsHandshake = 0x16;

/** Connections that the kernel keeps until they are accepted. */
const backlog = 4_096;

const alpnNames: Record<Protocol, string> = { h2: 'h2', http1: 'http/1.1', mqtt: 'mqtt' };

/**
 * One port that serves several protocols. The ALPN of a TLS client selects one, without TLS its first byte does.
 * Every socket has an error handler before anyone else sees it, so that no client can bring the process down.
 */
export class Listener implements AsyncDisposable {
  readonly #options: ListenerOptions;
  readonly #server = net.createServer((socket) => this.#onConnection(socket));
  /** Takes connections that the other server has accepted; absent: no TLS. */
  readonly #tls: TlsAcceptor | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #admission: Admission;
  readonly #proxied: ProxyGreeting | undefined;
  readonly #ticketKeys: Disposable | undefined;
  /** One function for all sockets. */
  readonly #onClose: (this: Socket) => void;
  #completed = 0;
  #resumed = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#tls = options.tls && this.#createTls(options.tls);
    this.#admission = this.#createAdmission(options);
    this.#proxied = options.proxies && this.#createProxyGreeting(options.proxies, options);
    this.#ticketKeys = options.ticketKeys?.onKeys((keys) => this.#tls?.useTicketKeys(keys));
    const left = (socket: Socket) => this.#left(socket);
    this.#onClose = function (this: Socket) {
      left(this);
    };
    this.#server.on('error', () => {
      // A failed accept, e.g. out of file descriptors: that client is lost, the server goes on. `listen` rejects by itself.
    });
  }

  /**
   * Begins to take connections; again, after `stopListening`, where the port is not 0.
   * @param inherited A socket that listens on the port already, with the connections that wait in it.
   * @throws Error EADDRINUSE, EACCES and the like, from the system.
   */
  async listen(inherited?: ListeningSocket): Promise<void> {
    const { host, port, reusePort = false } = this.#options;
    if (inherited) this.#server.listen(inherited, backlog);
    else this.#server.listen({ host, port, reusePort, backlog });
    await once(this.#server, 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The socket that it listens on, to be sent to another process. `undefined`: it does not listen. */
  get listeningSocket(): ListeningSocket | undefined {
    // Node.js sends servers between processes too, but a server that has been received accepts connections at once.
    const { _handle: socket } = this.#server as net.Server & { _handle?: ListeningSocket | null };
    return socket ?? undefined;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  stats(): ListenerStats {
    const { waiting, inFlight, refused } = this.#admission;
    return { waiting, inFlight, completed: this.#completed, resumed: this.#resumed, refused: { ...refused } };
  }

  /** The client of this connection has authenticated: the connection no longer counts as unauthenticated. */
  markAuthenticated(socket: Socket): void {
    this.#admission.markAuthenticated(socket);
  }

  /** Takes no new connections; the open ones stay. */
  stopListening(): void {
    this.#server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ticketKeys?.[Symbol.dispose]();
    this.#proxied?.[Symbol.dispose]();
    this.#admission[Symbol.dispose]();
    this.#tls?.[Symbol.dispose]();
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #createTls(options: Live<TlsOptions>): TlsAcceptor {
    return new TlsAcceptor({
      tls: options,
      chooseAlpn: (offered) => this.#chooseAlpn(offered),
      onSecure: (socket) => this.#dispatch(socket, this.#protocolOf(socket.alpnProtocol)),
    });
  }

  #createAdmission({ connectionLimits, greetingDeadlineMs, load, ...options }: ListenerOptions): Admission {
    const { clock = systemClock, attended = clock, mostPerSecond, takesPlain = false, shared, isSuspect } = options;
    return new Admission({
      limits: unauthenticatedLimitsOf(connectionLimits, greetingDeadlineMs),
      ...{ greetingDeadlineMs, load, mostPerSecond, clock, attended, shared, isSuspect },
      readHello: this.#tls ? readHello : readFirstByte,
      // Whoever speaks plainly says more than a hello.
      unreadBytes: this.#tls && !takesPlain ? helloBytes : Number.POSITIVE_INFINITY,
      isOurKey: (keyName) => this.#tls?.isOurKey(keyName) === true,
      begin: (arrival) => this.#begin(arrival),
    });
  }

  #createProxyGreeting(proxies: BlockList, options: ListenerOptions): ProxyGreeting {
    const { greetingDeadlineMs: deadlineMs, clock = systemClock, attended = clock } = options;
    return new ProxyGreeting({
      ...{ proxies, deadlineMs, attended },
      onGreeted: (socket) => this.#admission.add(socket),
      onRefused: (socket) => {
        this.#admission.refused.silent += 1;
        socket.destroy();
      },
    });
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

  #protocolOfHead(head: Buffer): Protocol | undefined {
    // "PRI * HTTP/2.0" begins an HTTP/2 connection; 0x10 is an MQTT CONNECT.
    if (head[0] === 0x50 && head[1] === 0x52) return 'h2';
    return this.#options.routes.mqtt && head[0] === 0x10 ? 'mqtt' : this.#protocolOf(null);
  }

  #onConnection(socket: Socket): void {
    // Before the first of these a socket has no error handler: nothing may happen to it in between.
    socket.on('error', destroyThis);
    // One that is gone already has no address.
    if (socket.remoteAddress === undefined) return void socket.destroy();
    if (this.#sockets.size >= this.#options.connectionLimits.connections) {
      this.#admission.refused.connections += 1;
      return void socket.destroy();
    }
    this.#sockets.add(socket);
    socket.on('close', this.#onClose);
    if (this.#proxied?.isProxy(socket)) this.#proxied.add(socket);
    else this.#admission.add(socket);
  }

  #begin({ socket, head, keyName }: Arrival): void {
    // Not before: many connections are closed while they wait, and each option is a system call.
    socket.setNoDelay(true);
    // Finds peers that vanished without a word where the protocol on top has no keep-alive of its own.
    if (this.#options.tcpKeepAlive ?? true) socket.setKeepAlive(true, 60_000);
    const isPlain = this.#options.takesPlain === true && head[0] !== tlsHandshake;
    if (this.#tls && !isPlain) return this.#tls.accept(socket, head, keyName);
    // In one piece: Node.js' HTTP/2 takes what is there piece by piece, and throws where one of them has ended the connection.
    const rest: Buffer | null = socket.read();
    socket.unshift(rest ? Buffer.concat([head, rest]) : head);
    this.#dispatch(socket, this.#protocolOfHead(head));
  }

  #dispatch(socket: Socket, protocol: Protocol | undefined): void {
    this.#admission.onHandshake(socket);
    this.#completed += 1;
    if (socket instanceof TLSSocket) {
      socket.on('error', destroyThis);
      this.#proxied?.onSecure(socket);
      if (socket.isSessionReused()) this.#resumed += 1;
    }
    const route = protocol && this.#options.routes[protocol];
    if (route) route(socket);
    else socket.destroy();
  }

  #left(socket: Socket): void {
    this.#sockets.delete(socket);
    this.#proxied?.onClose(socket);
    this.#admission.onClose(socket);
  }
}

function destroyThis(this: Socket): void {
  this.destroy();
}

function readFirstByte(bytes: Buffer): Hello {
  return bytes.length === 0 ? { kind: 'incomplete' } : { kind: 'stranger' };
}

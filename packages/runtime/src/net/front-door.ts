import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls, { type TlsOptions } from 'node:tls';
import type { AttendedTime } from '../attended-clock.ts';
import { systemClock } from '../clock.ts';
import { type StrangerLimits, Strangers } from './strangers.ts';

/** What is spoken on a connection once it is open. */
export type Speech = 'h2' | 'http1' | 'mqtt';

export interface FrontDoorOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  /** Let several processes listen on the port; the kernel spreads the connections over them. */
  reusePort?: boolean;
  /** Absent: no TLS; what is spoken is read off the first byte. */
  tls?: TlsOptions;
  /** A client that has not finished its TLS handshake, or without TLS not sent its first byte, is cut off by then. */
  greetingDeadlineMs: number;
  /** Who takes a connection. A speech that is not named here is refused. */
  routes: Partial<Record<Speech, (socket: Socket) => void>>;
  bounds: DoorBounds;
  attended?: AttendedTime;
}

/** How many connections may be open at a time; one more is closed at once, before it costs a handshake. */
export interface DoorBounds {
  connections: number;
  /** Those whose clients have not shown who they are; see `admit`. */
  strangers: number;
  /** Of these, from one address. Many devices may stand behind one. */
  strangersPerAddress: number;
}

const alpnNames: Record<Speech, string> = { h2: 'h2', http1: 'http/1.1', mqtt: 'mqtt' };

/**
 * One port for everything that is spoken on it. The ALPN of a TLS client decides, without TLS its first byte does.
 * Every socket has an error handler before anyone else sees it, so that no client can bring the process down.
 */
export class FrontDoor implements AsyncDisposable {
  readonly #options: FrontDoorOptions;
  readonly #server = net.createServer((socket) => this.#onConnection(socket));
  /** Takes connections that the other server has accepted; absent: no TLS. */
  readonly #tls: tls.Server | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #strangers: Strangers;

  constructor(options: FrontDoorOptions) {
    const { bounds, greetingDeadlineMs, attended = systemClock } = options;
    this.#options = options;
    this.#tls = options.tls && this.#createTlsServer(options.tls);
    const limits: StrangerLimits = {
      total: bounds.strangers,
      perAddress: bounds.strangersPerAddress,
      patienceMs: greetingDeadlineMs / 2,
    };
    this.#strangers = new Strangers(limits, attended);
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

  /** The client of this connection has shown who it is: it no longer counts among the strangers. */
  admit(socket: Socket): void {
    this.#strangers.remove(socket);
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
    server.on('secureConnection', (socket) => this.#welcome(socket, this.#speechOf(socket.alpnProtocol)));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }

  /** HTTP/1.1 goes before h2: a client that offers both is no gRPC client. */
  #chooseAlpn(offered: string[]): string | undefined {
    const speech = (['http1', 'h2', 'mqtt'] as const).find(
      (candidate) => this.#options.routes[candidate] && offered.includes(alpnNames[candidate]),
    );
    return speech && alpnNames[speech];
  }

  #speechOf(alpn: string | false | null): Speech | undefined {
    const named = (Object.keys(alpnNames) as Speech[]).find((speech) => alpnNames[speech] === alpn);
    // MQTT clients and old HTTP clients send no ALPN; gRPC clients always do.
    return named ?? (['mqtt', 'http1'] as const).find((speech) => this.#options.routes[speech]);
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
      this.#welcome(socket, this.#speechOfHead(head));
    });
  }

  #speechOfHead(head: Buffer): Speech | undefined {
    // "PRI * HTTP/2.0" begins an HTTP/2 connection; 0x10 is an MQTT CONNECT.
    if (head[0] === 0x50 && head[1] === 0x52) return 'h2';
    return this.#options.routes.mqtt && head[0] === 0x10 ? 'mqtt' : this.#speechOf(null);
  }

  #welcome(socket: Socket, speech: Speech | undefined): void {
    socket.on('error', () => socket.destroy());
    const route = speech && this.#options.routes[speech];
    if (route) route(socket);
    else socket.destroy();
  }

  #onConnection(socket: Socket): void {
    // Before the first of these a socket has no error handler: nothing may happen to it in between.
    socket.on('error', () => socket.destroy());
    const hasRoom = this.#sockets.size < this.#options.bounds.connections && this.#strangers.add(socket);
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

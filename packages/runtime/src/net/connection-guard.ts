import { constants, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { streamOf } from '@pushfleet/protocol';
import type { AttendedTime } from '../attended-clock.ts';
import { DeadlineQueue } from '../deadlines.ts';
import { type Rate, TokenBucket } from '../token-bucket.ts';

export interface ConnectionGuardOptions {
  /** Calls that may be open at once on one connection, as announced to its client: before it has authenticated, and after. */
  calls: { unauthenticated: number; authenticated: number };
  /** Time after which an unauthenticated connection without an open call is closed. */
  unauthenticatedIdleMs: number;
  /** Pings may come this often while nothing else goes on. */
  pingEveryMs: number;
  /** Every client has authenticated in the TLS handshake. */
  authenticatedByTls: boolean;
  /** Called when the client of a connection has authenticated. */
  onAuthenticated(socket: Socket): void;
  attended: AttendedTime;
}

/** Calls that a client may give up, or break: whoever does more of it costs work and wants no answer. */
const resets = {
  unauthenticated: { burst: 100, perSecond: 10 },
  authenticated: { burst: 20_000, perSecond: 5_000 },
} as const satisfies Record<string, Rate>;
const settingsFrames: Rate = { burst: 20, perSecond: 1 };
/** Before pings count as too many. Clients also measure with them how much is on its way, while data flows. */
const pingBurst = 10;

interface Connection {
  socket: Socket;
  authenticated: boolean;
  calls: number;
  pings: TokenBucket;
  settings: TokenBucket;
  resets: TokenBucket;
  /** The window for sending on the connection, at the time of the last ping. Data that has been sent since makes it another one. */
  windowAtPing: number | undefined;
}

/**
 * Holds each HTTP/2 connection of a gRPC server to what clients do that mean well. One that pings, sets or resets too often
 * is told ENHANCE_YOUR_CALM, as gRPC servers do, and closed.
 */
export class ConnectionGuard {
  readonly #options: ConnectionGuardOptions;
  readonly #connections = new WeakMap<ServerHttp2Session, Connection>();
  readonly #idleUnauthenticated: DeadlineQueue<ServerHttp2Session>;

  constructor(options: ConnectionGuardOptions) {
    this.#options = options;
    this.#idleUnauthenticated = new DeadlineQueue(options.unauthenticatedIdleMs);
  }

  /** @param socketOf The socket of a session that has just begun. */
  watch(server: Http2Server, socketOf: () => Socket): void {
    server.on('session', (session) => this.#onSession(session, socketOf()));
    server.prependListener('stream', (stream) => this.#onStream(stream as ServerHttp2Stream));
  }

  isAuthenticated(call: object): boolean {
    return this.#connectionOf(call)?.authenticated === true;
  }

  socketOf(call: object): Socket | undefined {
    return this.#connectionOf(call)?.socket;
  }

  /** The client of this call has authenticated, and with it its connection. */
  markAuthenticated(call: object): void {
    const session = sessionOf(call);
    const connection = session && this.#connections.get(session);
    if (!session || !connection || connection.authenticated) return;
    connection.authenticated = true;
    connection.resets.rate = resets.authenticated;
    connection.resets.refill();
    this.#idleUnauthenticated.delete(session);
    this.#options.onAuthenticated(connection.socket);
    const { unauthenticated, authenticated } = this.#options.calls;
    if (authenticated !== unauthenticated && !session.destroyed)
      session.settings({ maxConcurrentStreams: authenticated });
  }

  /** Lets the connection that carries the call take no more of them, and end with those that are open. */
  endAfterCalls(call: object): void {
    const session = sessionOf(call);
    if (session && !session.destroyed) session.close();
  }

  #connectionOf(call: object): Connection | undefined {
    const session = sessionOf(call);
    return session && this.#connections.get(session);
  }

  tick(): void {
    for (const session of this.#idleUnauthenticated.takeDue(this.#options.attended.now())) session.destroy();
  }

  #onSession(session: ServerHttp2Session, socket: Socket): void {
    const { attended, pingEveryMs, authenticatedByTls } = this.#options;
    const now = attended.now();
    const connection: Connection = {
      socket,
      authenticated: authenticatedByTls,
      calls: 0,
      pings: new TokenBucket({ burst: pingBurst, perSecond: 1_000 / pingEveryMs }, now),
      settings: new TokenBucket(settingsFrames, now),
      resets: new TokenBucket(authenticatedByTls ? resets.authenticated : resets.unauthenticated, now),
      windowAtPing: undefined,
    };
    this.#connections.set(session, connection);
    if (!authenticatedByTls) this.#idleUnauthenticated.set(session, now);
    session.on('close', () => this.#idleUnauthenticated.delete(session));
    session.on('ping', () => this.#onPing(session, connection));
    session.on('remoteSettings', () => {
      if (!connection.settings.take(attended.now())) calm(session, 'too_many_settings');
    });
  }

  #onPing(session: ServerHttp2Session, connection: Connection): void {
    if (session.destroyed) return;
    const window = session.state.remoteWindowSize;
    if (window !== connection.windowAtPing) connection.pings.refill();
    connection.windowAtPing = window;
    if (!connection.pings.take(this.#options.attended.now())) calm(session, 'too_many_pings');
  }

  #onStream(stream: ServerHttp2Stream): void {
    // An error of the connection is told to each of its calls, and without a listener to the whole process.
    stream.on('error', () => {});
    const session = stream.session as ServerHttp2Session | undefined;
    const connection = session && this.#connections.get(session);
    if (!session || !connection) return;
    const now = () => this.#options.attended.now();
    // Given up before we heard of it.
    if (stream.destroyed || stream.closed) return this.#onReset(session, connection);
    connection.calls += 1;
    this.#idleUnauthenticated.delete(session);
    stream.on('close', () => {
      connection.calls -= 1;
      if (connection.calls === 0 && !connection.authenticated && !session.destroyed)
        this.#idleUnauthenticated.set(session, now());
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) this.#onReset(session, connection);
    });
  }

  #onReset(session: ServerHttp2Session, connection: Connection): void {
    if (!connection.resets.take(this.#options.attended.now())) calm(session, 'too_many_resets');
  }
}

function sessionOf(call: object): ServerHttp2Session | undefined {
  return streamOf(call)?.session as ServerHttp2Session | undefined;
}

/** Closes the connection with a GOAWAY that says why; gRPC clients know `too_many_pings`. */
function calm(session: ServerHttp2Session, why: string): void {
  if (session.destroyed) return;
  const code = constants.NGHTTP2_ENHANCE_YOUR_CALM;
  session.goaway(code, 0, Buffer.from(why));
  session.destroy(undefined, code);
}

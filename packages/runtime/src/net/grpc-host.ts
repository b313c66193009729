import { constants, type ServerOptions as Http2Options, type Http2Server, type IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import {
  type ConnectionInjector,
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServerOptions,
  type ServiceDefinition,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { AttendedTime } from '../attended-clock.ts';
import type { Barrier } from '../barrier.ts';
import { CallGuard, guardHandlers } from './call-guard.ts';
import { ConnectionGuard } from './connection-guard.ts';
import { ConnectionKeepAlive } from './connection-keep-alive.ts';

export interface GrpcHostOptions {
  /** Size of one received message. */
  maxMessageBytes: number;
  /** Time after which a connection without a call is closed. */
  idleMs: number;
  /** The same for an unauthenticated connection; also the time for the request of a call that takes one message. */
  greetingMs: number;
  /** Time without a byte after which a connection is sent a ping; one on which nothing comes for twice as long is closed. */
  keepAliveMs: number;
  /** The shortest interval at which clients may ping while nothing else goes on. */
  pingEveryMs: number;
  /**
   * Bytes of headers that each side of a connection remembers, to name them by a number when they come again: HPACK's dynamic
   * tables. 0 saves 1.5 KiB for a connection that carries one call for days. Default: 4,096, as HTTP/2 has it.
   */
  headerTableBytes?: number;
  /** Calls that may be open at once on one connection: before its client has authenticated, and after. */
  calls: { unauthenticated: number; authenticated: number };
  /** Every client has authenticated in the TLS handshake, by its certificate. */
  authenticatedByTls?: boolean;
  /** Time after the end of a call at which it is cut off, whether its client has read the rest or not. */
  endMs: number;
  /** See a call before its first message is read, e.g. to ask for a token. */
  interceptors?: ServerInterceptor[];
  /** Called when the client of a connection has authenticated. */
  onAuthenticated?(socket: Socket): void;
  barrier: Barrier;
  attended: AttendedTime;
}

/** A client must have read a whole answer by then. */
const unreadMs = 60_000;
const tickMs = 1_000;
/** The limit of Node.js' timers: whole milliseconds in 31 bits. */
const longestTimerMs = 2_147_483_647;
/** Bounds of the headers of one call. */
const headerBytes = 16_384;
const headerPairs = 64;
/** RFC 9113, 6.5.2. */
const defaultHeaderTableBytes = 4_096;
/** Calls beyond what was announced, of a client that has not acknowledged that; at least. */
const rejectedStreams = 100;
/** Memory that HTTP/2 holds for one connection. Beyond it new calls are refused, so it is no bound for clients that mean well. */
const sessionMegabytes = 64;

// grpc-js tells standard error of every header that it cannot read, and any peer can send those.
setLogVerbosity(logVerbosity.NONE);

/**
 * A gRPC server on connections that a listener has accepted. Whatever a client sends or does not read: an exception ends
 * its call alone, every call ends by a deadline of ours, and a connection holds a bounded number of calls.
 */
export class GrpcHost implements AsyncDisposable {
  readonly #server: BoundedServer;
  readonly #injector: ConnectionInjector;
  readonly #calls: CallGuard;
  readonly #connections: ConnectionGuard;
  readonly #barrier: Barrier;
  readonly #keepAlive: ConnectionKeepAlive;
  readonly #timer: Disposable;
  #accepting: Socket | undefined;

  constructor(options: GrpcHostOptions) {
    const { attended, barrier, calls, greetingMs, pingEveryMs, endMs, authenticatedByTls = false } = options;
    const { onAuthenticated = () => {} } = options;
    this.#barrier = barrier;
    this.#keepAlive = new ConnectionKeepAlive(options);
    this.#connections = new ConnectionGuard({
      calls,
      unauthenticatedIdleMs: greetingMs,
      pingEveryMs,
      authenticatedByTls,
      onAuthenticated,
      attended,
    });
    this.#calls = new CallGuard({
      requestMs: greetingMs,
      ...{ unreadMs, endMs, attended },
      isAuthenticated: (call) => this.#connections.isAuthenticated(call),
    });
    const interceptors = [this.#calls.interceptor, ...(options.interceptors ?? [])];
    this.#server = new BoundedServer({ ...serverOptions(options), interceptors }, options);
    // TLS, where there is any, ends at the listener.
    this.#injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    const http2 = this.#server.http2Server;
    guardStreams(http2, barrier);
    this.#connections.watch(http2, () => this.#accepting as Socket);
    this.#keepAlive.watch(http2, () => this.#accepting as Socket);
    this.#timer = attended.every(tickMs, () => this.#tick());
  }

  /** Each message of each call is handled behind the barrier, and so is how the call goes on. */
  addService(service: ServiceDefinition, handlers: UntypedServiceImplementation): void {
    this.#server.addService(
      service,
      guardHandlers(service, handlers, this.#barrier, (call) => this.#calls.onEnd(call)),
    );
  }

  accept(socket: Socket): void {
    this.#accepting = socket;
    this.#injector.injectConnection(socket);
  }

  /** The client of this call has authenticated: the bounds of unauthenticated connections end for its connection. */
  markAuthenticated(call: object): void {
    this.#connections.markAuthenticated(call);
  }

  /** The connection that carries the call. `undefined`: it is gone. */
  socketOf(call: object): Socket | undefined {
    return this.#connections.socketOf(call);
  }

  /** Closes the connection that carries the call once its calls are over; it takes no more of them. */
  endAfterCalls(call: object): void {
    this.#connections.endAfterCalls(call);
  }

  /** Sets the keep-alive of the connection that carries the call: its client says when it speaks. */
  setKeepAlive(call: object, keepAliveMs: number): void {
    this.#keepAlive.set(call, keepAliveMs);
  }

  /** Takes no more calls, and resolves when those that are open are over. */
  finishCalls(): Promise<void> {
    return new Promise((resolve) => this.#server.tryShutdown(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    this.#server.forceShutdown();
    this.#injector.destroy();
  }

  #tick(): void {
    this.#barrier.run(
      'grpc deadlines',
      () => {
        this.#calls.tick();
        this.#connections.tick();
        this.#keepAlive.tick();
      },
      () => {},
    );
  }
}

/** The members of grpc-js' server that are not public. Tests hold it to this. */
interface ServerInternals {
  commonServerOptions: Http2Options;
  http2Servers: Map<Http2Server, unknown>;
}

/** grpc-js sets few of the bounds that HTTP/2 has. */
class BoundedServer extends Server {
  constructor(
    options: ServerOptions,
    { calls, headerTableBytes = defaultHeaderTableBytes }: Pick<GrpcHostOptions, 'calls' | 'headerTableBytes'>,
  ) {
    super(options);
    Object.assign(this.#internals.commonServerOptions, {
      maxHeaderListPairs: headerPairs,
      // Resets are counted by the connection guard, which knows whose they are.
      streamResetBurst: 1_000_000,
      streamResetRate: 1_000_000,
      // Clients open calls at once when they connect, before they hear how many there may be. What is refused they try again.
      maxSessionRejectedStreams: Math.max(rejectedStreams, calls.authenticated),
      maxDeflateDynamicTableSize: headerTableBytes,
      settings: {
        maxConcurrentStreams: calls.unauthenticated,
        maxHeaderListSize: headerBytes,
        headerTableSize: headerTableBytes,
      },
    } satisfies Http2Options);
  }

  /** The one that its connection injector has made. */
  get http2Server(): Http2Server {
    const [server] = this.#internals.http2Servers.keys();
    if (!server) throw new TypeError('grpc-js keeps its HTTP/2 server elsewhere');
    return server;
  }

  get #internals(): ServerInternals {
    return this as unknown as ServerInternals;
  }
}

/**
 * An exception while grpc-js takes a call in ends that call. It throws for one that was given up before we heard of it, which
 * is why those are left out.
 */
function guardStreams(http2: Http2Server, barrier: Barrier): void {
  const listeners = http2.listeners('stream');
  http2.removeAllListeners('stream');
  for (const listener of listeners) {
    http2.on('stream', (stream, headers, ...rest) => {
      if (stream.destroyed || stream.closed) return;
      dropFarDeadline(headers);
      const end = () => stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      barrier.run('grpc call', () => void Reflect.apply(listener, http2, [stream, headers, ...rest]), end);
    });
  }
}

const timeoutUnitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000 };

/**
 * grpc-js counts a deadline in 31 bits of milliseconds: one that is more than 24 days off would be over at once. Without it
 * the call goes on, and its client, who has set it, sees to its end.
 */
function dropFarDeadline(headers: IncomingHttpHeaders): void {
  const [, value, unit = ''] = /(\d{1,8})\s*([HMS])/.exec(String(headers['grpc-timeout'] ?? '')) ?? [];
  if (Number(value) * (timeoutUnitMs[unit] ?? 0) > longestTimerMs) delete headers['grpc-timeout'];
}

function serverOptions({ maxMessageBytes, idleMs }: GrpcHostOptions): ServerOptions {
  return {
    'grpc.enable_channelz': 0,
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_connection_idle_ms': idleMs,
    'grpc-node.max_session_memory': sessionMegabytes,
  };
}

import type { Socket } from 'node:net';
import {
  type ConnectionInjector,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServerOptions,
} from '@grpc/grpc-js';
import type { AttendedTime } from '../attended-clock.ts';

export interface GrpcHostOptions {
  /** Of one received message. */
  maxMessageBytes: number;
  /** A connection without a call is closed after this, so that a client that says nothing does not stay. */
  idleMs: number;
  /** An HTTP/2 ping goes out this often; a connection on which nothing comes for twice as long is closed. */
  keepAliveMs: number;
  attended: AttendedTime;
  maxStreamsPerConnection?: number;
  /** See a call before its first message is read, e.g. to ask for a token. */
  interceptors?: ServerInterceptor[];
}

/** Of the timers of Node.js: whole milliseconds in 31 bits. */
const longestTimerMs = 2_147_483_647;

/** A gRPC server on connections that a front door has accepted. */
export class GrpcHost implements AsyncDisposable {
  readonly server: Server;
  readonly #injector: ConnectionInjector;
  readonly #keepAliveMs: number;
  readonly #attended: AttendedTime;

  constructor(options: GrpcHostOptions) {
    this.#keepAliveMs = options.keepAliveMs;
    this.#attended = options.attended;
    this.server = new Server(serverOptions(options));
    // TLS, where there is any, ends at the front door.
    this.#injector = this.server.createConnectionInjector(ServerCredentials.createInsecure());
  }

  accept(socket: Socket): void {
    this.#cutOffOnceSilent(socket);
    this.#injector.injectConnection(socket);
  }

  /** Any byte is a sign of life; pings see to it that there are some. */
  #cutOffOnceSilent(socket: Socket): void {
    let [heardBytes, silentLooks] = [socket.bytesRead, 0];
    const look = () => {
      silentLooks = socket.bytesRead === heardBytes ? silentLooks + 1 : 0;
      heardBytes = socket.bytesRead;
      if (silentLooks === 2) socket.destroy();
      else next = this.#attended.after(this.#keepAliveMs, look);
    };
    let next = this.#attended.after(this.#keepAliveMs, look);
    socket.once('close', () => next[Symbol.dispose]());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.forceShutdown();
    this.#injector.destroy();
  }
}

function serverOptions(options: GrpcHostOptions): ServerOptions {
  return {
    'grpc.enable_channelz': 0,
    'grpc.max_receive_message_length': options.maxMessageBytes,
    'grpc.max_connection_idle_ms': options.idleMs,
    'grpc.keepalive_time_ms': options.keepAliveMs,
    // Its timer does not know of stalls, and fires before the answers in the socket are read: it never may.
    'grpc.keepalive_timeout_ms': longestTimerMs,
    interceptors: options.interceptors ?? [],
    ...(options.maxStreamsPerConnection ? { 'grpc.max_concurrent_streams': options.maxStreamsPerConnection } : {}),
  };
}

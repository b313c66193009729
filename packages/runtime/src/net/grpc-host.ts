import type { Socket } from 'node:net';
import {
  type ConnectionInjector,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServerOptions,
} from '@grpc/grpc-js';

export interface GrpcHostOptions {
  /** Of one received message. */
  maxMessageBytes: number;
  /** A connection without a call is closed after this, so that a client that says nothing does not stay. */
  idleMs: number;
  /** An HTTP/2 ping goes out this often; a connection that does not answer within as long again is closed. */
  keepAliveMs: number;
  maxStreamsPerConnection?: number;
  /** See a call before its first message is read, e.g. to ask for a token. */
  interceptors?: ServerInterceptor[];
}

/** A gRPC server on connections that a front door has accepted. */
export class GrpcHost implements AsyncDisposable {
  readonly server: Server;
  readonly #injector: ConnectionInjector;

  constructor(options: GrpcHostOptions) {
    this.server = new Server(serverOptions(options));
    // TLS, where there is any, ends at the front door.
    this.#injector = this.server.createConnectionInjector(ServerCredentials.createInsecure());
  }

  accept(socket: Socket): void {
    this.#injector.injectConnection(socket);
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
    'grpc.keepalive_timeout_ms': options.keepAliveMs,
    interceptors: options.interceptors ?? [],
    ...(options.maxStreamsPerConnection ? { 'grpc.max_concurrent_streams': options.maxStreamsPerConnection } : {}),
  };
}

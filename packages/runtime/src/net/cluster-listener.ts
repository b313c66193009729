import type { TlsOptions } from 'node:tls';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { limits } from '@pushfleet/protocol';
import type { AttendedTime } from '../attended-clock.ts';
import type { Barrier } from '../barrier.ts';
import type { Live } from '../live.ts';
import type { ClusterCredentials } from '../tls/credentials.ts';
import { GrpcHost } from './grpc-host.ts';
import { Listener, type ListenerOptions } from './listener.ts';

export interface ClusterListenerOptions {
  /** Port 0: any free one. */
  at: { host: string; port: number };
  cluster: Live<ClusterCredentials>;
  service: ServiceDefinition;
  handlers: UntypedServiceImplementation;
  /** Size of one received message. */
  maxMessageBytes: number;
  /** Time after which a connection without a call is closed. */
  idleMs: number;
  callsPerConnection: number;
  connectionLimits: ListenerOptions['connectionLimits'];
  /** A client must have finished its handshake, and have sent its request, by then. Default: that of the protocol. */
  greetingDeadlineMs?: number | undefined;
  barrier: Barrier;
  attended: AttendedTime;
}

const keepAliveMs = 10_000;
/** Members of the cluster look after their channels every two seconds. */
const pingEveryMs = 1_000;
const endMs = 30_000;

/**
 * A port where one member of the cluster answers the others over gRPC. Only clients with a certificate of the cluster's own CA
 * get past the handshake, and are authenticated by that.
 */
export class ClusterListener implements AsyncDisposable {
  readonly #host: GrpcHost;
  readonly #listener: Listener;

  constructor(options: ClusterListenerOptions) {
    const { at, cluster, service, handlers, callsPerConnection, connectionLimits, barrier, attended } = options;
    const { maxMessageBytes, idleMs, greetingDeadlineMs = limits.greetingDeadlineMs } = options;
    this.#host = new GrpcHost({
      ...{
        maxMessageBytes,
        idleMs,
        keepAliveMs,
        pingEveryMs,
        endMs,
        greetingMs: greetingDeadlineMs,
        barrier,
        attended,
      },
      calls: { unauthenticated: callsPerConnection, authenticated: callsPerConnection },
      authenticatedByTls: true,
    });
    this.#host.addService(service, handlers);
    this.#listener = new Listener({
      ...{ ...at, connectionLimits, greetingDeadlineMs, attended },
      tls: mutual(cluster),
      routes: {
        h2: (socket) => {
          this.#listener.markAuthenticated(socket);
          this.#host.accept(socket);
        },
      },
    });
  }

  /** The port that it listens on, once it does. */
  get port(): number {
    return this.#listener.port;
  }

  listen(): Promise<void> {
    return this.#listener.listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
    await this.#listener[Symbol.asyncDispose]();
  }
}

function mutual(cluster: Live<ClusterCredentials>): Live<TlsOptions> {
  const optionsOf = (credentials: ClusterCredentials) => {
    return { ...credentials, requestCert: true, rejectUnauthorized: true };
  };
  return {
    get current() {
      return optionsOf(cluster.current);
    },
    onChange: (use) => cluster.onChange((credentials) => use(optionsOf(credentials))),
  };
}

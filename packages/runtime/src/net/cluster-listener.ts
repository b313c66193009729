import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { limits } from '@pushfleet/protocol';
import type { AttendedTime } from '../attended-clock.ts';
import type { Barrier } from '../barrier.ts';
import { memberOf } from '../cluster/member.ts';
import type { MemberGate } from '../cluster/member-gate.ts';
import type { Live } from '../live.ts';
import type { ClusterCredentials } from '../tls/credentials.ts';
import { GrpcHost } from './grpc-host.ts';
import { Listener, type ListenerOptions } from './listener.ts';
import { admitMembers } from './member-interceptor.ts';

export interface ClusterListenerOptions {
  /** Port 0: any free one. */
  at: { host: string; port: number };
  cluster: Live<ClusterCredentials>;
  gate: MemberGate;
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
 * get past the handshake, and are authenticated by that. Each call is held to the cluster's access table; a connection whose
 * certificate is revoked ends.
 */
export class ClusterListener implements AsyncDisposable {
  readonly #host: GrpcHost;
  readonly #listener: Listener;
  readonly #gate: MemberGate;
  readonly #certificates = new Map<Socket, X509Certificate>();
  readonly #revocations: Disposable;

  constructor(options: ClusterListenerOptions) {
    const { at, cluster, service, handlers, callsPerConnection, connectionLimits, barrier, attended, gate } = options;
    const { maxMessageBytes, idleMs, greetingDeadlineMs = limits.greetingDeadlineMs } = options;
    this.#gate = gate;
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
      interceptors: [
        admitMembers(
          gate,
          (call) => this.#host.socketOf(call),
          (socket) => this.#memberAt(socket),
        ),
      ],
    });
    this.#host.addService(service, handlers);
    this.#listener = new Listener({
      ...{ ...at, connectionLimits, greetingDeadlineMs, attended },
      tls: mutual(cluster),
      routes: {
        h2: (socket) => this.#accept(socket as TLSSocket),
      },
    });
    this.#revocations = gate.onRevoked(() => this.#endRevoked());
  }

  /** The port that it listens on, once it does. */
  get port(): number {
    return this.#listener.port;
  }

  listen(): Promise<void> {
    return this.#listener.listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#revocations[Symbol.dispose]();
    await this.#host[Symbol.asyncDispose]();
    await this.#listener[Symbol.asyncDispose]();
  }

  #accept(socket: TLSSocket): void {
    const certificate = socket.getPeerX509Certificate();
    const refusal = certificate && this.#gate.judgeCertificate(certificate);
    if (refusal) this.#gate.refuse(refusal);
    if (!certificate || refusal) return void socket.destroy();
    this.#certificates.set(socket, certificate);
    socket.once('close', () => this.#certificates.delete(socket));
    this.#listener.markAuthenticated(socket);
    this.#host.accept(socket);
  }

  #memberAt(socket: Socket): ReturnType<typeof memberOf> {
    const certificate = this.#certificates.get(socket);
    return certificate && memberOf(certificate);
  }

  #endRevoked(): void {
    for (const [socket, certificate] of [...this.#certificates]) {
      const refusal = this.#gate.judgeCertificate(certificate);
      if (!refusal) continue;
      this.#gate.refuse(refusal);
      socket.destroy();
    }
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

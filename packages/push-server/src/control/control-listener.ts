import { limits } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import { type AttendedTime, type Barrier, type ClusterCredentials, GrpcHost, Listener } from '@pushfleet/runtime';
import type { ControlService } from './control-service.ts';

export interface ControlListenerOptions {
  host: string;
  cluster: ClusterCredentials;
  service: ControlService;
  barrier: Barrier;
  attended: AttendedTime;
}

const keepAliveMs = 10_000;
/** Every tunnel takes a call; balancers have few other calls. */
const callsPerConnection = 10_000;
/** Balancers and other workers have one or two connections each. */
const connectionLimits = { connections: 4_096, unauthenticated: 256, unauthenticatedPerAddress: 256 };

/** A worker's control endpoint: only clients with a certificate of the cluster's own CA get past the handshake. */
export class ControlListener implements AsyncDisposable {
  readonly #host: GrpcHost;
  readonly #listener: Listener;

  constructor({ host, cluster, service, barrier, attended }: ControlListenerOptions) {
    this.#host = new GrpcHost({
      ...{ maxMessageBytes: limits.controlMessageBytes, keepAliveMs, barrier, attended },
      idleMs: limits.greetingDeadlineMs,
      greetingMs: limits.greetingDeadlineMs,
      // Balancers look after their channels every two seconds.
      pingEveryMs: 1_000,
      endMs: 30_000,
      calls: { unauthenticated: callsPerConnection, authenticated: callsPerConnection },
      authenticatedByTls: true,
    });
    this.#host.addService(NodeControlService.service, service.handlers);
    this.#listener = new Listener({
      ...{ host, port: 0, connectionLimits, attended },
      tls: { ...cluster, requestCert: true, rejectUnauthorized: true },
      greetingDeadlineMs: limits.greetingDeadlineMs,
      routes: {
        h2: (socket) => {
          this.#listener.markAuthenticated(socket);
          this.#host.accept(socket);
        },
      },
    });
  }

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

import { limits, NodeControl } from '@pushfleet/protocol';
import { type AttendedTime, type ClusterCredentials, FrontDoor, GrpcHost } from '@pushfleet/runtime';
import type { ControlService } from './control-service.ts';

const keepAliveMs = 10_000;

/** A worker's control endpoint: only who holds a certificate of the cluster's own CA gets past the handshake. */
export class ControlDoor implements AsyncDisposable {
  readonly #host: GrpcHost;
  readonly #door: FrontDoor;

  constructor(host: string, cluster: ClusterCredentials, service: ControlService, attended: AttendedTime) {
    this.#host = new GrpcHost({
      maxMessageBytes: limits.controlMessageBytes,
      idleMs: limits.greetingDeadlineMs,
      keepAliveMs,
      attended,
    });
    this.#host.server.addService(NodeControl.service, service.handlers);
    this.#door = new FrontDoor({
      host,
      port: 0,
      tls: { ...cluster, requestCert: true, rejectUnauthorized: true },
      greetingDeadlineMs: limits.greetingDeadlineMs,
      routes: { h2: (socket) => this.#host.accept(socket) },
    });
  }

  get port(): number {
    return this.#door.port;
  }

  listen(): Promise<void> {
    return this.#door.listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
    await this.#door[Symbol.asyncDispose]();
  }
}

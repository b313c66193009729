import { limits, NodeControlService } from '@pushfleet/protocol';
import { type AttendedTime, type Barrier, type ClusterCredentials, FrontDoor, GrpcHost } from '@pushfleet/runtime';
import type { ControlService } from './control-service.ts';

export interface ControlDoorOptions {
  host: string;
  cluster: ClusterCredentials;
  service: ControlService;
  barrier: Barrier;
  attended: AttendedTime;
}

const keepAliveMs = 10_000;
/** A tunnel takes a call; balancers have few of anything else. */
const callsPerConnection = 10_000;
/** Balancers and other workers have one or two each. */
const bounds = { connections: 4_096, strangers: 256, strangersPerAddress: 256 };

/** A worker's control endpoint: only who holds a certificate of the cluster's own CA gets past the handshake. */
export class ControlDoor implements AsyncDisposable {
  readonly #host: GrpcHost;
  readonly #door: FrontDoor;

  constructor({ host, cluster, service, barrier, attended }: ControlDoorOptions) {
    this.#host = new GrpcHost({
      ...{ maxMessageBytes: limits.controlMessageBytes, keepAliveMs, barrier, attended },
      idleMs: limits.greetingDeadlineMs,
      greetingMs: limits.greetingDeadlineMs,
      // Balancers look after their channels every two seconds.
      pingEveryMs: 1_000,
      endMs: 30_000,
      calls: { stranger: callsPerConnection, admitted: callsPerConnection },
      areKnown: true,
    });
    this.#host.addService(NodeControlService.service, service.handlers);
    this.#door = new FrontDoor({
      ...{ host, port: 0, bounds, attended },
      tls: { ...cluster, requestCert: true, rejectUnauthorized: true },
      greetingDeadlineMs: limits.greetingDeadlineMs,
      routes: {
        h2: (socket) => {
          this.#door.admit(socket);
          this.#host.accept(socket);
        },
      },
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

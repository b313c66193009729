import { AssignmentService, limits } from '@pushfleet/protocol';
import { type AttendedTime, FrontDoor, GrpcHost, type KeyPair, type Logger } from '@pushfleet/runtime';
import { HttpHost } from '../net/http-host.ts';
import { listen } from '../net/listen.ts';
import { cutOffWordless, grpcRoute } from '../net/silence.ts';
import type { Assigner } from './assigner.ts';
import { assignmentHandlers } from './grpc.ts';
import { assignmentRoutes } from './http.ts';

export interface AssignmentServerOptions {
  at: { host: string; port: number };
  tls: KeyPair;
  greetingDeadlineMs: number;
  assigner: Assigner;
  attended: AttendedTime;
  logger: Logger;
}

/** The port that devices ask for their assignment: gRPC and HTTPS, whichever a client offers. */
export class AssignmentServer implements AsyncDisposable {
  readonly #at: { host: string; port: number };
  readonly #door: FrontDoor;
  readonly #grpc: GrpcHost;
  readonly #http: HttpHost;

  constructor({ at, tls, greetingDeadlineMs, assigner, attended, logger }: AssignmentServerOptions) {
    this.#at = at;
    const { greetingBytes } = limits;
    // A device asks once and goes, so a connection without a call has no business here.
    this.#grpc = new GrpcHost({
      maxMessageBytes: greetingBytes,
      idleMs: greetingDeadlineMs,
      keepAliveMs: greetingDeadlineMs,
      attended,
      maxStreamsPerConnection: 100,
      interceptors: [cutOffWordless(greetingDeadlineMs, attended)],
    });
    this.#grpc.server.addService(AssignmentService.service, assignmentHandlers(assigner, logger));
    this.#http = new HttpHost({
      bodyBytes: greetingBytes,
      greetingDeadlineMs,
      routes: assignmentRoutes(assigner),
      summary: 'POST /v1/assignment',
      logger,
    });
    this.#door = new FrontDoor({
      ...at,
      tls,
      greetingDeadlineMs,
      routes: {
        h2: grpcRoute(this.#grpc, greetingDeadlineMs, attended),
        http1: (socket) => this.#http.accept(socket),
      },
    });
  }

  get port(): number {
    return this.#door.port;
  }

  async start(): Promise<void> {
    await this.#http.start();
    await listen(this.#door, this.#at, 'PUSHFLEET_ASSIGN_PORT');
  }

  stopListening(): void {
    this.#door.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#door[Symbol.asyncDispose]();
    await this.#http[Symbol.asyncDispose]();
    await this.#grpc[Symbol.asyncDispose]();
  }
}

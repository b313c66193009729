import { limits } from '@pushfleet/protocol';
import { type AttendedTime, type Barrier, type DoorBounds, FrontDoor } from '@pushfleet/runtime';
import type { FastifyInstance } from 'fastify';
import { HttpHost } from '../net/http-host.ts';
import { listen } from '../net/listen.ts';
import type { Readiness } from '../readiness.ts';

export interface RestServerOptions {
  at: { host: string; port: number };
  greetingDeadlineMs: number;
  readiness: Readiness;
  bounds: DoorBounds;
  barrier: Barrier;
  attended: AttendedTime;
}

/** The plain HTTP port for whoever watches the process. */
export class RestServer implements AsyncDisposable {
  readonly #at: { host: string; port: number };
  readonly #door: FrontDoor;
  readonly #http: HttpHost;

  constructor({ at, greetingDeadlineMs, readiness, bounds, barrier, attended }: RestServerOptions) {
    this.#at = at;
    this.#http = new HttpHost({
      bodyBytes: limits.greetingBytes,
      greetingDeadlineMs,
      routes: healthRoutes(readiness),
      summary: 'GET /healthz and GET /readyz',
      barrier,
    });
    this.#door = new FrontDoor({
      ...at,
      greetingDeadlineMs,
      routes: { http1: (socket) => this.#http.accept(socket) },
      bounds,
      attended,
    });
  }

  get port(): number {
    return this.#door.port;
  }

  async start(): Promise<void> {
    await this.#http.start();
    await listen(this.#door, this.#at, 'PUSHFLEET_REST_PORT');
  }

  stopListening(): void {
    this.#door.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#door[Symbol.asyncDispose]();
    await this.#http[Symbol.asyncDispose]();
  }
}

function healthRoutes(readiness: Readiness): (app: FastifyInstance) => void {
  return (app) => {
    app.get('/healthz', () => ({ status: 'ok' }));
    app.get('/readyz', (_request, reply) => {
      const missing = readiness.missing();
      const { warnings } = readiness;
      const said = warnings.length > 0 ? { warnings } : {};
      if (missing.length === 0) return reply.send({ status: 'ready', ...said });
      return reply.code(503).send({ status: 'not ready', missing, ...said });
    });
  };
}

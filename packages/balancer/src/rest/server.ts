import { limits } from '@pushfleet/protocol';
import {
  type AttendedTime,
  type Barrier,
  type ConnectionLimits,
  Listener,
  meter,
  metricsContentType,
  renderMetrics,
  renderSeldom,
} from '@pushfleet/runtime';
import type { FastifyInstance } from 'fastify';
import { HttpHost } from '../net/http-host.ts';
import { listen } from '../net/listen.ts';
import type { Readiness } from '../readiness.ts';

export interface RestServerOptions {
  at: { host: string; port: number };
  greetingDeadlineMs: number;
  readiness: Readiness;
  connectionLimits: ConnectionLimits;
  barrier: Barrier;
  attended: AttendedTime;
}

/** The plain HTTP port for whoever watches the process. */
export class RestServer implements AsyncDisposable {
  readonly #at: { host: string; port: number };
  readonly #listener: Listener;
  readonly #http: HttpHost;

  constructor({ at, greetingDeadlineMs, readiness, connectionLimits, barrier, attended }: RestServerOptions) {
    this.#at = at;
    this.#http = new HttpHost({
      bodyBytes: limits.greetingBytes,
      greetingDeadlineMs,
      routes: watchRoutes(readiness),
      summary: 'GET /healthz, GET /readyz and GET /metrics',
      barrier,
      attended,
    });
    this.#listener = new Listener({
      ...at,
      greetingDeadlineMs,
      routes: { http1: (socket) => this.#http.accept(socket) },
      connectionLimits,
      attended,
    });
  }

  get port(): number {
    return this.#listener.port;
  }

  async start(): Promise<void> {
    await this.#http.start();
    await listen(this.#listener, this.#at, 'PUSHFLEET_REST_PORT');
  }

  stopListening(): void {
    this.#listener.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
    await this.#http[Symbol.asyncDispose]();
  }
}

function watchRoutes(readiness: Readiness): (app: FastifyInstance) => void {
  const render = renderSeldom(() => renderMetrics([{ kind: 'balancer', process: 'balancer', reading: meter.read() }]));
  return (app) => {
    app.get('/healthz', () => ({ status: 'ok' }));
    app.get('/metrics', async (_request, reply) => {
      const text = await render();
      return reply.header('content-type', metricsContentType).send(text);
    });
    app.get('/readyz', (_request, reply) => {
      const missing = readiness.missing();
      const { warnings } = readiness;
      const said = warnings.length > 0 ? { warnings } : {};
      if (missing.length === 0) return reply.send({ status: 'ready', ...said });
      return reply.code(503).send({ status: 'not ready', missing, ...said });
    });
  };
}

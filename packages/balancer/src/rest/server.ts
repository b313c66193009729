import { limits } from '@pushfleet/protocol';
import {
  type AttendedTime,
  type Barrier,
  type ConnectionLimits,
  type KeyPair,
  Listener,
  type Live,
  meter,
  metricsContentType,
  renderMetrics,
  renderSeldom,
} from '@pushfleet/runtime';
import type { FastifyInstance } from 'fastify';
import { HttpHost } from '../net/http-host.ts';
import { listen } from '../net/listen.ts';
import type { Readiness } from '../readiness.ts';
import { addConsole } from './console-host.ts';
import { sendProblem, toProblem } from './problem.ts';
import type { RestApi } from './rest-api.ts';

export interface RestServerOptions {
  at: { host: string; port: number };
  greetingDeadlineMs: number;
  readiness: Readiness;
  api: RestApi;
  /** Plain HTTP is taken beside it. */
  tls: Live<KeyPair>;
  connectionLimits: ConnectionLimits;
  barrier: Barrier;
  attended: AttendedTime;
}

/** The HTTP port: for whoever watches the process, and for the REST API. */
export class RestServer implements AsyncDisposable {
  readonly #at: { host: string; port: number };
  readonly #listener: Listener;
  readonly #http: HttpHost;

  constructor({ at, tls, greetingDeadlineMs, readiness, api, connectionLimits, barrier, attended }: RestServerOptions) {
    this.#at = at;
    this.#http = new HttpHost({
      bodyBytes: limits.greetingBytes,
      greetingDeadlineMs,
      routes: async (app) => {
        addProbes(app, readiness);
        await addConsole(app);
        await api.addTo(app);
      },
      summary: 'GET /console/, GET /healthz, GET /readyz and GET /metrics, and what /docs shows',
      barrier,
      attended,
      sendError: (reply, error) => sendProblem(reply, toProblem(error)),
    });
    this.#listener = new Listener({
      ...{ ...at, tls, takesPlain: true, greetingDeadlineMs },
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
    await listen(this.#listener, this.#at, 'PUSHFLEET_REST_PORT', 'PUSHFLEET_REST_BIND');
  }

  stopListening(): void {
    this.#listener.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
    await this.#http[Symbol.asyncDispose]();
  }
}

function addProbes(app: FastifyInstance, readiness: Readiness): void {
  const render = renderSeldom(() => renderMetrics([{ kind: 'balancer', process: 'balancer', reading: meter.read() }]));
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
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { machineUs } from '../clock.ts';
import { metricsContentType } from './exposition.ts';

export interface MetricsServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  render(): Promise<string>;
}

/** Whoever reads metrics asks and goes. For one more the oldest connection is closed: nobody keeps Prometheus out by staying. */
const mostConnections = 16;
/** Time for a client to ask, and to read some of its answer. */
const patienceMs = 10_000;
/** An answer may be so old. */
const freshUs = 100_000;

/** Renders at most ten times a second, however many ask: those who ask in between get what the last one got. */
export function renderSeldom(render: () => Promise<string>, nowUs: () => number = machineUs): () => Promise<string> {
  let atUs = Number.NEGATIVE_INFINITY;
  let rendered: Promise<string> | undefined;
  return () => {
    if (rendered && nowUs() - atUs < freshUs) return rendered;
    atUs = nowUs();
    rendered = render();
    return rendered;
  };
}

/** A plain HTTP port with `GET /metrics` and nothing else, for a process that has no other one for HTTP. */
export class MetricsServer implements AsyncDisposable {
  readonly #at: { host: string; port: number };
  readonly #server: Server;
  readonly #render: () => Promise<string>;
  readonly #sockets = new Set<Socket>();

  constructor({ host, port, render }: MetricsServerOptions) {
    this.#at = { host, port };
    this.#render = renderSeldom(render);
    const timeouts = { requestTimeout: patienceMs, headersTimeout: patienceMs, keepAliveTimeout: patienceMs };
    this.#server = createServer(timeouts, (request, response) => void this.#answer(request, response));
    // A client that takes nothing of its answer, or asks for more without reading, does not stay.
    this.#server.timeout = patienceMs;
    this.#server.on('connection', (socket) => this.#onConnection(socket));
  }

  /** @throws Error EADDRINUSE, EACCES and the like, from the system. */
  async start(): Promise<void> {
    this.#server.listen(this.#at);
    await once(this.#server, 'listening');
    this.#server.on('error', () => {
      // A failed accept: that client is lost, the server goes on.
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #onConnection(socket: Socket): void {
    if (this.#sockets.size >= mostConnections) this.#sockets.values().next().value?.destroy();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('there is GET /metrics\n');
      return;
    }
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const text = await this.#render().catch(() => undefined);
    if (text === undefined) response.writeHead(500).end();
    else
      response
        .writeHead(200, { 'content-type': metricsContentType, 'content-length': Buffer.byteLength(text) })
        .end(text);
  }
}

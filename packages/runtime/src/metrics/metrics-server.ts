import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsContentType } from './exposition.ts';

export interface MetricsServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  render(): Promise<string>;
}

/** Whoever reads metrics asks and goes. */
const connections = 16;
const requestMs = 10_000;

/** A plain HTTP port with `GET /metrics` and nothing else, for a process that has no other one for HTTP. */
export class MetricsServer implements AsyncDisposable {
  readonly #at: { host: string; port: number };
  readonly #server: Server;

  constructor({ host, port, render }: MetricsServerOptions) {
    this.#at = { host, port };
    const options = { requestTimeout: requestMs, headersTimeout: requestMs, keepAliveTimeout: requestMs };
    this.#server = createServer(options, (request, response) => {
      if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('there is GET /metrics\n');
        return;
      }
      render().then(
        (text) => response.writeHead(200, { 'content-type': metricsContentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    this.#server.maxConnections = connections;
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
}

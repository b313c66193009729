import type { Socket } from 'node:net';
import { ErrorCode, PushfleetError } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';

export interface HttpHostOptions {
  /** Of a request's body. */
  bodyBytes: number;
  /** A request must have come as a whole by then, and a connection without one is closed. */
  greetingDeadlineMs: number;
  /** Adds the routes. */
  routes: (app: FastifyInstance) => void;
  /** What there is here, for clients that ask for something else, e.g. `POST /v1/assignment`. */
  summary: string;
  logger: Logger;
}

/** An HTTP/1.1 server on connections that a front door has accepted. Answers every error with the same JSON shape. */
export class HttpHost implements AsyncDisposable {
  readonly #app: FastifyInstance;

  constructor({ bodyBytes, greetingDeadlineMs, routes, summary, logger }: HttpHostOptions) {
    // Node.js looks for late clients now and then, and finds them that much later.
    const timeoutMs = Math.floor(greetingDeadlineMs * 0.9);
    this.#app = fastify({
      bodyLimit: bodyBytes,
      requestTimeout: timeoutMs,
      keepAliveTimeout: timeoutMs,
      http: { headersTimeout: timeoutMs, connectionsCheckingInterval: greetingDeadlineMs - timeoutMs },
      clientErrorHandler: refuse,
    });
    this.#app.setNotFoundHandler((request, reply) => {
      const message = `there is no ${request.method} ${request.url.split('?')[0]} here; there is ${summary}`;
      return sendError(reply, new PushfleetError('NOT_FOUND', message));
    });
    this.#app.setErrorHandler((error, _request, reply) => sendError(reply, toPushfleetError(error, bodyBytes, logger)));
    routes(this.#app);
  }

  async start(): Promise<void> {
    await this.#app.ready();
    // The server starts to look for connections that exceed their timeouts when it listens, which it never does here.
    this.#app.server.emit('listening');
  }

  accept(socket: Socket): void {
    this.#app.server.emit('connection', socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app.close();
  }
}

function sendError(reply: FastifyReply, error: PushfleetError): FastifyReply {
  const { code, message, field, retryAfterMs } = error;
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  return reply.code(ErrorCode[code].http).send({ error: { code, message, field, retryAfterMs } });
}

function toPushfleetError(error: unknown, bodyBytes: number, logger: Logger): PushfleetError {
  if (error instanceof PushfleetError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413) return new PushfleetError('PAYLOAD_TOO_LARGE', `body: must be at most ${bodyBytes} bytes`);
  if (statusCode < 500) return new PushfleetError('INVALID_ARGUMENT', message);
  logger.error({ err: error }, 'a request failed');
  return new PushfleetError('INTERNAL', 'internal error');
}

/** What cannot be read as HTTP, or comes too slowly, is answered if it still can be, and cut off. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const message = isLate ? 'the request did not come in time' : 'this is not an HTTP/1.1 request';
  const body = JSON.stringify({ error: { code: 'INVALID_ARGUMENT', message } });
  const head = [
    `HTTP/1.1 ${isLate ? '408 Request Timeout' : '400 Bad Request'}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  socket.end(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

import type { Socket } from 'node:net';
import { cutText, ErrorCode, invalidArgument, limits, PushfleetError } from '@pushfleet/protocol';
import type { AttendedTime, Barrier } from '@pushfleet/runtime';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { ConnectionDeadlines } from './connection-deadlines.ts';
import { ConnectionRefusals } from './connection-refusals.ts';

export interface HttpHostOptions {
  /** The largest body of a request, in bytes. */
  bodyBytes: number;
  /** A request must have come as a whole by then, its answer must go on being read, and a connection without one is closed. */
  greetingDeadlineMs: number;
  /** Adds the routes. */
  routes: (app: FastifyInstance) => void | Promise<void>;
  /** The requests that are served here, for clients that ask for something else, e.g. `POST /v1/assignment`. */
  summary: string;
  barrier: Barrier;
  attended: AttendedTime;
  /** How errors are said. Default: as JSON `{"error": …}`. */
  sendError?: (reply: FastifyReply, error: PushfleetError) => FastifyReply;
}

/** After so many a connection is closed. All that a client has pipelined is worked on in one go, before anybody else's turn. */
const requestsPerConnection = 100;

/** An HTTP/1.1 server on connections that a listener has accepted. Answers every error of a request with the same JSON shape. */
export class HttpHost implements AsyncDisposable {
  readonly #app: FastifyInstance;
  readonly #routes: Promise<void>;
  readonly #refusals: ConnectionRefusals;
  /** Bound requests, and silence in either direction: a client that does not read its answer does not stay. */
  readonly #deadlines: ConnectionDeadlines;

  constructor(options: HttpHostOptions) {
    const { bodyBytes, greetingDeadlineMs, routes, summary, barrier, attended, sendError = sendJsonError } = options;
    this.#refusals = new ConnectionRefusals(attended);
    const onLate = (socket: Socket) => this.#refusals.refuse({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket);
    this.#deadlines = new ConnectionDeadlines({ idleMs: greetingDeadlineMs, attended, onLate });
    const answer = (error: unknown, reply: FastifyReply) =>
      sendError(
        reply,
        toRequestError(error, bodyBytes, (cause) => barrier.report('http request', cause)),
      );
    this.#app = fastify({
      bodyLimit: bodyBytes,
      // None of the limits of Node.js: all of them count the pauses of this process.
      requestTimeout: 0,
      keepAliveTimeout: 0,
      http: { headersTimeout: 0 },
      maxRequestsPerSocket: requestsPerConnection,
      clientErrorHandler: (error, socket) => this.#refusals.refuse(error, socket),
      frameworkErrors: (error, _request, reply) => void answer(error, reply),
    });
    this.#app.setNotFoundHandler(({ method, url }, reply) => {
      const asked = cutText(url.split('?')[0] ?? '', limits.fieldBytes);
      return sendError(
        reply,
        new PushfleetError('NOT_FOUND', `there is no ${method} ${asked} here; there is ${summary}`),
      );
    });
    this.#app.setErrorHandler((error, _request, reply) => answer(error, reply));
    this.#refusals.watch(this.#app.server);
    this.#deadlines.watch(this.#app.server);
    this.#routes = Promise.resolve(routes(this.#app));
    this.#routes.catch(() => {});
  }

  async start(): Promise<void> {
    await this.#routes;
    await this.#app.ready();
    // The server begins to keep the list of its connections when it listens, which it never does here.
    this.#app.server.emit('listening');
  }

  accept(socket: Socket): void {
    this.#deadlines.add(socket);
    this.#app.server.emit('connection', socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#deadlines[Symbol.dispose]();
    await this.#app.close();
  }
}

/** The field of an error where a body is of a type that is not taken. */
const contentTypeField = 'content-type';

/** The body of the request is said to be something else than JSON. */
export function notJson(): PushfleetError {
  return invalidArgument(contentTypeField, 'application/json');
}

export function httpStatusOf({ code, field }: Pick<PushfleetError, 'code' | 'field'>): number {
  return code === 'INVALID_ARGUMENT' && field === contentTypeField ? 415 : ErrorCode[code].http;
}

function sendJsonError(reply: FastifyReply, error: PushfleetError): FastifyReply {
  const { code, message, field, retryAfterMs } = error;
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  const said = cutText(message, limits.errorBytes);
  return reply.code(httpStatusOf(error)).send({ error: { code, message: said, field, retryAfterMs } });
}

/** Errors of a request: ours as they are, those of Fastify as requests that are none; all others are reported, and told to nobody. */
export function toRequestError(error: unknown, bodyBytes: number, report: (cause: unknown) => void): PushfleetError {
  if (error instanceof PushfleetError) return error;
  const { statusCode = 500, code = '' } = error as { statusCode?: number; code?: string };
  if (statusCode === 413) return tooLarge(`at most ${bodyBytes} bytes`);
  if (statusCode >= 500) {
    report(error);
    return new PushfleetError('INTERNAL', 'internal error');
  }
  if (code === 'FST_ERR_BAD_URL') return invalidArgument('path', 'a path in percent-encoding');
  if (statusCode === 415) return notJson();
  if (statusCode === 403 || statusCode === 404) return new PushfleetError('NOT_FOUND', 'there is no such file');
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') return invalidArgument('body', 'JSON');
  return new PushfleetError('INVALID_ARGUMENT', `body: ${(error as Error).message}`, { field: 'body' });
}

function tooLarge(rule: string): PushfleetError {
  return new PushfleetError('PAYLOAD_TOO_LARGE', `body: must be ${rule}`, { field: 'body' });
}

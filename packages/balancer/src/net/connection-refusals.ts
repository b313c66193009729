import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AttendedTime } from '@pushfleet/runtime';

interface Refusal {
  status: string;
  field: string;
  message: string;
}

/** By the code of the error that Node.js makes of it. */
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    field: 'request',
    message: 'request: must come as a whole within seconds',
  },
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    field: 'headers',
    message: 'headers: must be at most 16 KiB',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '413 Payload Too Large',
    field: 'body',
    message: 'body: must be without chunk extensions to speak of',
  },
};
const noRequest: Refusal = {
  status: '400 Bad Request',
  field: 'request',
  message: 'request: must be an HTTP/1.1 request',
};

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Time for a client that is still talking to read why it is cut off, in milliseconds. */
const lingerMs = 2_000;

/**
 * Answers what cannot be read as HTTP, or comes too slowly, where nothing else is being answered, and cuts it off. Whoever is still
 * talking when the last answer on a connection has been given, e.g. that the body is too large, can read it.
 */
export class ConnectionRefusals {
  readonly #attended: AttendedTime;
  readonly #open = new WeakMap<Socket, Set<Exchange>>();
  readonly #refused = new WeakSet<Socket>();

  constructor(attended: AttendedTime) {
    this.#attended = attended;
  }

  watch(server: Server): void {
    server.on('request', (request, response) => this.#track({ request, response }));
  }

  refuse(error: Pick<NodeJS.ErrnoException, 'code'>, socket: Socket): void {
    // Node.js says the same of everything that the client still says.
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    if (!socket.writable || !this.#mayAnswer(socket)) return void socket.destroy();
    const { status, field, message } = refusals[error.code ?? ''] ?? noRequest;
    const body = JSON.stringify({ error: { code: 'INVALID_ARGUMENT', message, field } });
    const head = [`HTTP/1.1 ${status}`, 'content-type: application/json', `content-length: ${body.length}`];
    socket.end(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${body}`);
    this.#linger(socket);
  }

  /**
   * Our side has said its last: the client's is read, and dropped. A socket that is closed before resets the connection, and the answer
   * is lost with it.
   */
  #linger(socket: Socket): void {
    socket.resume();
    const linger = this.#attended.after(lingerMs, () => socket.destroy());
    socket.once('end', () => socket.destroy());
    socket.once('close', () => linger[Symbol.dispose]());
  }

  /** An answer beside another one would be taken for that to another request. */
  #mayAnswer(socket: Socket): boolean {
    const open = [...(this.#open.get(socket) ?? [])];
    return open.every(({ request, response }) => open.length === 1 && !request.complete && !response.headersSent);
  }

  /** Node.js closes the socket once the last answer is written, whatever the client is still saying. */
  #watchEnd(socket: Socket): Set<Exchange> {
    const open = new Set<Exchange>();
    this.#open.set(socket, open);
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => {
      if ([...open].every(({ request }) => request.complete)) return destroySoon();
      this.#refused.add(socket);
      socket.end();
      this.#linger(socket);
    };
    return open;
  }

  #track(exchange: Exchange): void {
    const { request, response } = exchange;
    const { socket } = request;
    const open = this.#open.get(socket) ?? this.#watchEnd(socket);
    open.add(exchange);
    const forget = () => {
      if (request.complete && response.writableFinished) open.delete(exchange);
    };
    request.once('close', forget);
    response.once('close', forget);
  }
}

import type { Socket } from 'node:net';

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
    message: 'body: must have no chunk extensions to speak of',
  },
};
const noRequest: Refusal = {
  status: '400 Bad Request',
  field: 'request',
  message: 'request: must be an HTTP/1.1 request',
};

/** What cannot be read as HTTP, or comes too slowly, is answered if it still can be, and cut off. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const { status, field, message } = refusals[error.code ?? ''] ?? noRequest;
  const body = JSON.stringify({ error: { code: 'INVALID_ARGUMENT', message, field } });
  const head = [`HTTP/1.1 ${status}`, 'content-type: application/json', `content-length: ${body.length}`];
  // A client that does not read it is cut off by the inactivity of its connection.
  socket.end(`${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

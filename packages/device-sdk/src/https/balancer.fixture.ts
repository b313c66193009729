import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { ErrorCode, PushfleetError } from '@pushfleet/protocol';
import type { TestBalancer } from '../balancer.fixture.ts';

export async function startHttpsBalancer(
  answer: TestBalancer['answer'],
  tls?: { cert: string; key: string },
): Promise<TestBalancer> {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => reply(state, request, body, response));
  };
  const server = tls === undefined ? createHttpServer(onRequest) : createHttpsServer(tls, onRequest);
  const state: TestBalancer = {
    url: '',
    asked: [],
    answer,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  state.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return state;
}

function reply(state: TestBalancer, request: IncomingMessage, body: string, response: ServerResponse): void {
  if (request.method !== 'POST' || request.url !== '/v1/assignment')
    return void response.writeHead(404).end('no such path');
  state.asked.push(JSON.parse(body));
  const given = state.answer();
  if (!(given instanceof PushfleetError)) return void response.end(JSON.stringify(given));
  const { code, message, field, retryAfterMs } = given;
  const headers: Record<string, number> =
    retryAfterMs === undefined ? {} : { 'retry-after': Math.ceil(retryAfterMs / 1_000) };
  response
    .writeHead(ErrorCode[code].http, headers)
    .end(JSON.stringify({ error: { code, message, field, retryAfterMs } }));
}

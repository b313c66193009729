import { once } from 'node:events';
import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
} from 'node:http';
import https from 'node:https';
import type { TestBalancer } from './balancer.fixture.ts';

export interface HttpAnswer {
  code: number;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** A POST to the port where devices ask, as curl does it. */
export function post(
  test: TestBalancer,
  path: string,
  body: string,
  headers: OutgoingHttpHeaders = {},
): Promise<HttpAnswer> {
  const { ca } = test.certificates.cluster;
  const request = https.request({ ...to(test.balancer.ports.assign, path, 'POST'), ca, headers });
  request.end(body);
  return answerOf(request);
}

/** A GET from the REST port. */
export function get(test: TestBalancer, path: string): Promise<HttpAnswer> {
  const request = http.request(to(test.balancer.ports.rest, path, 'GET'));
  request.end();
  return answerOf(request);
}

function to(port: number, path: string, method: string): RequestOptions {
  return { host: '127.0.0.1', port, path, method, agent: false };
}

async function answerOf(request: http.ClientRequest): Promise<HttpAnswer> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
  return { code: response.statusCode ?? 0, headers: response.headers, body };
}

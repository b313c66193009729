import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { SecureContext } from 'node:tls';
import { ErrorCode, findBalancerFault, PushfleetError } from '@pushfleet/protocol';
import type { RequestAssignment, RequestEnrollment } from '../assignment/assignment.ts';
import { sessionsOf } from '../tls-sessions.ts';

/** An answer is a ticket and a few addresses. */
const maxAnswerBytes = 65_536;

/** `POST /v1/assignment` with the JSON form of AssignRequest. */
export function askOverHttps(secureContext: SecureContext): RequestAssignment {
  return (balancer, question, signal) => ask(new URL('/v1/assignment', balancer), question, secureContext, signal);
}

/** `POST /v1/enrollment` with the JSON form of EnrollRequest. */
export function enrollOverHttps(secureContext: SecureContext): RequestEnrollment {
  return (balancer, question, signal) => ask(new URL('/v1/enrollment', balancer), question, secureContext, signal);
}

async function ask(url: URL, question: object, secureContext: SecureContext, signal: AbortSignal): Promise<unknown> {
  const response = await post(url, JSON.stringify(question), secureContext, signal);
  const body = await readJson(response);
  if (response.statusCode === 200) return body;
  throw toError(url, response, body);
}

function post(url: URL, body: string, secureContext: SecureContext, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  // `agent: false`: a connection of its own, closed after the answer. The next question comes in hours.
  const options = { method: 'POST', headers, agent: false, signal } as const;
  // All options of tls.connect are taken, this one too, though the type leaves it out.
  const sessions = sessionsOf(secureContext, 'balancer');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const identity = { checkServerIdentity: findBalancerFault };
  const tlsOptions = { ...options, secureContext, ...identity, ...sessions.offer(host) } as RequestOptions;
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:' ? httpsRequest(url, tlsOptions, resolve) : httpRequest(url, options, resolve);
    request.on('socket', (socket) => socket.once('secureConnect', () => sessions.keep(socket)));
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    request.end(body);
  });
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error(`the balancer's answer is larger than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    // Not a balancer's answer; the status says more.
    return undefined;
  }
}

interface ErrorBody {
  error?: { code?: unknown; message?: unknown; field?: unknown; retryAfterMs?: unknown };
}

/** Something in between, e.g. a proxy, gives no error of ours: it is not a balancer that refuses. */
function toError(balancer: URL, response: IncomingMessage, body: unknown): Error {
  const { code, message, field, retryAfterMs } = (body as ErrorBody | undefined)?.error ?? {};
  const text = typeof message === 'string' ? message : (response.statusMessage ?? '');
  if (typeof code !== 'string' || !Object.hasOwn(ErrorCode, code)) {
    return new Error(`${balancer.host} answered ${response.statusCode} ${text}`);
  }
  return new PushfleetError(code as ErrorCode, text, {
    ...(typeof field === 'string' ? { field } : {}),
    retryAfterMs: Number(retryAfterMs) || Number(response.headers['retry-after']) * 1_000 || 0,
  });
}

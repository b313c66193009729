import type { ServerResponse } from 'node:http';
import { cutText, limits, PushfleetError } from '@pushfleet/protocol';
import type { FastifyReply } from 'fastify';
import { httpStatusOf } from '../net/http-host.ts';

/** RFC 9457; `code` is for programs, `detail` for people. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  /** Field of the request, as the REST API names it: `pushServer.port`. */
  field?: string;
  /** When to try again, in milliseconds from now. */
  retryAfterMs?: number;
}

export const problemType = 'application/problem+json';

/** @param isConditional The request had If-Match: that it did not match is then 412. */
export function toProblem({ code, message, field, retryAfterMs }: PushfleetError, isConditional = false): Problem {
  const status = code === 'ETAG_MISMATCH' && isConditional ? 412 : httpStatusOf({ code, field });
  return {
    type: `urn:pushfleet:error:${code}`,
    title: code.toLowerCase().replaceAll('_', ' '),
    status,
    detail: cutText(message, limits.errorBytes),
    code,
    ...(field === undefined ? {} : { field }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).headers(headersOf(problem)).send(JSON.stringify(problem));
}

/** The same past Fastify, for an answer that is a stream otherwise. */
export function writeProblem(response: ServerResponse, problem: Problem): void {
  const text = JSON.stringify(problem);
  response.writeHead(problem.status, { ...headersOf(problem), 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function headersOf({ status, retryAfterMs }: Problem): Record<string, string | number> {
  return {
    'content-type': problemType,
    ...(retryAfterMs === undefined ? {} : { 'retry-after': Math.ceil(retryAfterMs / 1_000) }),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  };
}

/**
 * An error of a handler, whose field has the name of the proto files (`push_server.port`), with the name that the REST API has
 * for it. What a client wrote itself is no such name.
 */
export function inRestNames(error: PushfleetError): PushfleetError {
  const { code, message, field, retryAfterMs, cause } = error;
  if (field === undefined) return error;
  const named = camelCase(field);
  // Messages begin with the field where they are about one.
  const said = message.startsWith(field) ? named + message.slice(field.length) : message;
  return new PushfleetError(code, said, {
    field: named,
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function camelCase(field: string): string {
  return field.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

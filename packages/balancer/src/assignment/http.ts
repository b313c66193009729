import type { Socket } from 'node:net';
import { ErrorCode, invalidArgument } from '@pushfleet/protocol';
import type { FastifyInstance } from 'fastify';
import { notJson } from '../net/http-host.ts';
import type { Assigner } from './assigner.ts';
import type { Caller } from './assignment-queue.ts';
import type { Enroller } from './enrollment/enroller.ts';
import { certificateAt } from './identity/client-certificate.ts';
import { parseEnrollment, parseQuery } from './query.ts';

/** Types that HTTP clients name where nobody has told them what the body is: curl, fetch, and small ones. */
const unsaid: ReadonlySet<string> = new Set([
  ...['', 'text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream'],
]);

const enrollmentNames = { deviceId: 'deviceId', enrollmentToken: 'enrollmentToken', secret: 'secret' };

const names = {
  deviceId: 'deviceId',
  secret: 'secret',
  identityToken: 'identityToken',
  unreachableNodeIds: 'unreachableNodeIds',
};

/**
 * `POST /v1/assignment` and `POST /v1/enrollment`: AssignmentService as JSON over HTTP.
 * @param onKnown Called with each connection whose device has shown who it is.
 */
export function assignmentRoutes(
  assigner: Pick<Assigner, 'assign'>,
  enroller: Pick<Enroller, 'enroll'>,
  onKnown: (socket: Socket) => void,
): (app: FastifyInstance) => void {
  return (app) => {
    // Small clients send JSON without saying so.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
      if (!mayBeJson(request.headers['content-type'] ?? '')) return done(notJson());
      const parsed = parseJson(String(body));
      if (parsed) done(null, parsed);
      else done(invalidArgument('body', 'a JSON object'));
    });
    // Whoever goes on trying costs a connection each time, and those from there come last.
    app.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode === ErrorCode.TOO_MANY_ATTEMPTS.http) reply.header('connection', 'close');
    });
    app.post('/v1/assignment', async (request) => {
      const { socket } = request.raw;
      const assignment = await assigner.assign(parseBody(request.body, socket), callerAt(socket));
      onKnown(socket);
      return assignment;
    });
    app.post('/v1/enrollment', async (request) => {
      const { socket } = request.raw;
      const group = await enroller.enroll(parseEnrollmentBody(request.body), callerAt(socket));
      onKnown(socket);
      return { group };
    });
  };
}

function callerAt(socket: Socket): Caller {
  return {
    address: socket.remoteAddress,
    get hasGone() {
      return socket.destroyed;
    },
  };
}

function mayBeJson(contentType: string): boolean {
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  return unsaid.has(type) || type === 'application/json' || type.endsWith('+json');
}

/** The fields of AssignRequest by the JSON mapping of protobuf: each by either of its names, and null is absent. */
function parseBody(value: unknown, socket: Socket) {
  const body = assertBody(value, 'AssignRequest');
  const fields = {
    deviceId: body.deviceId ?? body.device_id,
    secret: body.secret,
    identityToken: body.identityToken ?? body.identity_token,
    unreachableNodeIds: body.unreachableNodeIds ?? body.unreachable_node_ids,
  };
  return parseQuery(fields, names, () => certificateAt(socket));
}

/** The same of EnrollRequest. */
function parseEnrollmentBody(value: unknown) {
  const body = assertBody(value, 'EnrollRequest');
  const fields = {
    deviceId: body.deviceId ?? body.device_id,
    enrollmentToken: body.enrollmentToken ?? body.enrollment_token,
    secret: body.secret,
  };
  return parseEnrollment(fields, enrollmentNames);
}

function assertBody(value: unknown, message: string): Record<string, unknown> {
  if (value === undefined || value === null) throw invalidArgument('body', `the JSON form of ${message}`);
  return value as Record<string, unknown>;
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

import { status } from '@grpc/grpc-js';
import type { ErrorReason } from './gen/common.ts';

/** The remedy that the caller of a failed call has: none, the same again here, or to ask a balancer for another push server. */
export type Retry = 'never' | 'same-node' | 'reassign';

interface ErrorRow {
  grpc: status;
  http: number;
  retry: Retry;
}

/** Why something was refused, said once; every wire reads its own column. */
export const ErrorCode = {
  INVALID_ARGUMENT: { grpc: status.INVALID_ARGUMENT, http: 400, retry: 'never' },
  /** No such path (HTTP). */
  NOT_FOUND: { grpc: status.UNIMPLEMENTED, http: 404, retry: 'never' },
  /** The path is there, but not for this (HTTP). */
  METHOD_NOT_ALLOWED: { grpc: status.UNIMPLEMENTED, http: 405, retry: 'never' },
  /** No API token, or a wrong one. */
  BAD_TOKEN: { grpc: status.UNAUTHENTICATED, http: 401, retry: 'never' },
  /** The session of the console has ended: sign in again. */
  SESSION_EXPIRED: { grpc: status.UNAUTHENTICATED, http: 401, retry: 'never' },
  /** Too many sign-ins have failed from the client's address, or as this device. */
  TOO_MANY_ATTEMPTS: { grpc: status.RESOURCE_EXHAUSTED, http: 429, retry: 'same-node' },
  /** Unknown device or wrong credential; the two are not told apart. */
  BAD_CREDENTIAL: { grpc: status.UNAUTHENTICATED, http: 401, retry: 'never' },
  /** The API token is good, but not for this. */
  PERMISSION_DENIED: { grpc: status.PERMISSION_DENIED, http: 403, retry: 'never' },
  API_TOKEN_NOT_FOUND: { grpc: status.NOT_FOUND, http: 404, retry: 'never' },
  ENROLLMENT_TOKEN_NOT_FOUND: { grpc: status.NOT_FOUND, http: 404, retry: 'never' },
  /** No device can register any more with the enrollment token; the message says why. */
  ENROLLMENT_TOKEN_ENDED: { grpc: status.PERMISSION_DENIED, http: 403, retry: 'never' },
  DEVICE_NOT_FOUND: { grpc: status.NOT_FOUND, http: 404, retry: 'never' },
  GROUP_NOT_FOUND: { grpc: status.NOT_FOUND, http: 404, retry: 'never' },
  DISTRIBUTION_POINT_NOT_FOUND: { grpc: status.NOT_FOUND, http: 404, retry: 'never' },
  /** The thing that is to be deleted is in use; the message says by what. */
  IN_USE: { grpc: status.FAILED_PRECONDITION, http: 409, retry: 'never' },
  /** Devices would be without a push server; the message says which ones. */
  WOULD_DISCONNECT: { grpc: status.FAILED_PRECONDITION, http: 409, retry: 'never' },
  ALREADY_EXISTS: { grpc: status.ALREADY_EXISTS, http: 409, retry: 'never' },
  /** Somebody else has changed it since it was read: read it again. */
  ETAG_MISMATCH: { grpc: status.ABORTED, http: 409, retry: 'never' },
  NODE_NOT_FOUND: { grpc: status.NOT_FOUND, http: 404, retry: 'never' },
  COMMAND_NOT_FOUND: { grpc: status.NOT_FOUND, http: 404, retry: 'never' },
  GROUP_PUSH_NOT_FOUND: { grpc: status.NOT_FOUND, http: 404, retry: 'never' },
  /** A tunnel to a device without a live link. */
  NOT_CONNECTED: { grpc: status.FAILED_PRECONDITION, http: 409, retry: 'same-node' },
  /** The device does not permit a tunnel to this target. */
  TUNNEL_REFUSED: { grpc: status.PERMISSION_DENIED, http: 403, retry: 'never' },
  /** The device cannot reach the tunnel's target. */
  TARGET_UNREACHABLE: { grpc: status.FAILED_PRECONDITION, http: 502, retry: 'same-node' },
  /** A tunnel was ended; the message says why. */
  TUNNEL_CLOSED: { grpc: status.ABORTED, http: 410, retry: 'same-node' },
  /** A watch resumes from events that are no longer kept. */
  EVENTS_GONE: { grpc: status.OUT_OF_RANGE, http: 410, retry: 'never' },
  /** No distribution point has the device's group in its scope. */
  OUT_OF_SCOPE: { grpc: status.FAILED_PRECONDITION, http: 503, retry: 'reassign' },
  /** None of the push servers in scope is ready. */
  NO_PUSH_SERVER: { grpc: status.UNAVAILABLE, http: 503, retry: 'reassign' },
  /** Every push server in scope is full. */
  NO_CAPACITY: { grpc: status.RESOURCE_EXHAUSTED, http: 503, retry: 'reassign' },
  PAYLOAD_TOO_LARGE: { grpc: status.RESOURCE_EXHAUSTED, http: 413, retry: 'never' },
  /** The device's queue is full, and no command in it is less urgent. */
  QUEUE_FULL: { grpc: status.RESOURCE_EXHAUSTED, http: 503, retry: 'same-node' },
  /** A bounded queue is full: nothing was accepted. */
  OVERLOADED: { grpc: status.RESOURCE_EXHAUSTED, http: 503, retry: 'same-node' },
  REGISTRY_UNAVAILABLE: { grpc: status.UNAVAILABLE, http: 503, retry: 'same-node' },
  /** Another balancer, which has the command or may have it, does not answer. */
  BALANCER_UNAVAILABLE: { grpc: status.UNAVAILABLE, http: 503, retry: 'same-node' },
  /** The public keys of an issuer of identity tokens cannot be fetched: whether a token is good is not known. */
  ISSUER_UNAVAILABLE: { grpc: status.UNAVAILABLE, http: 503, retry: 'same-node' },
  SHUTTING_DOWN: { grpc: status.UNAVAILABLE, http: 503, retry: 'reassign' },
  /** The caller's own deadline passed: what it asked for may have been done. */
  DEADLINE_EXCEEDED: { grpc: status.DEADLINE_EXCEEDED, http: 504, retry: 'same-node' },
  /** Said by clients alone: nobody answered, or the connection broke before an answer came. */
  UNREACHABLE: { grpc: status.UNAVAILABLE, http: 503, retry: 'reassign' },
  INTERNAL: { grpc: status.INTERNAL, http: 500, retry: 'same-node' },
} as const satisfies Record<string, ErrorRow>;
export type ErrorCode = keyof typeof ErrorCode;

/** How proto messages say it, e.g. `ERROR_REASON_IN_USE`. */
export function toErrorReason(code: ErrorCode): ErrorReason {
  return `ERROR_REASON_${code}` as ErrorReason;
}

/** INTERNAL where a newer peer says what is not known here. */
export function fromErrorReason(reason: ErrorReason): ErrorCode {
  const code = String(reason).replace('ERROR_REASON_', '');
  return Object.hasOwn(ErrorCode, code) ? (code as ErrorCode) : 'INTERNAL';
}

export interface ErrorDetails {
  /** Name of the offending field, as it is written on the wire. */
  field?: string;
  /** When to try again, in milliseconds from now. */
  retryAfterMs?: number;
  /** For logs; never goes over a wire. */
  cause?: unknown;
}

/** The one error of pushfleet. Callers act on `code` and `retry`; `message` is for people. */
export class PushfleetError extends Error {
  override readonly name = 'PushfleetError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
  }

  get retry(): Retry {
    return ErrorCode[this.code].retry;
  }
}

/** `field: must be <rule>`. */
export function invalidArgument(field: string, rule: string): PushfleetError {
  return new PushfleetError('INVALID_ARGUMENT', `${field}: must be ${rule}`, { field });
}

import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type CloseReason, closeReasonKey, CloseReason as closeReasons, parseCloseReason } from './close-reason.ts';
import { types } from './descriptors.ts';
import { ErrorCode, PushfleetError } from './error.ts';
import type { Status } from './gen/google/rpc/Status.ts';
import { cutText, limits } from './limits.ts';

/** google.rpc.Status: a gRPC code, a message, and details that programs read. */
export type RpcStatus = Status;
type Detail = RpcStatus['details'][number];

/** gRPC trailer that carries a google.rpc.Status, as clients of every language look for it. */
export const statusDetailsKey = 'grpc-status-details-bin';
/** The domain in every ErrorInfo of pushfleet. */
const domain = 'pushfleet';

const statusType = types.lookupType('google.rpc.Status');
const detailTypes = {
  errorInfo: types.lookupType('google.rpc.ErrorInfo'),
  badRequest: types.lookupType('google.rpc.BadRequest'),
  retryInfo: types.lookupType('google.rpc.RetryInfo'),
} as const;

/**
 * An error as google.rpc.Status: gRPC code and message, and as details ErrorInfo with the error code as its reason,
 * BadRequest where a field is at fault, RetryInfo where the error says when to try again. Never throws, whatever stands in
 * the error; its texts are cut to `limits`.
 */
export function toRpcStatus(error: PushfleetError): RpcStatus {
  const { code, field, retryAfterMs } = error;
  const message = cutText(error.message, limits.errorBytes);
  const details = [pack('errorInfo', { reason: code, domain })];
  if (field !== undefined) {
    const rule = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
    const violation = { field: cutText(field, limits.fieldBytes), description: cutText(rule, limits.fieldRuleBytes) };
    details.push(pack('badRequest', { fieldViolations: [violation] }));
  }
  if (retryAfterMs !== undefined) details.push(pack('retryInfo', { retryDelayMs: boundedMs(retryAfterMs) }));
  return { code: ErrorCode[code].grpc, message, details };
}

/** The error that a google.rpc.Status carries; one that pushfleet did not make gives the nearest code. Never throws. */
export function fromRpcStatus({ code, message, details }: RpcStatus, cause?: unknown): PushfleetError {
  const read: DetailsRead = {};
  for (const detail of details) readDetail(detail, read);
  return new PushfleetError(read.code ?? nearestCode({ code, details: message }), message, {
    ...(cause === undefined ? {} : { cause }),
    ...(read.field === undefined ? {} : { field: read.field }),
    ...(read.retryAfterMs === undefined ? {} : { retryAfterMs: read.retryAfterMs }),
  });
}

/** How an error looks to a gRPC client: status, message, and the trailer with its google.rpc.Status. Never throws. */
export function toStatus(error: PushfleetError): { code: status; details: string; metadata: Metadata } {
  const rpcStatus = toRpcStatus(error);
  const metadata = new Metadata();
  metadata.set(statusDetailsKey, Buffer.from(statusType.encode(statusType.fromObject(rpcStatus)).finish()));
  return { code: rpcStatus.code, details: rpcStatus.message, metadata };
}

/** The error that a gRPC status carries; a status that pushfleet did not make gives the nearest code. Never throws. */
export function fromStatus(error: ServiceError): PushfleetError {
  const { code, details: message, metadata } = error;
  const details = readTrailer(metadata?.get(statusDetailsKey)[0]);
  return fromRpcStatus({ code, message, details }, error);
}

/** Whatever a peer says, or an error has. */
function boundedMs(ms: number): number {
  return ms > 0 ? Math.min(ms, Number.MAX_SAFE_INTEGER) : 0;
}

function pack(kind: keyof typeof detailTypes, value: object): Detail {
  const type = detailTypes[kind];
  const typeUrl = `type.googleapis.com/${type.fullName.slice(1)}`;
  return { type_url: typeUrl, value: Buffer.from(type.encode(type.fromObject(value)).finish()) };
}

function readTrailer(trailer: unknown): Detail[] {
  if (!Buffer.isBuffer(trailer)) return [];
  try {
    return (statusType.toObject(statusType.decode(trailer), { arrays: true, defaults: true }) as RpcStatus).details;
  } catch {
    // Whoever sent it says no more than its code and message.
    return [];
  }
}

interface DetailsRead {
  code?: ErrorCode;
  field?: string;
  retryAfterMs?: number;
}

function readDetail({ type_url: url, value }: Detail, read: DetailsRead): void {
  try {
    const name = url.slice(url.lastIndexOf('/') + 1);
    const type = Object.values(detailTypes).find(({ fullName }) => fullName === `.${name}`);
    if (!type) return;
    const detail = type.toObject(type.decode(value), { longs: Number, defaults: true, arrays: true });
    if (type === detailTypes.errorInfo && detail.domain === domain && Object.hasOwn(ErrorCode, detail.reason)) {
      read.code = detail.reason as ErrorCode;
    }
    if (type === detailTypes.badRequest) read.field ??= detail.fieldViolations[0]?.field;
    if (type === detailTypes.retryInfo) read.retryAfterMs = boundedMs(detail.retryDelayMs);
  } catch {
    // A detail that cannot be read is none.
  }
}

/** The error that a status of gRPC itself stands for, from either end. */
function nearestCode({ code, details }: Pick<ServiceError, 'code' | 'details'>): ErrorCode {
  switch (code) {
    case status.INVALID_ARGUMENT:
      return 'INVALID_ARGUMENT';
    case status.UNAUTHENTICATED:
      return 'BAD_TOKEN';
    case status.RESOURCE_EXHAUSTED:
      return tooLargeMessage.test(details) ? 'PAYLOAD_TOO_LARGE' : 'OVERLOADED';
    case status.DEADLINE_EXCEEDED:
      return 'DEADLINE_EXCEEDED';
    // The other side gave the call up without a word.
    case status.CANCELLED:
    case status.UNAVAILABLE:
      return 'UNREACHABLE';
    default:
      return brokenCall.test(details) ? 'UNREACHABLE' : 'INTERNAL';
  }
}

/** The texts of grpc-js, at either end, for a message beyond its limit, which it names, and for a call that was reset. */
const tooLargeMessage = /larger than (max|\d)/;
const brokenCall = /^Received RST_STREAM/;

/** The reason in the message of a call that failed, without what grpc-js wraps around the words of the system. */
export function plainReason(message: string): string {
  return message
    .replace(/^\d+ [A-Z_]+: /, '')
    .replace(/No connection established\. Last error: (Error: )?/, '')
    .replace(/\.? Resolution note: $/, '');
}

/** How the end of a link looks to a gRPC device. */
export function closeStatus(reason: CloseReason): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  metadata.set(closeReasonKey, reason);
  return { code: closeReasons[reason].grpc, details: closeReasons[reason].text, metadata };
}

/** The close reason in a status' trailers; a link that broke has none. */
export function closeReasonOf(error: Pick<ServiceError, 'metadata'>): CloseReason | undefined {
  return parseCloseReason(error.metadata?.get(closeReasonKey)[0]?.toString());
}

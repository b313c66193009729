import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type CloseReason, closeReasonKey, CloseReason as closeReasons, parseCloseReason } from './close-reason.ts';
import { cutHeaderText, cutText } from './cut-text.ts';
import { ErrorCode, PushfleetError } from './error.ts';
import { limits } from './limits.ts';

const codeKey = 'pushfleet-code';
const fieldKey = 'pushfleet-field';
const retryAfterKey = 'retry-after-ms';

/**
 * How an error looks to a gRPC client: status, message, and trailers with code, field and retry-after. Never throws,
 * whatever stands in the error; its texts are cut to what every client takes.
 */
export function toStatus(error: PushfleetError): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  metadata.set(codeKey, error.code);
  if (error.field !== undefined) metadata.set(fieldKey, cutHeaderText(error.field, limits.fieldBytes));
  if (error.retryAfterMs !== undefined) metadata.set(retryAfterKey, String(error.retryAfterMs));
  return { code: ErrorCode[error.code].grpc, details: cutText(error.message, limits.errorBytes), metadata };
}

/** The error that a gRPC status carries; a status that pushfleet did not make gives the nearest code. */
export function fromStatus(error: ServiceError): PushfleetError {
  const first = (key: string) => error.metadata?.get(key)[0]?.toString();
  const named = first(codeKey);
  const code = named !== undefined && Object.hasOwn(ErrorCode, named) ? (named as ErrorCode) : nearestCode(error);
  const [field, retryAfter] = [first(fieldKey), first(retryAfterKey)];
  return new PushfleetError(code, error.details, {
    cause: error,
    ...(field === undefined ? {} : { field }),
    ...(retryAfter === undefined ? {} : { retryAfterMs: Number(retryAfter) }),
  });
}

/** Of a status that comes from gRPC itself, at either end: what can be told from it. */
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

/** What grpc-js says at either end of a message beyond its limit, which it names, and of a call that was reset. */
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

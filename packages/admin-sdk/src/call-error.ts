import { type ServiceError, status } from '@grpc/grpc-js';
import { type ErrorCode, fromStatus, PushfleetError } from '@pushfleet/protocol';
import type { AdminChannel } from './channel.ts';
import { findIgnoredProxy, findProxy } from './proxy.ts';

/**
 * The PushfleetError of a call that failed. Where no balancer answered at all, the message names the address that was
 * tried. If that one does not serve, the next call goes to another.
 */
export function callError(
  { balancers, closing }: AdminChannel,
  error: ServiceError | null,
  address: string = balancers.address,
): PushfleetError {
  if (closing.signal.aborted) return new PushfleetError('SHUTTING_DOWN', 'the client was closed', { cause: error });
  if (error === null) return new PushfleetError('INTERNAL', `${address} gave neither an answer nor an error`);
  const mapped = fromStatus(error);
  if (mapped.code === 'UNREACHABLE' || mapped.code === 'SHUTTING_DOWN') balancers.moveOn(address);
  if (error.code === status.UNIMPLEMENTED) {
    const what = `what answers at ${address} does not know this call: it is no balancer's admin API, or an older one`;
    return new PushfleetError(mapped.code, `${what}: ${error.details}`, { cause: error });
  }
  const words = describeSilence[mapped.code];
  return words ? new PushfleetError(mapped.code, words(address, error.details), { cause: error }) : mapped;
}

/** The words for errors that no balancer said, by code. */
const describeSilence: Partial<Record<ErrorCode, (address: string, details: string) => string>> = {
  UNREACHABLE: describeUnreachable,
  DEADLINE_EXCEEDED: (address, details) =>
    `the balancer at ${address} did not answer in time, and may have carried the call out: ${details}`,
};

function describeUnreachable(address: string, details: string): string {
  if (!neverSent.test(details)) {
    return `the call to the balancer at ${address} broke before an answer came, and may have been carried out: ${details}`;
  }
  const proxy = findProxy(address);
  const through = proxy
    ? ` through the proxy ${proxy.address} (${proxy.variable}; NO_PROXY names what needs none)`
    : '';
  const ignored = findIgnoredProxy(address);
  const without = ignored ? ` without a proxy (${ignored} does not begin with http://, and is passed over)` : '';
  const reason = plainWords.find(([pattern]) => pattern.test(details))?.[1] ?? details;
  return `cannot reach the balancer at ${address}${through}${without}: ${reason}`;
}

/** Plain words for reasons that the libraries give none for, or those of their source code. */
const plainWords: readonly [pattern: RegExp, words: string][] = [
  [/Last error: undefined/, 'the connection was refused on the way'],
  [/wrong version number|packet length too long|bad record type/, 'what answers there does not speak TLS'],
  [/unable to (get|verify)|self-signed/, 'its certificate does not come from a CA that is trusted here'],
];

/** The error of a stream that failed while it was read: a gRPC status as {@link callError} has it, anything else as it is. */
export function asCallError(channel: AdminChannel, error: unknown, address?: string): unknown {
  const isStatus = error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
  return isStatus ? callError(channel, error as ServiceError, address) : error;
}

/** Whether nothing was sent, or nothing accepted: asking another balancer does nothing twice. */
export function isUntouched(error: unknown): boolean {
  if (!(error instanceof PushfleetError)) return false;
  if (error.code === 'SHUTTING_DOWN') return true;
  return (
    error.code === 'UNREACHABLE' && neverSent.test((error.cause as Partial<ServiceError> | undefined)?.details ?? '')
  );
}

/** The beginning of grpc-js's message where it had no connection to send on. */
const neverSent = /^(No connection established|Name resolution failed)/;

import { type ClientUnaryCall, type requestCallback, type ServiceError, status } from '@grpc/grpc-js';
import { fromStatus, PushfleetError } from '@pushfleet/protocol';
import type { AdminChannel } from './channel.ts';
import { findIgnoredProxy, findProxy } from './proxy.ts';

export interface CallOptions {
  /**
   * Gives the call up; it rejects with the signal's reason. A direct command that is not on its way to the device yet is
   * withdrawn; of any other `getCommand` tells, by the `commandId` of the request.
   */
  signal?: AbortSignal;
}

type Begin<Response> = (callback: requestCallback<Response>) => ClientUnaryCall;

/**
 * One unary call as a promise; where it did not get through to a balancer, the next one is asked, each of them once.
 * Rejects with a PushfleetError, or with the signal's reason.
 */
export async function unary<Response>(
  channel: AdminChannel,
  options: CallOptions,
  begin: Begin<Response>,
): Promise<Response> {
  for (let left = channel.balancers.addresses.length; ; left -= 1) {
    try {
      return await unaryOnce(channel, options, begin);
    } catch (error) {
      if (left <= 1 || !isUntouched(error) || channel.closing.signal.aborted) throw error;
    }
  }
}

/** The same, of a call that cannot be made twice. */
export function unaryOnce<Response>(
  channel: AdminChannel,
  { signal }: CallOptions,
  begin: Begin<Response>,
): Promise<Response> {
  const { address } = channel.balancers;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const call = begin((error, response) => {
      release();
      if (error === null && response !== undefined) resolve(response);
      else reject(signal?.aborted ? signal.reason : callError(channel, error, address));
    });
    const release = cancelWith(call, [signal, channel.closing.signal]);
  });
}

/** Cancels the call when one of the signals aborts, until released. */
export function cancelWith(call: { cancel(): void }, signals: readonly (AbortSignal | undefined)[]): () => void {
  const cancel = () => call.cancel();
  for (const signal of signals) {
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  }
  return () => {
    for (const signal of signals) signal?.removeEventListener('abort', cancel);
  };
}

/**
 * What went wrong with a call; where no balancer answered at all, the message names the address that was tried. If that
 * one does not serve, the next call goes to another.
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
  if (mapped.code !== 'UNREACHABLE') return mapped;
  return new PushfleetError(mapped.code, describeUnreachable(address, error.details), { cause: error });
}

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

/** For what the libraries have no words, or those of their source code. */
const plainWords: readonly [pattern: RegExp, words: string][] = [
  [/Last error: undefined/, 'the connection was refused on the way'],
  [/wrong version number|packet length too long|bad record type/, 'what answers there does not speak TLS'],
  [/unable to (get|verify)|self-signed/, 'its certificate does not come from a CA that is trusted here'],
];

/** What a stream that was read failed with: a gRPC status as {@link callError} has it, anything else as it is. */
export function asCallError(channel: AdminChannel, error: unknown, address?: string): unknown {
  const isStatus = error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
  return isStatus ? callError(channel, error as ServiceError, address) : error;
}

/** Nothing was sent, or nothing accepted: asking another balancer does nothing twice. */
export function isUntouched(error: unknown): boolean {
  if (!(error instanceof PushfleetError)) return false;
  if (error.code === 'SHUTTING_DOWN') return true;
  return (
    error.code === 'UNREACHABLE' && neverSent.test((error.cause as Partial<ServiceError> | undefined)?.details ?? '')
  );
}

/** What grpc-js says where it had no connection to send on. */
const neverSent = /^(No connection established|Name resolution failed)/;

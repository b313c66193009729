import type { ClientUnaryCall, requestCallback, ServiceError } from '@grpc/grpc-js';
import { fromStatus, PushfleetError } from '@pushfleet/protocol';
import type { AdminChannel } from './channel.ts';

export interface CallOptions {
  /** Gives the call up; it rejects with the signal's reason. A command that was already sent stays sent. */
  signal?: AbortSignal;
}

/** One unary call as a promise. Rejects with a PushfleetError, or with the signal's reason. */
export function unary<Response>(
  channel: AdminChannel,
  { signal }: CallOptions,
  begin: (callback: requestCallback<Response>) => ClientUnaryCall,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const call = begin((error, response) => {
      release();
      if (error === null && response !== undefined) resolve(response);
      else reject(signal?.aborted ? signal.reason : callError(channel, error));
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

/** What went wrong with a call; where no balancer answered at all, the message names the address that was tried. */
export function callError({ address, closing }: AdminChannel, error: ServiceError | null): PushfleetError {
  if (closing.signal.aborted) return new PushfleetError('SHUTTING_DOWN', 'the client was closed', { cause: error });
  if (error === null) return new PushfleetError('INTERNAL', `${address} gave neither an answer nor an error`);
  const mapped = fromStatus(error);
  if (mapped.code !== 'UNREACHABLE') return mapped;
  return new PushfleetError(mapped.code, `cannot reach the balancer at ${address}: ${error.details}`, { cause: error });
}

/** What a stream that was read failed with: a gRPC status as {@link callError} has it, anything else as it is. */
export function asCallError(channel: AdminChannel, error: unknown): unknown {
  const isStatus = error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
  return isStatus ? callError(channel, error as ServiceError) : error;
}

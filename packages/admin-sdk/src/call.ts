import { type ClientUnaryCall, type requestCallback, type ServiceError, status } from '@grpc/grpc-js';
import { fromStatus, PushfleetError } from '@pushfleet/protocol';

export interface CallOptions {
  /** Gives the call up; it rejects with the signal's reason. A command that was already sent stays sent. */
  signal?: AbortSignal;
}

/** One unary call as a promise. Rejects with a PushfleetError, or with the signal's reason. */
export function unary<Response>(
  address: string,
  { signal }: CallOptions,
  begin: (callback: requestCallback<Response>) => ClientUnaryCall,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const cancel = () => call.cancel();
    const call = begin((error, response) => {
      signal?.removeEventListener('abort', cancel);
      if (error === null && response !== undefined) resolve(response);
      else reject(signal?.aborted ? signal.reason : callError(address, error));
    });
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

/** What went wrong with a call; where no balancer answered at all, the message names the address that was tried. */
export function callError(address: string, error: ServiceError | null): PushfleetError {
  if (error === null) return new PushfleetError('INTERNAL', `${address} gave neither an answer nor an error`);
  const mapped = fromStatus(error);
  if (error.code !== status.UNAVAILABLE || error.metadata?.get('pushfleet-code').length > 0) return mapped;
  return new PushfleetError(mapped.code, `cannot reach the balancer at ${address}: ${error.details}`, { cause: error });
}

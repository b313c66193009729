import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { PushfleetError, toStatus } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { toPushfleetError } from '../errors.ts';

/** Makes a gRPC handler of an async function. An error that is not ours is the host's to stop, at its barrier. */
export function unary<Request, Response>(
  logger: Logger,
  answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request, call));
    } catch (error) {
      if (!(error instanceof PushfleetError)) throw error;
      callback(toStatus(toPushfleetError(error, logger)));
    }
  };
}

import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { PushfleetError, toStatus } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';

/** What a caller is told about an error: our own errors as they are, anything else without details. */
export function toPushfleetError(error: unknown, logger: Logger): PushfleetError {
  if (error instanceof PushfleetError) {
    if (error.cause !== undefined) logger.debug({ err: error }, 'refused');
    return error;
  }
  logger.error({ err: error }, 'a call failed');
  return new PushfleetError('INTERNAL', 'internal error');
}

/** Makes a gRPC handler of an async function. */
export function unary<Request, Response>(
  logger: Logger,
  answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    answer(call.request, call).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toStatus(toPushfleetError(error, logger))),
    );
  };
}

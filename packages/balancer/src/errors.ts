import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { PushfleetError, toStatus } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';

const overloadedRetryMs = 1_000;

/** OVERLOADED: a bounded resource of this balancer is used up. */
export function overloaded(message: string): PushfleetError {
  return new PushfleetError('OVERLOADED', message, { retryAfterMs: overloadedRetryMs });
}

/** @param advice What the caller may do at another balancer. */
export function shuttingDown(advice: string): PushfleetError {
  return new PushfleetError('SHUTTING_DOWN', `the balancer is stopping; ${advice}`);
}

/** @param field That of the request, as it is written on the wire. */
export function deviceNotFound(device: string, field = 'device_id'): PushfleetError {
  return new PushfleetError('DEVICE_NOT_FOUND', `there is no device "${device}"`, { field });
}

export function commandNotFound(id: string): PushfleetError {
  const message = `there is no command "${id}" of this device, or it is no longer kept`;
  return new PushfleetError('COMMAND_NOT_FOUND', message, { field: 'command_id' });
}

/** @param by Who has the id or key. */
export function alreadyTaken(field: 'idempotency_key' | 'command_id', by: string): PushfleetError {
  const message = `${field}: ${by} has it, and that was asked for with other values`;
  return new PushfleetError('ALREADY_EXISTS', message, { field });
}

/** Converts an error for a caller: our own errors as they are, anything else without details. */
export function toPushfleetError(error: unknown, logger: Logger): PushfleetError {
  if (error instanceof PushfleetError) {
    if (error.cause !== undefined) logger.debug({ err: error }, 'refused');
    return error;
  }
  logger.error({ err: error }, 'a call failed');
  return new PushfleetError('INTERNAL', 'internal error');
}

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

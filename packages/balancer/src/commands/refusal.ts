import { PushfleetError } from '@pushfleet/protocol';

const overloadedRetryMs = 1_000;

export function overloaded(message: string): PushfleetError {
  return new PushfleetError('OVERLOADED', message, { retryAfterMs: overloadedRetryMs });
}

export function shuttingDown(): PushfleetError {
  return new PushfleetError('SHUTTING_DOWN', 'the balancer is stopping; another one takes commands');
}

export function commandNotFound(id: string): PushfleetError {
  const message = `there is no command "${id}" of this device, or it is no longer kept`;
  return new PushfleetError('COMMAND_NOT_FOUND', message, { field: 'command_id' });
}

/** @param by Who has it. */
export function alreadyTaken(field: 'idempotency_key' | 'command_id', by: string): PushfleetError {
  const message = `${field}: ${by} has it, and that was asked for with other values`;
  return new PushfleetError('ALREADY_EXISTS', message, { field });
}

import { invalidArgument, PushfleetError } from './error.ts';
import type { Operation, OperationInit } from './gen/common.ts';
import { limits } from './limits.ts';

/** What a device can be told to do, and how each is named in topics, logs and commands of the CLI. */
export const operationNames = {
  forceSync: 'force_sync',
  custom: 'custom',
} as const satisfies Record<NonNullable<Operation['kind']>, string>;
export type OperationKind = keyof typeof operationNames;
export type OperationName = (typeof operationNames)[OperationKind];

export function operationKind(operation: Operation): OperationKind {
  if (operation.kind === undefined)
    throw invalidArgument('operation', `one of ${Object.values(operationNames).join(', ')}`);
  return operation.kind;
}

/** `undefined`: no operation of this name. */
export function parseOperationName(name: string): OperationKind | undefined {
  return (Object.keys(operationNames) as OperationKind[]).find((kind) => operationNames[kind] === name);
}

/**
 * An operation that is within its limits.
 * @throws PushfleetError INVALID_ARGUMENT, PAYLOAD_TOO_LARGE
 */
export function parseOperation(operation: Operation | OperationInit | null | undefined): Operation {
  const { forceSync, custom } = (operation ?? {}) as Operation;
  if (forceSync) {
    if (Buffer.byteLength(forceSync.reason) > limits.reasonChars) {
      throw invalidArgument('operation.force_sync.reason', `at most ${limits.reasonChars} bytes`);
    }
    return { kind: 'forceSync', forceSync };
  }
  if (custom) {
    if (!/^[A-Za-z0-9._:-]{1,128}$/.test(custom.name)) {
      throw invalidArgument('operation.custom.name', '1 to 128 of A-Z a-z 0-9 . _ : -');
    }
    if (custom.payload.length > limits.payloadBytes) {
      const field = 'operation.custom.payload';
      throw new PushfleetError('PAYLOAD_TOO_LARGE', `${field}: must be at most ${limits.payloadBytes} bytes`, {
        field,
      });
    }
    return { kind: 'custom', custom };
  }
  throw invalidArgument('operation', `one of ${Object.values(operationNames).join(', ')}`);
}

import { invalidArgument, limits, parseDeviceId, parseNodeId } from '@pushfleet/protocol';
import type { AssignmentQuery } from './assigner.ts';

/** The names of the fields in one protocol, for errors. */
export interface FieldNames {
  deviceId: string;
  secret: string;
  unreachableNodeIds: string;
}

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parseQuery(
  fields: Readonly<Partial<Record<keyof FieldNames, unknown>>>,
  names: FieldNames,
): AssignmentQuery {
  return {
    deviceId: parseDeviceId(fields.deviceId, names.deviceId),
    secret: parseSecret(fields.secret, names.secret),
    unreachableNodeIds: parseNodeIds(fields.unreachableNodeIds ?? [], names.unreachableNodeIds),
  };
}

function parseSecret(value: unknown, field: string): string {
  const { secretMinBytes, secretMaxBytes } = limits;
  const bytes = typeof value === 'string' ? Buffer.byteLength(value) : 0;
  if (bytes < secretMinBytes || bytes > secretMaxBytes) {
    throw invalidArgument(field, `the device's secret, ${secretMinBytes} to ${secretMaxBytes} bytes`);
  }
  return value as string;
}

function parseNodeIds(value: unknown, field: string): AssignmentQuery['unreachableNodeIds'] {
  if (!Array.isArray(value) || value.length > limits.unreachableNodeIds) {
    throw invalidArgument(field, `a list of at most ${limits.unreachableNodeIds} ids of push servers`);
  }
  return value.map((id, index) => parseNodeId(id, `${field}[${index}]`));
}

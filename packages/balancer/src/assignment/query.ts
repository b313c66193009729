import type { X509Certificate } from 'node:crypto';
import { invalidArgument, limits, parseDeviceId, parseNodeId } from '@pushfleet/protocol';
import type { AssignmentQuery, DeviceCredential } from './assigner.ts';
import type { EnrollmentQuery } from './enrollment/enroller.ts';
import { enrollmentTokenRule, isEnrollmentToken } from './enrollment/enrollment-token.ts';

/** The names of the fields in one protocol, for errors. */
export interface FieldNames {
  deviceId: string;
  secret: string;
  identityToken: string;
  unreachableNodeIds: string;
}

/**
 * @param certificate Answers the one that the client has shown.
 * @throws PushfleetError INVALID_ARGUMENT that names the field.
 */
export function parseQuery(
  fields: Readonly<Partial<Record<keyof FieldNames, unknown>>>,
  names: FieldNames,
  certificate: () => X509Certificate | undefined,
): AssignmentQuery {
  return {
    deviceId: parseDeviceId(fields.deviceId, names.deviceId),
    credential: parseCredential(fields, names, certificate),
    unreachableNodeIds: parseNodeIds(fields.unreachableNodeIds ?? [], names.unreachableNodeIds),
  };
}

/** The names of the fields of an enrollment in one protocol, for errors. */
export interface EnrollmentNames {
  deviceId: string;
  enrollmentToken: string;
  secret: string;
}

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parseEnrollment(
  fields: Readonly<Partial<Record<keyof EnrollmentNames, unknown>>>,
  names: EnrollmentNames,
): EnrollmentQuery {
  const deviceId = parseDeviceId(fields.deviceId, names.deviceId);
  const { enrollmentToken: token } = fields;
  if (!isEnrollmentToken(token)) throw invalidArgument(names.enrollmentToken, enrollmentTokenRule);
  return { deviceId, token, secret: parseSecret(fields.secret, names.secret) };
}

/** The longest token that is looked at. */
const tokenMaxBytes = 8_192;

function parseCredential(
  { secret, identityToken: token }: Readonly<Partial<Record<keyof FieldNames, unknown>>>,
  names: FieldNames,
  certificate: () => X509Certificate | undefined,
): DeviceCredential {
  if (token === undefined || token === null || token === '') {
    // What the request says goes before the connection, so that a device can have both.
    const shown = secret === undefined || secret === null || secret === '' ? certificate() : undefined;
    return shown
      ? { kind: 'certificate', certificate: shown }
      : { kind: 'secret', secret: parseSecret(secret, names.secret) };
  }
  if (secret) throw invalidArgument(names.identityToken, `absent where there is a ${names.secret}`);
  if (typeof token === 'string' && token.length <= tokenMaxBytes && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    return { kind: 'identityToken', token };
  }
  throw invalidArgument(names.identityToken, `a signed JWT of at most ${tokenMaxBytes} bytes`);
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

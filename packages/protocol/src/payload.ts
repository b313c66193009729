import type { Message, Type } from 'protobufjs';
import { types } from './descriptors.ts';
import { invalidArgument } from './error.ts';
import type { Operation } from './gen/common.ts';
import type { Cancel, CommandResult } from './gen/device.ts';
import type { CommandId } from './ids.ts';
import { jsonFieldsOf, readJsonMessage } from './json-mapping.ts';
import { type OperationKind, operationKind } from './operation.ts';
import { limitResult } from './result-limits.ts';
import { toJsonTime } from './time-fields.ts';

/** How MQTT payloads are written: protobuf's JSON mapping (the default) or its binary form. */
export type PayloadEncoding = 'json' | 'protobuf';

/** MQTT 5 user property of a CONNECT by which a device declares its encoding. */
export const payloadEncodingKey = 'pushfleet-payload-encoding';

export const contentType = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
} as const satisfies Record<PayloadEncoding, string>;

const resultType = types.lookupType('pushfleet.device.v1.CommandResult');
const cancelType = types.lookupType('pushfleet.device.v1.Cancel');
const operationType = types.lookupType('pushfleet.common.v1.Operation');
const operationTypes = {
  forceSync: types.lookupType('pushfleet.common.v1.ForceSync'),
  runTask: types.lookupType('pushfleet.common.v1.RunTask'),
  stopTask: types.lookupType('pushfleet.common.v1.StopTask'),
  getStatistics: types.lookupType('pushfleet.common.v1.GetStatistics'),
  openTunnel: types.lookupType('pushfleet.common.v1.OpenTunnel'),
  custom: types.lookupType('pushfleet.common.v1.Custom'),
} as const satisfies Record<OperationKind, Type>;

/** The message of one operation, without the oneof around it: the topic already names the operation. */
export function encodeOperation(operation: Operation, encoding: PayloadEncoding): Buffer {
  const kind = operationKind(operation);
  return encode(operationTypes[kind], operation[kind] ?? {}, encoding);
}

/** @throws PushfleetError INVALID_ARGUMENT */
export function decodeOperation(kind: OperationKind, payload: Uint8Array, encoding: PayloadEncoding): Operation {
  return { kind, [kind]: decode(operationTypes[kind], payload, encoding) };
}

/** The whole of an operation in binary protobuf, for a store. */
export function packOperation(operation: Operation): Buffer {
  return encode(operationType, operation, 'protobuf');
}

/** @throws PushfleetError INVALID_ARGUMENT */
export function unpackOperation(packed: Uint8Array): Operation {
  return decode(operationType, packed, 'protobuf') as Operation;
}

export function encodeResult(result: CommandResult, encoding: PayloadEncoding): Buffer {
  return encode(resultType, result, encoding);
}

/**
 * A result as it stands on a result topic, within the limits of what goes on from here; the topic names the command,
 * whatever the payload says.
 * @throws PushfleetError INVALID_ARGUMENT
 */
export function decodeResult(command: CommandId, payload: Uint8Array, encoding: PayloadEncoding): CommandResult {
  if (encoding === 'json' && lastResult?.payload.equals(payload)) return { ...lastResult.result, commandId: command };
  const result = decodeAnyResult(command, payload, encoding);
  if (encoding === 'json' && payload.length <= keptResultBytes)
    lastResult = { payload: Buffer.from(payload), result: Object.freeze(result) };
  return result;
}

/**
 * Most devices say the same few bytes: `{"succeeded":{}}`. To read them costs a worker 4 µs, to see that they are those of the last
 * result 0.1. What such results have in common they share; nobody changes a result.
 */
let lastResult: { payload: Buffer; result: Readonly<CommandResult> } | undefined;
const keptResultBytes = 64;

function decodeAnyResult(command: CommandId, payload: Uint8Array, encoding: PayloadEncoding): CommandResult {
  const result = decode(resultType, payload, encoding) as unknown as CommandResult;
  if (result.outcome === undefined) {
    throw invalidArgument(
      'payload',
      'an object with one of "running", "succeeded", "failed", "rejected" or "cancelled"',
    );
  }
  return limitResult({ ...result, commandId: command });
}

/** A withdrawal as it stands on the topic that names the command and `cancelName`. */
export function encodeCancel(reason: string, encoding: PayloadEncoding): Buffer {
  return encode(cancelType, { reason }, encoding);
}

/** The reason. @throws PushfleetError INVALID_ARGUMENT */
export function decodeCancel(payload: Uint8Array, encoding: PayloadEncoding): string {
  return (decode(cancelType, payload, encoding) as Cancel).reason;
}

function encode(type: Type, message: object, encoding: PayloadEncoding): Buffer {
  const typed = type.fromObject(message);
  if (encoding === 'protobuf') return Buffer.from(type.encode(typed).finish());
  return Buffer.from(
    JSON.stringify(leaveDefaultsOut(type, type.toObject(typed, { bytes: String, enums: String, longs: String }))),
  );
}

/** Protobuf's JSON mapping leaves out a field with its default value, but never an entry of a map. */
function leaveDefaultsOut(type: Type, message: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const { name, jsonName, message: nested, isTime } of jsonFieldsOf(type)) {
    const value = message[name];
    if (value === undefined || value === '' || value === 0 || value === false) continue;
    if (nested && isTime) kept[jsonName] = toJsonTime(nested, value as number);
    else if (nested) kept[jsonName] = leaveDefaultsOut(nested, value as Record<string, unknown>);
    else if (!Array.isArray(value) || value.length > 0) kept[jsonName] = value;
  }
  return kept;
}

function decode(type: Type, payload: Uint8Array, encoding: PayloadEncoding): object {
  const typed = encoding === 'protobuf' ? decodeBinary(type, payload) : decodeJson(type, payload);
  return type.toObject(typed, { bytes: Buffer, enums: String, longs: Number, defaults: true, oneofs: true });
}

function decodeBinary(type: Type, payload: Uint8Array): Message {
  try {
    return type.decode(payload);
  } catch {
    throw invalidArgument('payload', `a binary ${type.fullName.slice(1)}`);
  }
}

function decodeJson(type: Type, payload: Uint8Array): Message {
  try {
    return type.fromObject(readJsonMessage(type, JSON.parse(textOf(payload))));
  } catch {
    // Neither JSON nor of the message's shape: both are said below.
  }
  throw invalidArgument('payload', `the JSON form of ${type.fullName.slice(1)}`);
}

/** The text of the bytes, read where they are: `Buffer.from` would copy them. */
function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

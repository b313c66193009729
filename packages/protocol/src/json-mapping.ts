import type { Enum, Field, Type } from 'protobufjs';
import { fromJsonTime, isTime, jsonFieldName } from './time-fields.ts';

/** A value in JSON is not of this type. Names no path: it says `payload` to a peer, and what would be right. */
export class NotOfType extends Error {
  override readonly name = 'NotOfType';
}

type Value = unknown;
const integerRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  sint32: [-(2n ** 31n), 2n ** 31n - 1n],
  sfixed32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  fixed32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  sint64: [-(2n ** 63n), 2n ** 63n - 1n],
  sfixed64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  fixed64: [0n, 2n ** 64n - 1n],
};

/**
 * A value of parsed JSON as the plain object that protobufjs makes a message of, checked against the type by the rules of
 * protobuf's JSON mapping: protobufjs itself takes whatever looks a little like the field. Fields go by either of their
 * names, null is absent, and fields that this type does not have are left out: a newer peer may have them.
 * @throws NotOfType
 */
export function readJsonMessage(type: Type, value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new NotOfType();
  const read: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    const name = jsonFieldName(field.resolve());
    const given = value[name] ?? value[snakeCase(name)];
    if (given === undefined || given === null) continue;
    read[field.name] = readField(field, given);
  }
  for (const { oneof } of type.oneofsArray) {
    if (oneof.filter((name) => read[name] !== undefined).length > 1) throw new NotOfType();
  }
  return read;
}

function readField(field: Field, value: Value): unknown {
  field.resolve();
  if (field.map) return readMap(field, value);
  if (!field.repeated) return readSingle(field, value);
  if (!Array.isArray(value)) throw new NotOfType();
  return value.map((item: unknown) => readSingle(field, item));
}

function readMap(field: Field, value: Value): Record<string, unknown> {
  if (!isObject(value) || (field as Field & { keyType?: string }).keyType !== 'string') throw new NotOfType();
  // `__proto__` is a key like any other.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toWellFormed(), readSingle(field, item)] as const),
  );
}

function readSingle(field: Field, value: Value): unknown {
  const { type, resolvedType } = field;
  if (resolvedType && isTime(resolvedType)) {
    const ms = fromJsonTime(resolvedType as Type, value);
    if (ms === undefined) throw new NotOfType();
    return ms;
  }
  if (resolvedType) {
    return 'fieldsArray' in resolvedType ? readJsonMessage(resolvedType, value) : readEnum(resolvedType, value);
  }
  if (type === 'string') return readString(value);
  if (type === 'bytes') return readBytes(value);
  if (type === 'bool') return readBoolean(value);
  if (type === 'double' || type === 'float') return readFloat(value);
  return readInteger(type, value);
}

/** Half of a surrogate pair is what some languages make of a text that they cut; no wire of ours can carry it. */
function readString(value: Value): string {
  if (typeof value !== 'string') throw new NotOfType();
  return value.toWellFormed();
}

/** Base64 of either alphabet, with or without padding. */
function readBytes(value: Value): Buffer {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) throw new NotOfType();
  return Buffer.from(value, 'base64');
}

function readBoolean(value: Value): boolean {
  if (typeof value !== 'boolean') throw new NotOfType();
  return value;
}

function readFloat(value: Value): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new NotOfType();
  return number;
}

/** Reads a number, or a decimal in quotes, which is how 64 bits are written. */
function readInteger(type: string, value: Value): number | string {
  const isInteger = typeof value === 'number' ? Number.isInteger(value) : isDecimal(value);
  const range = integerRanges[type];
  if (!isInteger || !range) throw new NotOfType();
  const integer = BigInt(value as number | string);
  if (integer < range[0] || integer > range[1]) throw new NotOfType();
  return type.endsWith('64') ? String(integer) : Number(integer);
}

function isDecimal(value: Value): boolean {
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value);
}

/** A number that has no name is kept: a newer peer may know it. */
function readEnum({ values }: Enum, value: Value): number {
  const number = typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || Math.abs(number) >= 2 ** 31) throw new NotOfType();
  return number;
}

function isObject(value: Value): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

import type { Enum, Field, Type } from 'protobufjs';
import { fromJsonTime, isTime, jsonFieldName, timeRule, toJsonTime } from './time-fields.ts';

/** A value in JSON is not of the type that its place has. */
export class NotOfType extends Error {
  override readonly name = 'NotOfType';
  /** The right form: `a string`. */
  readonly rule: string;
  /** Names of fields, and places in lists, from the outermost: `operation.runTask.parameters`. */
  readonly path: string[] = [];

  constructor(rule: string) {
    super(`not ${rule}`);
    this.rule = rule;
  }

  /** The path as it is written: `deviceIds[3]`; empty: the whole. */
  get field(): string {
    return this.path
      .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
      .join('')
      .replace(/^\./, '');
  }
}

/** The same error, said of a part of the value. */
function within(part: string | number, error: unknown): unknown {
  if (error instanceof NotOfType) error.path.unshift(String(part));
  return error;
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

/** A field of a message, as it is read and written in JSON. Made once for each type: it takes ten times as long as reading. */
export interface JsonField {
  /** In TypeScript. */
  name: string;
  jsonName: string;
  /** The name in the proto file; JSON may have it, too. */
  protoName: string;
  /** @throws NotOfType */
  read(value: Value): unknown;
  /** The value in JSON; `undefined`: it is left out. */
  write(value: unknown): unknown;
  /** The type of its value where that is a single message. */
  message: Type | undefined;
  /** Its message is a number in TypeScript: see time-fields.ts. */
  isTime: boolean;
}

const fieldsOfTypes = new WeakMap<Type, readonly JsonField[]>();

/** The fields of a type, in their order. */
export function jsonFieldsOf(type: Type): readonly JsonField[] {
  const known = fieldsOfTypes.get(type);
  if (known) return known;
  const fields = type.fieldsArray.map((field) => describe(field.resolve()));
  fieldsOfTypes.set(type, fields);
  return fields;
}

function describe(field: Field): JsonField {
  const { name, resolvedType } = field;
  const jsonName = jsonFieldName(field);
  const isSingleMessage = !field.map && !field.repeated && resolvedType !== null && 'fieldsArray' in resolvedType;
  const message = isSingleMessage ? resolvedType : undefined;
  const isOfTime = message !== undefined && isTime(message);
  const [read, write] = [readerOf(field), writerOf(field)];
  return { name, jsonName, protoName: snakeCase(jsonName), read, write, message, isTime: isOfTime };
}

/**
 * A value of parsed JSON as the plain object that protobufjs makes a message of, checked against the type by the rules of
 * protobuf's JSON mapping: protobufjs itself takes whatever looks a little like the field. Fields go by either of their
 * names, null is absent, and fields that this type does not have are left out: a newer peer may have them.
 * @throws NotOfType
 */
export function readJsonMessage(type: Type, value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new NotOfType('an object');
  const read: Record<string, unknown> = {};
  for (const field of jsonFieldsOf(type)) {
    const given = value[field.jsonName] ?? value[field.protoName];
    if (given === undefined || given === null) continue;
    try {
      read[field.name] = field.read(given);
    } catch (error) {
      throw within(field.jsonName, error);
    }
  }
  for (const { oneof } of type.oneofsArray) {
    if (oneof.filter((name) => read[name] !== undefined).length > 1) throw new NotOfType(`one of ${oneof.join(', ')}`);
  }
  return read;
}

/** The type of the message that a field holds. @throws TypeError where the field is none. */
export function messageAt(type: Type, field: string): Type {
  const message = jsonFieldsOf(type).find(({ jsonName }) => jsonName === field)?.message;
  if (!message) throw new TypeError(`${type.fullName} has no message ${field}`);
  return message;
}

/**
 * The path of a field in parsed JSON that the type does not have; `undefined`: it has them all. For interfaces that people write to,
 * where a name that nobody knows is a mistake.
 */
export function findUnknownField(type: Type, value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const fields = jsonFieldsOf(type);
  for (const [name, given] of Object.entries(value)) {
    const field = fields.find(({ jsonName, protoName }) => name === jsonName || name === protoName);
    if (!field) return name;
    const inner = field.message && !field.isTime ? findUnknownField(field.message, given) : undefined;
    if (inner !== undefined) return `${name}.${inner}`;
  }
  return undefined;
}

/**
 * A message as protobufjs gives it (`enums: String, longs: Number`) as an object for JSON, by the rules of protobuf's mapping, with all
 * its fields: only times and messages that are absent are left out.
 */
export function writeJsonMessage(type: Type, message: Record<string, unknown>): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const { name, jsonName, write } of jsonFieldsOf(type)) {
    const value = write(message[name]);
    if (value !== undefined) written[jsonName] = value;
  }
  return written;
}

type Read = JsonField['read'];

function readerOf(field: Field): Read {
  const read = singleReaderOf(field);
  if (field.map) return (value) => readMap(field, value, read);
  return field.repeated ? (value) => readList(value, read) : read;
}

function readList(value: Value, read: Read): unknown[] {
  if (!Array.isArray(value)) throw new NotOfType('a list');
  return value.map((item, index) => {
    try {
      return read(item);
    } catch (error) {
      throw within(index, error);
    }
  });
}

function readMap(field: Field, value: Value, read: Read): Record<string, unknown> {
  if (!isObject(value) || (field as Field & { keyType?: string }).keyType !== 'string')
    throw new NotOfType('an object');
  // `__proto__` is a key like any other.
  const entries = Object.entries(value).map(([key, item]) => {
    try {
      return [key.toWellFormed(), read(item)] as const;
    } catch (error) {
      throw within(key, error);
    }
  });
  return Object.fromEntries(entries);
}

function singleReaderOf({ type, resolvedType }: Field): Read {
  if (resolvedType && isTime(resolvedType)) return (value) => readTime(resolvedType as Type, value);
  if (resolvedType) {
    if (isFieldMask(resolvedType)) return readFieldMask;
    if ('fieldsArray' in resolvedType) return (value) => readJsonMessage(resolvedType, value);
    return (value) => readEnum(resolvedType, value);
  }
  if (type === 'string') return readString;
  if (type === 'bytes') return readBytes;
  if (type === 'bool') return readBoolean;
  if (type === 'double' || type === 'float') return readFloat;
  return (value) => readInteger(type, value);
}

function readTime(type: Type, value: Value): number {
  const ms = fromJsonTime(type, value);
  if (ms === undefined) throw new NotOfType(timeRule(type));
  return ms;
}

/** True for the type that names fields of a message: in JSON it is `"group,linkKinds"`. */
export function isFieldMask({ fullName }: { fullName: string }): boolean {
  return fullName === '.google.protobuf.FieldMask';
}

function readFieldMask(value: Value): { paths: string[] } {
  if (typeof value !== 'string') throw new NotOfType('names of fields between commas');
  const paths = value.toWellFormed().split(',');
  return { paths: paths.map((path) => snakeCase(path.trim())).filter((path) => path !== '') };
}

function writeFieldMask(mask: unknown): string | undefined {
  return (mask as { paths?: string[] } | null | undefined)?.paths?.map(camelCase).join(',');
}

/** Half of a surrogate pair is what some languages make of a text that they cut; no wire of ours can carry it. */
function readString(value: Value): string {
  if (typeof value !== 'string') throw new NotOfType('a string');
  return value.toWellFormed();
}

/** Base64 of either alphabet, with or without padding. */
function readBytes(value: Value): Buffer {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) throw new NotOfType('bytes in base64');
  return Buffer.from(value, 'base64');
}

function readBoolean(value: Value): boolean {
  if (typeof value !== 'boolean') throw new NotOfType('true or false');
  return value;
}

function readFloat(value: Value): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new NotOfType('a number');
  return number;
}

/** Reads a number, or a decimal in quotes, which is how 64 bits are written. */
function readInteger(type: string, value: Value): number | string {
  const isInteger = typeof value === 'number' ? Number.isInteger(value) : isDecimal(value);
  const range = integerRanges[type];
  if (!isInteger || !range) throw new NotOfType('a whole number');
  const integer = BigInt(value as number | string);
  if (integer < range[0] || integer > range[1]) throw new NotOfType(`a whole number, ${range[0]} to ${range[1]}`);
  return type.endsWith('64') ? String(integer) : Number(integer);
}

function isDecimal(value: Value): boolean {
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value);
}

/** A number that has no name is kept: a newer peer may know it. */
function readEnum({ values }: Enum, value: Value): number {
  const number = typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || Math.abs(number) >= 2 ** 31) {
    throw new NotOfType(`one of ${Object.keys(values).join(', ')}`);
  }
  return number;
}

type Write = JsonField['write'];

function writerOf(field: Field): Write {
  const write = singleWriterOf(field);
  if (field.map)
    return (value) => Object.fromEntries(Object.entries(value ?? {}).map(([key, item]) => [key, write(item)]));
  return field.repeated ? (value) => ((value ?? []) as unknown[]).map(write) : write;
}

function singleWriterOf({ type, resolvedType, partOf }: Field): Write {
  if (resolvedType && isTime(resolvedType))
    return (ms) => (ms ? toJsonTime(resolvedType as Type, ms as number) : undefined);
  if (resolvedType && isFieldMask(resolvedType)) return writeFieldMask;
  if (resolvedType && 'fieldsArray' in resolvedType) {
    return (value) => (value ? writeJsonMessage(resolvedType, value as Record<string, unknown>) : undefined);
  }
  // Of those that exclude one another only one is there.
  if (type === 'bytes')
    return (value) => (value === undefined ? undefined : Buffer.from(value as Uint8Array).toString('base64'));
  return partOf ? (value) => value ?? undefined : (value) => value;
}

function isObject(value: Value): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

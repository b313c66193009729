import type { Message, Reader, Root, Type, Writer } from 'protobufjs';
import type { IDescriptorProto } from 'protobufjs/ext/descriptor/index.js';
import { invalidArgument } from './error.ts';
import type { Duration } from './gen/google/protobuf/Duration.ts';
import type { Timestamp } from './gen/google/protobuf/Timestamp.ts';

// On the wire a time is a google.protobuf.Timestamp, and a period a google.protobuf.Duration. In TypeScript both are numbers of
// milliseconds, and the field's name says so: `ttl` is `ttlMs`, `accepted_at` is `acceptedAtMs`. This file is where the two meet.

const duration = '.google.protobuf.Duration';
const timestamp = '.google.protobuf.Timestamp';

/** The longest google.protobuf.Duration: 10,000 years. */
const longestS = 315_576_000_000;
/** The years 1 and 9999, between which a google.protobuf.Timestamp lies. */
const earliestS = -62_135_596_800;
const latestS = 253_402_300_799;
const mostNanos = 999_999_999;

/** Never throws: what is no number is 0, what is too long is cut. */
export function toDuration(ms: number): Duration {
  const bounded = Number.isNaN(ms) ? 0 : Math.min(longestS * 1_000, Math.max(-longestS * 1_000, ms));
  const seconds = Math.trunc(bounded / 1_000);
  return { seconds, nanos: Math.trunc((bounded - seconds * 1_000) * 1e6) };
}

/** Whole milliseconds, rounded away from zero: a short period is not none. NaN where it is no duration. */
export function fromDuration({ seconds, nanos }: Duration): number {
  const isDuration = Math.abs(seconds) <= longestS && Math.abs(nanos) <= mostNanos && seconds * nanos >= 0;
  if (!isDuration) return Number.NaN;
  const ms = Math.ceil(Math.abs(nanos) / 1e6) * Math.sign(nanos);
  return seconds * 1_000 + ms;
}

/** From milliseconds since the Unix epoch. Never throws: what is no number is 0, what is out of range is cut. */
export function toTimestamp(ms: number): Timestamp {
  const bounded = Number.isNaN(ms) ? 0 : Math.min(latestS * 1_000 + 999, Math.max(earliestS * 1_000, ms));
  const seconds = Math.floor(bounded / 1_000);
  return { seconds, nanos: Math.trunc((bounded - seconds * 1_000) * 1e6) };
}

/** Whole milliseconds since the Unix epoch. NaN where it is no time. */
export function fromTimestamp({ seconds, nanos }: Timestamp): number {
  const isTime = seconds >= earliestS && seconds <= latestS && nanos >= 0 && nanos <= mostNanos;
  return isTime ? seconds * 1_000 + Math.floor(nanos / 1e6) : Number.NaN;
}

/** How a type of time is written in protobuf's JSON mapping: `"1.5s"`, or `"2026-11-25T20:00:00Z"`. */
export function toJsonTime(type: Type, ms: number): string {
  if (type.fullName === timestamp) return new Date(ms).toISOString().replace('.000Z', 'Z');
  return formatPeriod(ms);
}

/** Milliseconds. `undefined`: it is not written so, or out of range. */
export function fromJsonTime(type: Type, value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const ms = type.fullName === timestamp ? readTimestamp(value) : readDuration(value);
  return Number.isNaN(ms) ? undefined : ms;
}

/** How a type of time is to be written, in words. */
export function timeRule(type: Type): string {
  return type.fullName === timestamp ? 'a time such as "2026-11-25T20:00:00Z"' : 'a duration in seconds such as "1.5s"';
}

function readDuration(text: string): number {
  const parts = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(text);
  if (!parts) return Number.NaN;
  const sign = parts[1] === '-' ? -1 : 1;
  return fromDuration({ seconds: sign * Number(parts[2]), nanos: sign * Number((parts[3] ?? '').padEnd(9, '0')) });
}

function readTimestamp(text: string): number {
  const isWritten = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/.test(text);
  const ms = isWritten ? Date.parse(text.toUpperCase()) : Number.NaN;
  return ms >= earliestS * 1_000 && ms < (latestS + 1) * 1_000 ? ms : Number.NaN;
}

export interface PeriodLimits {
  /** Default 1. */
  leastMs?: number;
  mostMs: number;
  /** Stands for a period that is absent, or 0. Without it there must be one. */
  fallbackMs?: number;
  /** The meaning of an absent period, in words. Default: that it is `fallbackMs`. */
  absent?: string;
}

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parsePeriod(
  ms: number,
  field: string,
  { leastMs = 1, mostMs, fallbackMs, absent }: PeriodLimits,
): number {
  if (ms === 0 && fallbackMs !== undefined) return fallbackMs;
  if (ms >= leastMs && ms <= mostMs) return ms;
  const otherwise = absent ?? (fallbackMs === undefined ? undefined : formatPeriod(fallbackMs));
  const rule = `${formatPeriod(leastMs)} to ${formatPeriod(mostMs)}`;
  throw invalidArgument(field, otherwise === undefined ? rule : `${rule}, or absent (${otherwise})`);
}

/** In seconds, as a google.protobuf.Duration is written: `0.1s`. */
export function formatPeriod(ms: number): string {
  return `${ms / 1_000}s`;
}

/** Whether fields of this type are numbers in TypeScript. */
export function isTime(type: { fullName: string }): boolean {
  return type.fullName === duration || type.fullName === timestamp;
}

type FieldDescriptor = NonNullable<IDescriptorProto['field']>[number];

/** The name of a field in TypeScript, where `jsonName` is that of protobuf's JSON mapping. */
export function fieldName({ typeName }: FieldDescriptor, jsonName: string): string {
  return typeName === duration || typeName === timestamp ? `${jsonName}Ms` : jsonName;
}

/** The opposite of {@link fieldName}. */
export function jsonFieldName({ name, resolvedType }: { name: string; resolvedType: object | null }): string {
  return resolvedType && isTime(resolvedType as Type) ? name.slice(0, -'Ms'.length) : name;
}

/**
 * Makes the fields of time of every message in `root`, whose names are already those of TypeScript, numbers of milliseconds,
 * as they are encoded and decoded. An absent one is 0, and 0 is not sent.
 */
export function mapTimeFields(root: Root, messages: readonly Type[]): void {
  overrideTime(root.lookup(duration), toDuration, fromDuration);
  overrideTime(root.lookup(timestamp), toTimestamp, fromTimestamp);
  for (const message of messages) {
    const fields = message.fieldsArray.filter(({ resolvedType }) => resolvedType && isTime(resolvedType));
    if (fields.some(({ repeated, map, partOf }) => repeated || map || partOf)) {
      throw new TypeError(`${message.fullName}: only single fields can be times`);
    }
    for (const field of fields) field.typeDefault = 0;
    if (fields.length > 0)
      acceptNumbers(
        message,
        fields.map(({ name }) => name),
      );
  }
}

type Time = Duration | Timestamp;

function overrideTime(found: unknown, toTime: (ms: number) => Time, fromTime: (time: Time) => number): void {
  if (!found) return;
  const type = (found as Type).setup();
  const { encode, decode } = type;
  type.encode = ((ms: number, writer?: Writer) => encode.call(type, toTime(ms), writer)) as unknown as Type['encode'];
  type.decode = ((...args: [Reader, number?]) => {
    const { seconds, nanos } = decode.apply(type, args) as unknown as {
      seconds: number | { toNumber(): number };
      nanos: number;
    };
    return fromTime({ seconds: typeof seconds === 'number' ? seconds : seconds.toNumber(), nanos });
  }) as unknown as Type['decode'];
  type.toObject = ((ms: number) => ms) as unknown as Type['toObject'];
}

/** protobufjs wants an object where the wire has a message, so it is given the rest. */
function acceptNumbers(type: Type, names: readonly string[]): void {
  const { fromObject } = type.setup();
  const convert = fromObject.bind(type) as (object: object, depth?: number) => Message & Record<string, unknown>;
  type.fromObject = ((object: Record<string, unknown>, depth?: number) => {
    if (object instanceof type.ctor) return object;
    const rest = { ...object };
    for (const name of names) rest[name] = undefined;
    const message = convert(rest, depth);
    for (const name of names) if (object[name]) message[name] = Number(object[name]);
    return message;
  }) as unknown as Type['fromObject'];
}

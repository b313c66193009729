import { loadTypes } from '@pushfleet/protocol';
import { adminFiles } from '@pushfleet/protocol/admin';
import { balancerFiles } from '@pushfleet/protocol/balancer';
import { nodeFiles } from '@pushfleet/protocol/node';
import { lengthDelimited } from '../wire/protobuf.ts';

export const root = loadTypes(adminFiles, nodeFiles, balancerFiles);
export type Type = ReturnType<typeof root.lookupType>;
export type Field = Type['fieldsArray'][number];

/** Names as the proto files and error messages have them. */
export function protoName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** True for the types that protobuf itself defines: each is a value, whatever it is made of. */
function isTime({ fullName }: { fullName: string }): boolean {
  return fullName.startsWith('.google.protobuf.');
}

/** The message type of a field that holds messages; maps do not. */
export function messageOf(field: Field): Type | undefined {
  const resolved = field.map ? undefined : field.resolve().resolvedType;
  return resolved && 'fieldsArray' in resolved && !isTime(resolved) ? (resolved as Type) : undefined;
}

export interface FieldAt {
  field: Field;
  /** From the request on. */
  path: readonly Field[];
}

/** Every field of a request and of all messages in it. */
export function fieldsOf(type: Type, above: readonly Field[] = []): FieldAt[] {
  return type.fieldsArray.flatMap((field) => {
    const path = [...above, field];
    const inner = messageOf(field);
    return [{ field, path }, ...(inner ? fieldsOf(inner, path) : [])];
  });
}

/** The message `base`, in which the field at the end of `path` is written as `raw`, which may be anything. */
export function encodeWith(type: Type, base: object, path: readonly Field[], raw: Buffer): Buffer {
  const [first, ...rest] = path as [Field, ...Field[]];
  const inside = messageOf(first);
  const isLast = rest.length === 0;
  const { [first.name]: given, ...others } = base as Record<string, unknown>;
  const around = Buffer.from(type.encode(type.fromObject(withoutOneof(others, first))).finish());
  if (isLast || !inside) return Buffer.concat([around, raw]);
  const innerBase = (Array.isArray(given) ? given[0] : given) ?? {};
  return Buffer.concat([around, lengthDelimited(first.id, encodeWith(inside, innerBase as object, rest, raw))]);
}

/** The other members of its oneof would be in its place. */
function withoutOneof(base: Record<string, unknown>, { partOf }: Field): Record<string, unknown> {
  const members = partOf?.oneof ?? [];
  return Object.fromEntries(Object.entries(base).filter(([name]) => !members.includes(name)));
}

import { VariableLength } from './variable-length.ts';

/** The properties of a CONNACK or DISCONNECT that a device acts on. */
export interface ReadProperties {
  serverKeepAliveSeconds?: number;
  serverReference?: string;
  userProperties: Record<string, string>;
}

const length = new VariableLength();
const serverKeepAlive = 0x13;
const serverReference = 0x1c;
const userProperty = 0x26;

/** Sizes of properties of fixed size, by identifier [MQTT 5, 2.2.2.2]. */
const fixedBytes: Readonly<Record<number, number>> = {
  ...Object.fromEntries([0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a].map((id) => [id, 1])),
  ...Object.fromEntries([0x13, 0x21, 0x22, 0x23].map((id) => [id, 2])),
  ...Object.fromEntries([0x02, 0x11, 0x18, 0x27].map((id) => [id, 4])),
};

/** Reads the properties that begin, with their length, at an offset; none where the packet ends before. */
export function readProperties(body: Buffer, at: number): ReadProperties {
  const found: ReadProperties = { userProperties: {} };
  const bytes = at < body.length ? length.read(body, at) : 0;
  if (bytes <= 0) return found;
  let offset = length.end;
  const end = offset + bytes;
  while (offset < end) offset = readOne(body, offset, found);
  return found;
}

/** The number of bytes that properties take, with their length. */
export function propertiesBytes(body: Buffer, at: number): number {
  const bytes = length.read(body, at);
  return bytes < 0 ? 0 : length.end - at + bytes;
}

/** @returns the offset after it. */
function readOne(body: Buffer, at: number, found: ReadProperties): number {
  const id = body.readUInt8(at);
  const from = at + 1;
  if (id === serverKeepAlive) found.serverKeepAliveSeconds = body.readUInt16BE(from);
  const fixed = fixedBytes[id];
  if (fixed !== undefined) return from + fixed;
  const first = textAt(body, from);
  if (id === serverReference) found.serverReference = first;
  const next = from + 2 + body.readUInt16BE(from);
  if (id !== userProperty) return next;
  found.userProperties[first] = textAt(body, next);
  return next + 2 + body.readUInt16BE(next);
}

function textAt(body: Buffer, at: number): string {
  const from = at + 2;
  return body.toString('utf8', from, from + body.readUInt16BE(at));
}

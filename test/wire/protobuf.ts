/** Protobuf's wire format by hand, so that a test can also write what no library would. Nothing here is checked. */

/** A base-128 varint of 64 bits, the least significant group first; MQTT's Variable Byte Integer is the same. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field: its number and wire type, and a value that is written already. */
export function tagged(id: number, wireType: number, value: Uint8Array): Buffer {
  return Buffer.concat([varint(id * 8 + wireType), value]);
}

/** A field of bytes, of text, or of a message (wire type 2). */
export function lengthDelimited(id: number, bytes: Uint8Array): Buffer {
  return tagged(id, 2, Buffer.concat([varint(bytes.length), bytes]));
}

/** A field of a protobuf message: a number, or the bytes of a text or message. */
export interface Field {
  number: number;
  value: number;
  bytes: Buffer;
}

const none = Buffer.alloc(0);

/**
 * The fields of a protobuf message, in their order. Only varints and length-delimited fields are told apart; the others, which
 * no message to a device has, are passed over.
 * @throws RangeError where the message ends within a field.
 */
export function* fieldsOf(message: Buffer): Generator<Field, void, undefined> {
  const at = { offset: 0 };
  while (at.offset < message.length) {
    const tag = varint(message, at);
    const number = Math.floor(tag / 8);
    const value = readValue(message, at, tag % 8);
    yield typeof value === 'number' ? { number, value, bytes: none } : { number, value: 0, bytes: value };
  }
}

/** The bytes of the first field with this number; empty where there is none. */
export function fieldBytes(message: Buffer, number: number): Buffer {
  for (const field of fieldsOf(message)) if (field.number === number) return field.bytes;
  return none;
}

function readValue(message: Buffer, at: { offset: number }, wireType: number): number | Buffer {
  switch (wireType) {
    case 0:
      return varint(message, at);
    case 1:
      at.offset += 8;
      return 0;
    case 2: {
      const length = varint(message, at);
      const from = at.offset;
      at.offset += length;
      if (at.offset > message.length) throw new RangeError('a field ends beyond its message');
      return message.subarray(from, at.offset);
    }
    case 5:
      at.offset += 4;
      return 0;
    default:
      throw new RangeError(`wire type ${wireType}`);
  }
}

function varint(message: Buffer, at: { offset: number }): number {
  let value = 0;
  for (let shift = 0; shift < 10; shift += 1) {
    const byte = message[at.offset];
    if (byte === undefined) throw new RangeError('a number ends beyond its message');
    at.offset += 1;
    value += (byte & 0x7f) * 128 ** shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError('a number of more than ten bytes');
}

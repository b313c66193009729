export type MqttVersion = 4 | 5;

/** The bytes that a Variable Byte Integer takes [MQTT 5, 1.5.5]. */
export function variableLengthBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20_0000 ? 3 : 4;
}

/** @returns the offset after it. */
export function writeVariableLength(target: Buffer, at: number, value: number): number {
  let offset = at;
  let rest = value;
  while (rest >= 0x80) {
    offset = target.writeUInt8((rest & 0x7f) | 0x80, offset);
    rest >>>= 7;
  }
  return target.writeUInt8(rest, offset);
}

/** Reads Variable Byte Integers without an object for each: the offset after the last one is in `end`. */
export class VariableLength {
  end = 0;

  /** -1: its bytes have not all come. @throws TypeError where it is longer than four bytes. */
  read(source: Buffer, at: number): number {
    let value = 0;
    for (let index = 0; index < 4; index += 1) {
      const byte = source[at + index];
      if (byte === undefined) return -1;
      value += (byte & 0x7f) * 128 ** index;
      if (byte < 0x80) {
        this.end = at + index + 1;
        return value;
      }
    }
    throw new TypeError('a length of more than four bytes');
  }
}

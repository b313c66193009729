import { isUtf8 } from 'node:buffer';
import { type MqttVersion, type Statement, Violation } from './rule.ts';

/** The rules for data types: chapter 1.5 of both specifications. */
const data = {
  complete: {
    clause: { 5: '1.2', 4: '1.2' },
    says: 'a packet must not end inside of a field',
    reason: 'malformed',
  },
  utf8: {
    clause: { 5: 'MQTT-1.5.4-1', 4: 'MQTT-1.5.3-1' },
    says: 'a string must be well-formed UTF-8, without surrogates',
    reason: 'malformed',
  },
  nul: {
    clause: { 5: 'MQTT-1.5.4-2', 4: 'MQTT-1.5.3-2' },
    says: 'a string must not contain U+0000',
    reason: 'malformed',
  },
  varintLength: {
    clause: { 5: '1.5.5', 4: '2.2.3' },
    says: 'a Variable Byte Integer must have at most four bytes',
    reason: 'malformed',
  },
  varintMinimal: {
    clause: { 5: 'MQTT-1.5.5-1' },
    says: 'a Variable Byte Integer must be as short as possible',
    reason: 'malformed',
  },
} as const satisfies Record<string, Statement>;

/** Reads the fields of one packet, or of one of its parts, and nothing beyond it. Every method may throw a Violation. */
export class ByteReader {
  readonly version: MqttVersion;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, version: MqttVersion, start = 0, end = bytes.length) {
    this.version = version;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Bytes that are not read yet. */
  get left(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  varint(): number {
    let value = 0;
    for (let length = 0; length < 4; length += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * length);
      if (byte >= 0x80) continue;
      if (byte === 0 && length > 0 && this.version === 5) throw this.#breach('varintMinimal');
      return value;
    }
    throw this.#breach('varintLength');
  }

  /** Shares the memory of the packet. */
  binary(): Buffer {
    const length = this.uint16();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    const length = this.uint16();
    const start = this.#take(length);
    const end = start + length;
    let isAscii = true;
    for (let at = start; at < end; at += 1) {
      const byte = this.#bytes[at] as number;
      if (byte === 0) throw this.#breach('nul');
      if (byte >= 0x80) isAscii = false;
    }
    if (isAscii) return this.#bytes.toString('latin1', start, end);
    if (!isUtf8(this.#bytes.subarray(start, end))) throw this.#breach('utf8');
    // [MQTT-1.5.4-3] a byte order mark is a character like any other; Buffer leaves it alone.
    return this.#bytes.toString('utf8', start, end);
  }

  /** All that is left. Shares the memory of the packet. */
  rest(): Buffer {
    const start = this.#take(this.left);
    return this.#bytes.subarray(start, this.#end);
  }

  /** A reader of the next `length` bytes, which this one skips. */
  part(length: number): ByteReader {
    const start = this.#take(length);
    return new ByteReader(this.#bytes, this.version, start, start + length);
  }

  #take(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) throw this.#breach('complete');
    this.#at = start + length;
    return start;
  }

  #breach(name: keyof typeof data): Violation {
    return new Violation(data[name], this.version);
  }
}

import { type Statement, Violation } from './rule.ts';

/** One MQTT Control Packet, cut out of the stream. */
export interface Frame {
  /** 1 to 15. */
  type: number;
  /** The lower half of the first byte. */
  flags: number;
  /** Remaining Length, as the fixed header says it. */
  length: number;
  /** Number of bytes that encode the length. */
  lengthBytes: number;
  /** All of it, except of a packet that is larger than the limit: of that, what has come. */
  body: Buffer;
}

const lengthTooLong: Statement = {
  clause: { 5: '1.5.5', 4: '2.2.3' },
  says: 'the Remaining Length must have at most four bytes',
  reason: 'malformed',
};

const connectType = 1;
/** So much of a CONNECT tells the version; one that is too large is given out once this has come, to be answered. */
const versionBytes = 7;

/**
 * Cuts a byte stream into packets, which share the memory of what was pushed. A packet is refused by its length, before it
 * is read. Between packets nothing is held; of a packet that has come in part, at most twice what has come.
 */
export class FrameReader {
  /** Largest length of a packet, its fixed header left out. */
  maxBytes: number;
  #bytes: Buffer | undefined;
  #at = 0;
  #end = 0;
  /** `#bytes` is this reader's own: nobody else sees what is written behind `#end`. */
  #isOwn = false;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** True where a packet has come in part. */
  get isInside(): boolean {
    return this.#bytes !== undefined;
  }

  push(chunk: Buffer): void {
    if (this.#bytes === undefined) {
      this.#hold(chunk, chunk.length, false);
      return;
    }
    const held = this.#end - this.#at;
    if (!this.#isOwn || this.#end + chunk.length > this.#bytes.length) this.#grow(held + chunk.length, held);
    this.#end += chunk.copy(this.#bytes, this.#end);
  }

  /**
   * The next packet; `undefined`: it has not come in whole. One whose `length` exceeds `maxBytes` is the last.
   * @throws Violation
   */
  next(): Frame | undefined {
    const frame = this.#cut();
    if (frame === undefined) this.#letGo();
    return frame;
  }

  #cut(): Frame | undefined {
    if (this.#bytes === undefined || this.#end - this.#at < 2) return undefined;
    const first = this.#bytes[this.#at] as number;
    let length = 0;
    let lengthBytes = 0;
    for (let byte = 0x80; byte >= 0x80; lengthBytes += 1) {
      if (lengthBytes === 4) throw new Violation(lengthTooLong, 5);
      if (this.#at + 1 + lengthBytes >= this.#end) return undefined;
      byte = this.#bytes[this.#at + 1 + lengthBytes] as number;
      length += (byte & 0x7f) * 2 ** (7 * lengthBytes);
    }
    const start = this.#at + 1 + lengthBytes;
    const type = first >> 4;
    const needed = length <= this.maxBytes ? length : type === connectType ? versionBytes : 0;
    if (this.#end - start < needed) return undefined;
    const end = start + Math.min(length, this.#end - start);
    this.#at = end;
    return { type, flags: first & 0x0f, length, lengthBytes, body: this.#bytes.subarray(start, end) };
  }

  #hold(bytes: Buffer, end: number, isOwn: boolean): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#end = end;
    this.#isOwn = isOwn;
  }

  /** Each growth doubles the memory: a packet that comes byte by byte is not copied over and over. */
  #grow(needed: number, held: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * held));
    this.#bytes?.copy(grown, 0, this.#at, this.#end);
    this.#hold(grown, held, true);
  }

  /** Frees what is read: a few bytes that are left keep no chunk of 64 KiB alive. */
  #letGo(): void {
    if (this.#bytes === undefined) return;
    const held = this.#end - this.#at;
    if (held === 0) {
      this.#bytes = undefined;
      this.#at = 0;
      this.#end = 0;
      this.#isOwn = false;
    } else if (!this.#isOwn || this.#at > 0) this.#grow(held, held);
  }
}

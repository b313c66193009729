/** Writes the fields of one packet after the other into memory that grows as needed and is used again. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(1_024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Good until the next write. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#bytes[this.#take(1)] = value;
  }

  uint16(value: number): void {
    const at = this.#take(2);
    this.#bytes.writeUInt16BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#take(4);
    this.#bytes.writeUInt32BE(value, at);
  }

  varint(value: number): void {
    let left = value;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.byte((left % 0x80) + 0x80);
    this.byte(left);
  }

  text(text: string): void {
    const lengthAt = this.#take(2);
    // A UTF-16 unit has at most three bytes.
    this.#reserve(3 * text.length);
    const length = this.#bytes.write(text, this.#length);
    this.#bytes.writeUInt16BE(length, lengthAt);
    this.#length += length;
  }

  binary(bytes: Uint8Array): void {
    this.uint16(bytes.length);
    this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #take(length: number): number {
    this.#reserve(length);
    const at = this.#length;
    this.#length += length;
    return at;
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#length + length, 2 * this.#bytes.length));
    grown.set(this.written);
    this.#bytes = grown;
  }
}

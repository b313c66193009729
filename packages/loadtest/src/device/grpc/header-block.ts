// HPACK without a dynamic table, as ours is announced: RFC 7541.

/** The symbols of each length of code, in the order of their codes, which is canonical. Others are in no header of a push server. */
const symbolsByLength: Readonly<Record<number, string>> = {
  5: '012aceiost',
  6: ' %-./3456789=A_bdfghlmnpru',
  7: ':BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz',
  8: '&*,;XZ',
  10: '!"()?',
  11: "'+|",
  12: '#>',
  13: '\0$@[]~',
  14: '^}',
  15: '<`{',
  19: '\\',
};
const longestCode = 19;
const longestPadding = 7;

/**
 * The fields of a header block whose names are spelled out; those with a name of the static table are passed over.
 * @throws RangeError where it cannot be read.
 */
export function readHeaderBlock(block: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  const reader = new BlockReader(block);
  while (!reader.isAtEnd) {
    const first = reader.peek();
    // A field of the static table, and a change of the size of the dynamic one.
    if ((first & 0x80) !== 0) reader.integer(7);
    else if ((first & 0xe0) === 0x20) reader.integer(5);
    else {
      const isNamed = reader.integer((first & 0x40) !== 0 ? 6 : 4) === 0;
      const name = isNamed ? reader.text() : undefined;
      const value = reader.text();
      if (name !== undefined) headers.set(name, value);
    }
  }
  return headers;
}

class BlockReader {
  readonly #block: Buffer;
  #at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#block.length;
  }

  peek(): number {
    return this.#block.readUInt8(this.#at);
  }

  /** RFC 7541, 5.1. */
  integer(prefixBits: number): number {
    const max = 2 ** prefixBits - 1;
    let value = this.#byte() & max;
    if (value < max) return value;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (value > this.#block.length) throw new RangeError('a length beyond its block');
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const isHuffman = (this.peek() & 0x80) !== 0;
    const length = this.integer(7);
    if (this.#at + length > this.#block.length) throw new RangeError('a text ends beyond its block');
    const bytes = this.#block.subarray(this.#at, this.#at + length);
    this.#at += length;
    return isHuffman ? decodeHuffman(bytes) : bytes.toString('latin1');
  }

  #byte(): number {
    const byte = this.peek();
    this.#at += 1;
    return byte;
  }
}

function decodeHuffman(bytes: Buffer): string {
  let text = '';
  let code = 0;
  let length = 0;
  let firstOfLength = 0;
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const byte = bytes[bit >> 3] as number;
    code = (code << 1) | ((byte >> (7 - (bit & 7))) & 1);
    length += 1;
    firstOfLength <<= 1;
    if (length > longestCode) throw new RangeError('no symbol of a header');
    const symbols = symbolsByLength[length] ?? '';
    const symbol = symbols[code - firstOfLength];
    firstOfLength += symbols.length;
    if (symbol === undefined) continue;
    text += symbol;
    [code, length, firstOfLength] = [0, 0, 0];
  }
  // What is left over is the beginning of the longest code, which is all ones.
  if (length > longestPadding || code !== 2 ** length - 1) throw new RangeError('a text ends within a symbol');
  return text;
}

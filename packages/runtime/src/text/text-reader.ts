import { closeSync, openSync, readSync } from 'node:fs';
import { PushfleetError } from '@pushfleet/protocol';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const byteOrderMarks: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Kinds of files that people take for text, by their first bytes. */
const otherKinds: readonly (readonly [what: string, head: readonly number[]])[] = [
  ['a workbook (.xlsx) or another zip archive; save its sheet as CSV UTF-8', [0x50, 0x4b, 0x03, 0x04]],
  ['a workbook (.xls); save its sheet as CSV UTF-8', [0xd0, 0xcf, 0x11, 0xe0]],
  ['compressed; gunzip it first', [0x1f, 0x8b]],
];
const headBytes = 4;

/**
 * Turns the bytes of a file into its text, chunk by chunk and without loss: UTF-8 with or without a byte order mark, and
 * UTF-16 with one. Anything else is refused with the line at which it shows, since guessing would make other names and
 * other secrets of it. All methods throw PushfleetError INVALID_ARGUMENT, which names the file, never what it holds.
 */
export class TextReader {
  readonly #file: string;
  #encoding: Encoding | undefined;
  /** The beginning of a character, or of the file, that the next chunk completes. */
  #held: Uint8Array = new Uint8Array();
  #line = 1;
  #column = 1;

  constructor(file: string) {
    this.#file = file;
  }

  read(chunk: Uint8Array): string {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#encoding === undefined && bytes.length < headBytes) {
      this.#held = Uint8Array.from(bytes);
      return '';
    }
    const start = this.#begin(bytes);
    const end = wholeCharacters(bytes, this.#encoding ?? 'utf-8');
    this.#held = Uint8Array.from(bytes.subarray(end));
    return this.#decode(bytes.subarray(start, Math.max(start, end)));
  }

  /** The rest of the text. Nothing may be read after it. */
  end(): string {
    const bytes = this.#held;
    const start = this.#begin(bytes);
    this.#held = new Uint8Array();
    return this.#decode(bytes.subarray(start));
  }

  /** The offset of the text in the first bytes; 0 later on. */
  #begin(bytes: Uint8Array): number {
    if (this.#encoding !== undefined) return 0;
    const other = otherKinds.find(([, head]) => beginsWith(bytes, head));
    if (other) throw new PushfleetError('INVALID_ARGUMENT', `${this.#file} is not a text but ${other[0]}`);
    const [encoding, mark] = byteOrderMarks.find(([, head]) => beginsWith(bytes, head)) ?? ['utf-8', []];
    this.#encoding = encoding;
    return mark.length;
  }

  #decode(bytes: Uint8Array): string {
    const encoding = this.#encoding ?? 'utf-8';
    const text = decode(bytes, encoding);
    if (text !== undefined) return this.#withoutNul(text);
    const good = this.#withoutNul(goodBeginning(bytes, encoding));
    throw encoding === 'utf-8' ? this.#notUtf8(bytes[Buffer.byteLength(good)]) : this.#notUtf16();
  }

  /** The text as it is; this reader then stands behind it. @throws PushfleetError INVALID_ARGUMENT at its first NUL */
  #withoutNul(text: string): string {
    const nul = text.indexOf('\0');
    this.#advance(nul < 0 ? text : text.slice(0, nul));
    if (nul >= 0)
      throw this.#problem('a NUL character: not a text, or UTF-16 without a byte order mark; save it as UTF-8');
    return text;
  }

  #advance(text: string): void {
    const last = text.lastIndexOf('\n');
    this.#column = last < 0 ? this.#column + text.length : text.length - last;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#line += 1;
  }

  #notUtf8(byte: number | undefined): PushfleetError {
    const advice =
      'as Latin-1 and Windows-1252 files have it; save the file as UTF-8, or iconv -f WINDOWS-1252 -t UTF-8';
    return this.#problem(`the byte 0x${byte?.toString(16).padStart(2, '0')} is not UTF-8 here, ${advice}`);
  }

  #notUtf16(): PushfleetError {
    return this.#problem('from here on the file is not the UTF-16 that it begins as; save it as UTF-8');
  }

  #problem(what: string): PushfleetError {
    return new PushfleetError('INVALID_ARGUMENT', `${this.#file}, line ${this.#line}, column ${this.#column}: ${what}`);
  }
}

/** The text of a whole file; see TextReader. @throws PushfleetError INVALID_ARGUMENT that names the file and the line. */
export function decodeText(bytes: Uint8Array, file: string): string {
  const reader = new TextReader(file);
  return reader.read(bytes) + reader.end();
}

function beginsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, at) => bytes[at] === byte);
}

/** The bytes as text; `undefined`: they are not in this encoding. */
function decode(bytes: Uint8Array, encoding: Encoding, stream = false): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

/** The same of a text that goes on: a character that is not whole yet is left out. */
function decodeBeginning(bytes: Uint8Array, encoding: Encoding): string | undefined {
  return decode(bytes, encoding, true);
}

/** The number of leading bytes that are whole characters; those behind may be the beginning of one more. */
function wholeCharacters(bytes: Uint8Array, encoding: Encoding): number {
  return encoding === 'utf-8' ? wholeUtf8(bytes) : wholeUtf16(bytes, encoding);
}

function wholeUtf16(bytes: Uint8Array, encoding: Encoding): number {
  const even = bytes.length - (bytes.length % 2);
  const high = bytes[encoding === 'utf-16le' ? even - 1 : even - 2] ?? 0;
  const isHighSurrogate = high >= 0xd8 && high <= 0xdb;
  return isHighSurrogate ? even - 2 : even;
}

/** Looks back for the first byte of the last character, which is three bytes away at most. */
function wholeUtf8(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back += 1) {
    const byte = bytes[length - back] ?? 0;
    if (byte < 0x80) return length;
    if (byte >= 0xc0) return utf8Length(byte) > back ? length - back : length;
  }
  return length;
}

/** The bytes of a character in UTF-8 that begins with this byte, which is not ASCII. */
function utf8Length(first: number): number {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

/** The characters before the first bytes that are none: found by halves, since a beginning with bad bytes stays bad. */
function goodBeginning(bytes: Uint8Array, encoding: Encoding): string {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodeBeginning(bytes.subarray(0, middle), encoding) === undefined) bad = middle;
    else good = middle;
  }
  return decodeBeginning(bytes.subarray(0, good), encoding) ?? '';
}

const chunkBytes = 65_536;

/**
 * The bytes of a file, or of a pipe up to its end.
 * @throws PushfleetError INVALID_ARGUMENT that names the file: it has more than `maxBytes`. Errors of the system as they are
 */
export function readBoundedFile(path: string, maxBytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let length = 0; ; ) {
      const chunk = Buffer.alloc(chunkBytes);
      const read = readSync(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      length += read;
      if (length > maxBytes) throw new PushfleetError('INVALID_ARGUMENT', `${path} is larger than ${maxBytes} bytes`);
    }
  } finally {
    closeSync(file);
  }
}

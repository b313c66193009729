import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PushfleetError } from '@pushfleet/protocol';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeText, readBoundedFile, TextReader } from './text-reader.ts';

const text = 'größe 日本 👩\r\nsecond line\n';
const bigEndian = (value: string) => Buffer.from(value, 'utf16le').swap16();

const forms: [string, Buffer][] = [
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16, little end first', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16, big end first', bigEndian(`\ufeff${text}`)],
];

/** The text of the bytes, read in two pieces. */
function readSplit(bytes: Uint8Array, at: number): string {
  const reader = new TextReader('a.csv');
  return reader.read(bytes.subarray(0, at)) + reader.read(bytes.subarray(at)) + reader.end();
}

describe('a text', () => {
  it.each(forms)('in %s is read, wherever its bytes are split', (_form, bytes) => {
    for (let at = 0; at <= bytes.length; at += 1) expect(readSplit(bytes, at)).toBe(text);
  });

  it.each<[what: string, bytes: Buffer, problem: string]>([
    ['Latin-1', Buffer.from('a,HQ\nb,Größe\n', 'latin1'), 'a.csv, line 2, column 5: the byte 0xf6 is not UTF-8 here'],
    ['Windows-1252 at the end', Buffer.from([0x61, 0x0a, 0x80]), 'a.csv, line 2, column 1: the byte 0x80 is not UTF-8'],
    ['half a character', Buffer.from([0x61, 0xe2, 0x82]), 'a.csv, line 1, column 2: the byte 0xe2 is not UTF-8 here'],
    [
      'a surrogate in UTF-8',
      Buffer.from([0x0a, 0xed, 0xa0, 0x80, 0x0a]),
      'line 2, column 1: the byte 0xed is not UTF-8',
    ],
    [
      'half a character of UTF-16',
      Buffer.from([0xff, 0xfe, 0x61]),
      'a.csv, line 1, column 1: from here on the file is not',
    ],
    [
      'half a pair within a line of UTF-16',
      Buffer.from('\ufeffa\nbc\ud800d', 'utf16le'),
      'a.csv, line 2, column 3: from here on the file is not',
    ],
    ['a NUL before Latin-1', Buffer.from([0x61, 0x00, 0x0a, 0x80, 0x0a]), 'a.csv, line 1, column 2: a NUL character'],
    [
      'Latin-1 behind a replacement character',
      Buffer.concat([Buffer.from('\ufffda'), Buffer.from([0xf6])]),
      'a.csv, line 1, column 3: the byte 0xf6 is not UTF-8 here',
    ],
    ['half a pair of UTF-16', Buffer.from('\ufeff\ud800', 'utf16le'), 'from here on the file is not the UTF-16'],
    [
      'UTF-16 without its mark',
      Buffer.from('a\nb', 'utf16le'),
      'line 1, column 2: a NUL character: not a text, or UTF-16',
    ],
    ['a workbook', Buffer.from('PK\x03\x04rest'), 'a.csv is not a text but a workbook (.xlsx)'],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'not a text but a workbook (.xls)'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'not a text but compressed'],
  ])('that is none, or of unknown encoding, is refused by its place: %s', (_what, bytes, problem) => {
    for (let at = 0; at <= bytes.length; at += 1) expect(() => readSplit(bytes, at)).toThrow(problem);
  });

  it('keeps a mark that is not at its beginning', () => {
    expect(readSplit(Buffer.from('ab\ufeffc'), 2)).toBe('ab\ufeffc');
  });

  it('is the same in one piece and in many, and never fails otherwise than in words', () => {
    const outcome = (read: () => string) => {
      try {
        return read();
      } catch (error) {
        expect(error).toBeInstanceOf(PushfleetError);
        return (error as Error).message;
      }
    };
    const piecewise = (bytes: Uint8Array, size: number) => {
      const reader = new TextReader('a');
      let whole = '';
      for (let at = 0; at < bytes.length; at += size) whole += reader.read(bytes.subarray(at, at + size));
      return whole + reader.end();
    };
    // Bytes that are near to text: random ones are refused by the first.
    const near = fc.array(
      fc.constantFrom(0x0a, 0x61, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xfe, 0x00),
    );
    const near16 = fc
      .array(fc.constantFrom(0, 0, 0x0a, 0x61, 0xd8, 0xdc, 0xfe, 0xff))
      .map((bytes) => [0xff, 0xfe, ...bytes]);
    fc.assert(
      fc.property(fc.oneof(near, near16, fc.array(fc.nat(255))), fc.integer({ min: 1, max: 5 }), (numbers, size) => {
        const bytes = Uint8Array.from(numbers);
        expect(outcome(() => piecewise(bytes, size))).toBe(outcome(() => decodeText(bytes, 'a')));
      }),
      { numRuns: 500 },
    );
  });
});

const dir = mkdtempSync(join(tmpdir(), 'pushfleet-file-'));
afterAll(() => rmSync(dir, { recursive: true }));

it.each([0, 10, 65_536, 100_000])(
  'reads a file of %i bytes where it may have as many, and not where it may have one less',
  (bytes) => {
    const path = join(dir, `of-${bytes}`);
    writeFileSync(path, Buffer.alloc(bytes, 'x'));
    expect(readBoundedFile(path, bytes)).toHaveLength(bytes);
    if (bytes > 0) expect(() => readBoundedFile(path, bytes - 1)).toThrow(`${path} is larger than ${bytes - 1} bytes`);
  },
);

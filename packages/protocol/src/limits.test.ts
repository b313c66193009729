import { describe, expect, it } from 'vitest';
import { cutText } from './limits.ts';

describe('a text that is cut', () => {
  it.each([
    ['short enough', 'größe', 7, 'größe'],
    ['short by its characters and too long by its bytes', 'größe', 6, 'größ'],
    ['too long', 'abcdef', 4, 'abcd'],
    ['nothing at all', 'abc', 0, ''],
    ['at a character of two bytes', 'abcö', 4, 'abc'],
    ['at a character outside of the basic plane', 'abc😀😀', 6, 'abc'],
    ['after a character outside of the basic plane', 'abc😀😀', 7, 'abc😀'],
    ['with half of a pair in it', 'a\ud83db', 20, 'a\ufffdb'],
    ['with half of a pair at its end', 'a\ud83d', 4, 'a\ufffd'],
    ['at half of a pair', 'a\ud83dbcdef', 3, 'a'],
    ['between two halves in the wrong order', '\ude00\ud83d', 3, '\ufffd'],
    ['with NUL', 'a\0b', 2, 'a\0'],
  ])('%s', (_, text, maxBytes, expected) => {
    const cut = cutText(text, maxBytes);
    expect(cut).toBe(expected);
    expect(cut.isWellFormed()).toBe(true);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes);
  });
});

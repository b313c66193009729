import { describe, expect, it } from 'vitest';
import { lengthDelimited, tagged, varint } from './protobuf.ts';

describe('protobuf by hand', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [268_435_455, 'ffffff7f'],
    [-1, 'ffffffffffffffffff01'],
    [2n ** 63n, '80808080808080808001'],
  ])('writes %s as a varint', (value, hex) => {
    expect(varint(value).toString('hex')).toBe(hex);
  });

  it('writes fields with their numbers, wire types and lengths', () => {
    expect(tagged(1, 0, varint(150)).toString('hex')).toBe('089601');
    expect(lengthDelimited(2, Buffer.from('testing')).toString('hex')).toBe('120774657374696e67');
    expect(lengthDelimited(16, Buffer.alloc(300)).subarray(0, 4).toString('hex')).toBe('8201ac02');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';

describe('the fingerprint of a request', () => {
  it('is the same for the same values in another order, and where something is absent', () => {
    const one = { operation: { parameters: { a: '1', b: '2' } }, ttlMs: 5, group: undefined };
    const other = { ttlMs: 5, operation: { parameters: { b: '2', a: '1' } } };
    expect(fingerprint(one)).toBe(fingerprint(other));
    expect(fingerprint(one)).toMatch(/^[\w-]{22}$/);
  });

  it.each<[unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }],
    [{ a: '1' }, { a: 1 }],
    [{ a: 'bc' }, { ab: 'c' }],
    [{ a: '' }, {}],
    [['a', 'b'], ['ab']],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [{ a: Buffer.from('x') }, { a: 'x' }],
    [{ a: Buffer.from([0xff]) }, { a: Buffer.from([0xfe]) }],
    [{ a: Buffer.from([0xff]) }, { a: Buffer.from([0xff, 0]) }],
  ])('tells %j from %j', (one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  it('is the same only for what is the same', () => {
    const bytes = fc.uint8Array({ maxLength: 3 });
    const value = fc.dictionary(fc.string({ maxLength: 2 }), fc.oneof(fc.string({ maxLength: 2 }), fc.nat(3), bytes));
    fc.assert(
      fc.property(value, value, (one, other) => {
        const same = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        const kinds = (of: object) =>
          JSON.stringify(
            Object.entries(of)
              .map(([name, field]) => [name, typeof field])
              .sort(),
          );
        expect(fingerprint(one) === fingerprint(other)).toBe(same && kinds(one) === kinds(other));
      }),
    );
  });
});

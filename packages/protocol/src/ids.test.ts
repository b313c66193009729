import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PushfleetError } from './error.ts';
import { groupLineage, parseCommandId, parseDeviceId, parseEpoch, parseGroupPath, parseNodeId } from './ids.ts';

describe('ids', () => {
  it.each([
    [
      'device_id',
      parseDeviceId,
      ['d', 'laptop-17', 'a.b_c:d@e', 'x'.repeat(128)],
      ['', '-a', 'a/b', 'a+b', '#', 'a b', 'a{b}', 'x'.repeat(129), 7],
    ],
    ['node_id', parseNodeId, ['dp-1', 'DP.1_a'], ['', '-a', 'a:b', 'x'.repeat(64), null]],
    ['command_id', parseCommandId, ['0b7e-AZ'], ['', 'a_b', 'x'.repeat(65)]],
    [
      'group',
      parseGroupPath,
      ['HQ', 'HQ/Floor 2', 'Größe/日本'],
      ['', '/HQ', 'HQ/', 'HQ//2', ' HQ', 'HQ ', 'a\nb', 'a{b', Array(17).fill('a').join('/'), 5],
    ],
  ] as const)('tell a good %s from a bad one, and name the field', (field, parse, good, bad) => {
    for (const value of good) expect(parse(value)).toBe(value);
    for (const value of bad) {
      expect(() => parse(value), String(value)).toThrow(PushfleetError);
      expect(() => parse(value)).toThrow(new RegExp(`^${field}: must be `));
    }
  });

  it('take epochs that are whole and not negative', () => {
    expect(parseEpoch('1795377000000')).toBe(1_795_377_000_000);
    for (const value of [-1, 1.5, 'x', Number.MAX_VALUE]) expect(() => parseEpoch(value)).toThrow('epoch: must be');
  });
});

describe('a path of a group', () => {
  it.each([
    ['decomposed, as macOS writes it', 'Gro\u0308\u00dfe/Cafe\u0301', 'Größe/Café'],
    ['with a no-break blank', 'HQ/Floor\u00a02', 'HQ/Floor 2'],
    ['with a thin and an ideographic blank', 'a\u2009b\u3000c', 'a b c'],
    ['with a sign that has a usual spelling', '\u212b/300\u212a', 'Å/300K'],
    ['composed from jamo', '\u1112\u1161\u11ab', '한'],
  ])('%s has one spelling', (_how, written, path) => {
    expect(parseGroupPath(written)).toBe(path);
    expect(parseGroupPath(path)).toBe(path);
  });

  it.each([
    ['HQ/\u200bFloor', 'U+200B at character 4'],
    ['HQ\ufeff', 'U+FEFF at character 3'],
    ['👩\u200d💻', 'U+200D at character 2'],
    ['a\u00adb', 'U+00AD at character 2'],
    ['\u202eQH', 'U+202E at character 1'],
    ['a\u2800', 'U+2800 at character 2'],
    ['a\u3164', 'U+3164 at character 2'],
    ['a\ufe0f', 'U+FE0F at character 2'],
    ['a\u2028b', 'U+2028 at character 2'],
    ['a\ud83d', 'U+D83D at character 2'],
    ['a\u0000', 'U+0000 at character 2'],
    ['a\u{e0041}', 'U+E0041 at character 2'],
  ])('with a character that nobody sees is refused, and the character named: %j', (path, hidden) => {
    expect(() => parseGroupPath(path)).toThrow(`"HQ/Floor 2"; nobody sees the ${hidden}`);
  });

  it('is refused with a blank of any kind at an end, and when it is very long', () => {
    for (const path of ['HQ\u00a0', '\u3000HQ', 'x'.repeat(16_385)])
      expect(() => parseGroupPath(path)).toThrow('or a blank at an end');
  });

  it('that differs from another one looks different', () => {
    // What is not printed, and what another spelling of the same characters is, never tells two paths apart.
    const looks = (path: string) =>
      path
        .normalize('NFD')
        .replace(/[\p{C}\p{DI}]/gu, '')
        .replace(/\p{Z}/gu, ' ');
    const unit = fc.constantFrom(
      ...'HQ /oö',
      '\u0308',
      '\u00a0',
      '\u200b',
      '\u2009',
      '\ufeff',
      '\u212b',
      'Å',
      'A\u030a',
    );
    const path = fc.array(unit, { minLength: 1, maxLength: 6 }).map((units) => units.join(''));
    const parse = (text: string) => {
      try {
        return parseGroupPath(text);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(path, path, (one, other) => {
        const [a, b] = [parse(one), parse(other)];
        if (a === undefined || b === undefined) return;
        expect(a === b).toBe(looks(one) === looks(other));
      }),
      { numRuns: 2_000 },
    );
  });
});

it('a group is in its own lineage, the nearest first', () => {
  expect(groupLineage(parseGroupPath('HQ/Floor 2/Lab'))).toEqual(['HQ/Floor 2/Lab', 'HQ/Floor 2', 'HQ']);
});

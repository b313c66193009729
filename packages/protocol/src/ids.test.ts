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

it('a group is in its own lineage, the nearest first', () => {
  expect(groupLineage(parseGroupPath('HQ/Floor 2/Lab'))).toEqual(['HQ/Floor 2/Lab', 'HQ/Floor 2', 'HQ']);
});

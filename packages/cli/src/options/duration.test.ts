import { expect, it } from 'vitest';
import { duration, renderDuration } from './option-values.ts';

it.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['7d', 604_800_000],
])('reads %s as %i ms', (text, ms) => expect(duration()(text)).toBe(ms));

it.each([
  ...[
    '',
    '30',
    '30 s',
    '-1s',
    '+1s',
    '1w',
    '1e3s',
    '0x1s',
    's',
    '1_000s',
    '١s',
    '1,5h',
    '1.s',
    '1h30m',
    '1s\n',
    '1234567890s',
  ].map((text) => [text, 'It must be a number with a unit: 250ms, 30s, 10m, 12h, 7d.']),
  ['0s', 'It must be at least 1ms.'],
  ['0.4ms', 'It must be at least 1ms.'],
  ['36501d', 'It must be at most 36500d.'],
  ['999999999d', 'It must be at most 36500d.'],
])('refuses %j and says what would be right', (text, problem) => {
  expect(() => duration()(text)).toThrow(problem);
});

it('keeps within bounds', () => {
  const bounded = duration(86_400_000, 1_000);
  expect([bounded('1s'), bounded('1d')]).toEqual([1_000, 86_400_000]);
  expect(() => bounded('999ms')).toThrow('It must be at least 1s.');
  expect(() => bounded('25h')).toThrow('It must be at most 1d.');
});

it.each([
  [604_800_000, '7d'],
  [90_000, '90s'],
  [1_500, '1500ms'],
  [3_600_000, '1h'],
])('writes %i ms as %s', (ms, text) => expect(renderDuration(ms)).toBe(text));

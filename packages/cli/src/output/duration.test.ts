import { expect, it } from 'vitest';
import { parseDuration, renderDuration } from './duration.ts';

it.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['7d', 604_800_000],
])('reads %s as %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

it.each(['', '30', '30 s', '-1s', '0s', '1w', '1e3s', 's', '0.0001ms'])(
  'refuses "%s" and says how it is written',
  (text) => {
    expect(() => parseDuration(text)).toThrow('250ms, 30s, 10m, 12h, 7d');
  },
);

it.each([
  [604_800_000, '7d'],
  [90_000, '90s'],
  [1_500, '1500ms'],
  [3_600_000, '1h'],
])('writes %i ms as %s', (ms, text) => expect(renderDuration(ms)).toBe(text));

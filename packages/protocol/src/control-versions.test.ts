import { expect, it } from 'vitest';
import { agreeOnVersion, controlVersions } from './control-versions.ts';

const range = (oldest: number, newest: number) => ({ oldest, newest });

it.each([
  ['the same', range(1, 1), range(1, 1), 1],
  ['the newest of both', range(1, 3), range(2, 3), 3],
  ['the one before, with an older peer', range(1, 2), range(1, 1), 1],
  ['the one before, with a newer peer', range(1, 1), range(1, 2), 1],
])('agrees on %s', (_, own, peer, agreed) => {
  expect(agreeOnVersion(own, peer)).toBe(agreed);
});

it.each([
  [
    range(1, 1),
    range(2, 3),
    'speaks versions 2 to 3 of the control protocol, and this one version 1: upgrade this one',
  ],
  [
    range(3, 4),
    range(1, 2),
    'speaks versions 1 to 2 of the control protocol, and this one versions 3 to 4: upgrade that one',
  ],
])('says who is to be upgraded, where nothing is spoken by both', (own, peer, refusal) => {
  expect(agreeOnVersion(own, peer)).toEqual({ refusal });
});

it('speaks its own version', () => {
  expect(agreeOnVersion(controlVersions, controlVersions)).toBe(controlVersions.newest);
});

import { expect, it } from 'vitest';
import { boundsUnder } from './door-bounds.ts';

const wanted = { strangers: 2_048, strangersPerAddress: 1_024 };

it.each([
  [1_048_576, 0.5, { connections: 524_268, strangers: 2_048, strangersPerAddress: 1_024 }],
  [1_024, 0.5, { connections: 492, strangers: 246, strangersPerAddress: 246 }],
  [64, 0.25, { connections: 16, strangers: 8, strangersPerAddress: 8 }],
])('of %i files, a share of %d', (fileLimit, share, expected) => {
  expect(boundsUnder({ fileLimit, share, ...wanted })).toEqual(expected);
});

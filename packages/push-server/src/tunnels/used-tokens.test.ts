import type { TunnelId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { UsedTokens } from './used-tokens.ts';

const [a, b] = ['a', 'b'] as TunnelId[] as [TunnelId, TunnelId];

it('takes each token once for as long as it is good', () => {
  const used = new UsedTokens();
  expect(used.use(a, 0)).toBe(true);
  expect(used.use(b, 1_000)).toBe(true);
  expect(used.use(a, 149_999)).toBe(false);
  expect(used.use(b, 150_500)).toBe(false);
});

it('forgets those that have expired', () => {
  const used = new UsedTokens();
  used.use(a, 0);
  expect(used.use(a, 150_000)).toBe(true);
});

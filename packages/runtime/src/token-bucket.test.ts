import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('lets a burst through, then a rate', () => {
  const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, 1_000);
  expect([1, 2, 3, 4].map(() => bucket.take(1_000))).toEqual([true, true, true, false]);
  expect([bucket.take(1_499), bucket.take(1_500), bucket.take(1_500)]).toEqual([false, true, false]);
  expect([1, 2, 3, 4].map(() => bucket.take(60_000))).toEqual([true, true, true, false]);
});

it('is generous at once where its rate becomes greater', () => {
  const bucket = new TokenBucket({ burst: 1, perSecond: 0 }, 0);
  expect([bucket.take(0), bucket.take(0)]).toEqual([true, false]);
  bucket.rate = { burst: 2, perSecond: 0 };
  bucket.refill();
  expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([true, true, false]);
});

it('says how long it takes until the next one', () => {
  const bucket = new TokenBucket({ burst: 2, perSecond: 20 }, 1_000);
  expect(bucket.untilNextMs(1_000)).toBe(0);
  bucket.take(1_000, 2);
  expect([1_000, 1_020, 1_050, 9_000].map((nowMs) => bucket.untilNextMs(nowMs))).toEqual([50, 30, 0, 0]);
  expect(bucket.take(1_050)).toBe(true);
});

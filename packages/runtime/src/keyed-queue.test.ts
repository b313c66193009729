import { expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

it('finds the oldest of those that are there', () => {
  const queue = new KeyedQueue<string, number>();
  expect(queue.oldest()).toBeUndefined();
  for (const [index, key] of ['a', 'b', 'c'].entries()) queue.add(key, index);
  expect(queue.oldest()).toEqual({ key: 'a', value: 0 });
  queue.delete('b');
  queue.delete('a');
  queue.delete('a');
  expect(queue.oldest()).toEqual({ key: 'c', value: 2 });
  expect([queue.size, queue.get('b'), queue.get('c')]).toEqual([1, undefined, 2]);
});

it('keeps the order over thousands that come and go', () => {
  const queue = new KeyedQueue<number, number>();
  const kept: number[] = [];
  for (let key = 0; key < 2_000; key += 1) {
    queue.add(key, key);
    kept.push(key);
    // Some leave from the middle, some are the oldest.
    if (key % 3 === 0) queue.delete(kept.splice(Math.floor(kept.length / 2), 1)[0] as number);
    if (key % 2 === 0) queue.delete(kept.shift() as number);
    expect(queue.oldest()?.key).toBe(kept[0]);
    expect(queue.size).toBe(kept.length);
  }
});

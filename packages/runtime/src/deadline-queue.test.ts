import { expect, it } from 'vitest';
import { DeadlineQueue } from './deadline-queue.ts';

it('gives out each item once, when it is due, and none that was deleted', () => {
  const queue = new DeadlineQueue<string>(1_000);
  queue.set('a', 0);
  queue.set('b', 200);
  queue.set('c', 300);
  queue.delete('b');
  expect(queue.takeDue(999)).toEqual([]);
  expect(queue.takeDue(1_000)).toEqual(['a']);
  expect(queue.takeDue(1_299)).toEqual([]);
  expect(queue.takeDue(9_000)).toEqual(['c']);
  expect(queue.size).toBe(0);
});

it('keeps the first deadline of an item that is set again, until it was deleted', () => {
  const queue = new DeadlineQueue<string>(1_000);
  queue.set('a', 0);
  queue.set('a', 900);
  expect(queue.takeDue(1_000)).toEqual(['a']);
  queue.set('a', 900);
  queue.delete('a');
  queue.set('a', 1_500);
  expect(queue.takeDue(2_499)).toEqual([]);
  expect(queue.takeDue(2_500)).toEqual(['a']);
});

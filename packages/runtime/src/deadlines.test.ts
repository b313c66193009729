import { expect, it } from 'vitest';
import { DeadlineQueue, DeadlineWheel, unscheduled } from './deadlines.ts';

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

const item = () => ({ ...unscheduled });

it('gives back what is due, never early and at most one resolution late', () => {
  const wheel = new DeadlineWheel(20, 1_000);
  const first = item();
  wheel.add(first, 1_030);
  expect(wheel.takeDue(1_029)).toEqual([]);
  expect(wheel.takeDue(1_050)).toEqual([first]);
  expect(wheel.takeDue(2_000)).toEqual([]);
});

it('gives back at the next turn what was already due when it came', () => {
  const wheel = new DeadlineWheel(20, 1_000);
  wheel.takeDue(5_000);
  const late = item();
  wheel.add(late, 1_000);
  expect(wheel.takeDue(5_020)).toEqual([late]);
});

it('forgets what is removed, and finds what is moved at its new time', () => {
  const wheel = new DeadlineWheel(20, 0);
  const [removed, moved] = [item(), item()];
  wheel.add(removed, 40);
  wheel.add(moved, 400);
  wheel.remove(removed);
  wheel.move(moved, 60);
  expect(wheel.takeDue(100)).toEqual([moved]);
});

it('catches up after a long pause of the clock', () => {
  const wheel = new DeadlineWheel(20, 0);
  const items = Array.from({ length: 100 }, (_, index) => {
    const each = item();
    wheel.add(each, index * 50);
    return each;
  });
  expect(wheel.takeDue(10_000)).toEqual(items);
});

it('does not walk through the time that has passed', () => {
  const wheel = new DeadlineWheel(20, 0);
  const [last, first] = [item(), item()];
  wheel.add(last, 1e15);
  wheel.add(first, 400);
  // One look for each of the buckets in between would take weeks.
  expect(wheel.takeDue(1e15 + 20)).toEqual([first, last]);
  const next = item();
  wheel.add(next, 0);
  expect(wheel.takeDue(1e15 + 40)).toEqual([next]);
});

it('removes any of the items that are due together, once, and gives back the others in their order', () => {
  for (const removed of [0, 1, 2]) {
    const wheel = new DeadlineWheel(20, 0);
    const items = [item(), item(), item()];
    for (const each of items) wheel.add(each, 40);
    const one = items[removed] as (typeof items)[number];
    wheel.remove(one);
    wheel.remove(one);
    expect(wheel.takeDue(100)).toEqual(items.filter((each) => each !== one));
    expect(items).toEqual(
      [unscheduled, unscheduled, unscheduled].map((each, index) => ({ ...each, bucket: items[index]?.bucket })),
    );
  }
});

it('takes an item in again that it has given back, or that was removed', () => {
  const wheel = new DeadlineWheel(20, 0);
  const each = item();
  wheel.add(each, 40);
  expect(wheel.takeDue(40)).toEqual([each]);
  wheel.add(each, 80);
  wheel.remove(each);
  wheel.add(each, 90);
  expect(wheel.takeDue(99)).toEqual([]);
  expect(wheel.takeDue(100)).toEqual([each]);
});

import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { afterAttention } from './clock.ts';

it('comes in time where this process was awake', () => {
  const clock = new ManualClock();
  const came: number[] = [];
  afterAttention(clock, 10_000, () => came.push(clock.now()));
  clock.advance(9_999);
  expect(came).toEqual([]);
  clock.advance(60_000);
  expect(came).toEqual([10_000]);
});

it('waits once more after each time that this process stood still', () => {
  const clock = new ManualClock();
  const came: number[] = [];
  afterAttention(clock, 10_000, () => came.push(clock.now()));
  clock.stall(60_000);
  clock.advance(9_000);
  clock.stall(60_000);
  expect(came).toEqual([]);
  clock.advance(10_000);
  expect(came).toEqual([139_000]);
});

it('never comes once it is disposed, whatever happened before', () => {
  const clock = new ManualClock();
  const timer = afterAttention(clock, 10_000, () => expect.fail('it came'));
  clock.stall(60_000);
  timer[Symbol.dispose]();
  clock.advance(60_000);
  expect(clock.pending).toBe(0);
});

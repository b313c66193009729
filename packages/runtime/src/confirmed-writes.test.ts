import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { ConfirmedWrites } from './confirmed-writes.ts';

it('gives back once what was confirmed in the last five minutes, the oldest first', async () => {
  const clock = new ManualClock();
  const confirmed = new ConfirmedWrites<string>({ clock, most: 10 });
  confirmed.add('old');
  await clock.turn(1_000);
  confirmed.add('one');
  await clock.turn(299_500);
  confirmed.add('two');
  expect(confirmed.take()).toEqual(['one', 'two']);
  expect(confirmed.take()).toEqual([]);
});

it('leaves out what is too old though nothing came since', async () => {
  const clock = new ManualClock();
  const confirmed = new ConfirmedWrites<string>({ clock, most: 10 });
  confirmed.add('old');
  await clock.turn(300_000);
  expect(confirmed.take()).toEqual([]);
});

it('leaves out the oldest beyond its bounds', () => {
  const confirmed = new ConfirmedWrites<number>({ clock: new ManualClock(), most: 3, mostBytes: 100 });
  for (const write of [1, 2, 3, 4]) confirmed.add(write, 10);
  confirmed.add(5, 85);
  expect(confirmed.take()).toEqual([4, 5]);
  confirmed.add(6, 101);
  expect(confirmed.take()).toEqual([]);
});

it('keeps the last of the writes with one key, which bounds count once', async () => {
  const clock = new ManualClock();
  const confirmed = new ConfirmedWrites<string>({ clock, most: 10, mostBytes: 100 });
  confirmed.add('queued', 60, 'a');
  confirmed.add('other', 30, 'b');
  await clock.turn(200_000);
  confirmed.add('ended', 65, 'a');
  expect([confirmed.get('a'), confirmed.get('b'), confirmed.list()]).toEqual(['ended', 'other', ['other', 'ended']]);
  await clock.turn(100_000);
  expect([confirmed.get('a'), confirmed.get('b'), confirmed.list()]).toEqual(['ended', undefined, ['ended']]);
});

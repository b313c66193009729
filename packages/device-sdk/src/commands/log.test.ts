import { expect, it } from 'vitest';
import { succeeded } from './ending.ts';
import { CommandLog } from './log.ts';

it('knows what has ended, and how', () => {
  const log = new CommandLog(10);
  expect(log.has('c1')).toBe(false);
  const ending = succeeded({ output: 'x' });
  log.end('c1', ending);
  expect([log.has('c1'), log.find('c1')]).toEqual([true, ending]);
});

it('forgets the oldest', () => {
  const log = new CommandLog(2);
  for (const id of ['c1', 'c2', 'c3']) log.end(id, succeeded(undefined));
  expect(['c1', 'c2', 'c3'].map((id) => log.has(id))).toEqual([false, true, true]);
});

it('keeps ids when it can no longer keep outputs', () => {
  const log = new CommandLog(10);
  const large = succeeded({ output: Buffer.alloc(600_000) });
  log.end('c1', large);
  log.end('c2', large);
  expect([log.has('c1'), log.find('c1')]).toEqual([true, undefined]);
  expect(log.find('c2')).toBe(large);
});

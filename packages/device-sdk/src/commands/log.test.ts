import { expect, it } from 'vitest';
import { succeeded } from './ending.ts';
import { CommandLog } from './log.ts';

it('knows what is new, what runs and what has ended', () => {
  const log = new CommandLog(10);
  expect(log.find('c1')).toEqual({ kind: 'new' });
  log.begin('c1');
  expect(log.find('c1')).toEqual({ kind: 'running' });
  const ending = succeeded({ output: 'x' });
  log.end('c1', ending);
  expect(log.find('c1')).toEqual({ kind: 'ended', ending });
});

it('forgets the oldest that ended, and never one that runs', () => {
  const log = new CommandLog(2);
  log.begin('long');
  for (const id of ['c1', 'c2', 'c3']) {
    log.begin(id);
    log.end(id, succeeded(undefined));
  }
  expect(['long', 'c1', 'c2', 'c3'].map((id) => log.find(id).kind)).toEqual(['running', 'new', 'ended', 'ended']);
});

it('keeps ids when it can no longer keep outputs', () => {
  const log = new CommandLog(10);
  const large = succeeded({ output: Buffer.alloc(600_000) });
  log.end('c1', large);
  log.end('c2', large);
  expect(log.find('c1')).toEqual({ kind: 'ended', ending: undefined });
  expect(log.find('c2')).toEqual({ kind: 'ended', ending: large });
});

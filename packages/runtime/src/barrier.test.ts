import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { Barrier } from './barrier.ts';
import { createLogger } from './logger.ts';

function create() {
  const clock = new ManualClock();
  const logged: { place?: string; leftOut?: number }[] = [];
  const logger = createLogger('test', 'info', { write: (line) => void logged.push(JSON.parse(line)) }, clock);
  return { barrier: new Barrier({ logger }), logged, turn: (ms: number) => clock.advance(ms) };
}

function fail(): never {
  throw new TypeError('null has no split');
}

it('ends what failed, counts it by place, and goes on', async () => {
  const { barrier } = create();
  const ended: string[] = [];
  barrier.run('packet', fail, () => void ended.push('first'));
  barrier.run('packet', () => void ended.push('ran'), fail);
  await barrier.runAsync(
    'request',
    async () => fail(),
    () => void ended.push('second'),
  );
  expect(ended).toEqual(['first', 'ran', 'second']);
  expect([...barrier.faults]).toEqual([
    ['packet', 1],
    ['request', 1],
  ]);
});

it('stops an exception of the end itself', () => {
  const { barrier } = create();
  barrier.run('packet', fail, fail);
  expect(barrier.faults.get('packet')).toBe(2);
});

it('logs ten faults a minute, and counts them all', () => {
  const { barrier, logged, turn } = create();
  const failOften = () => {
    for (let index = 0; index < 1_000; index += 1) barrier.run('packet', fail, () => {});
  };
  failOften();
  expect(logged.map(({ place }) => place)).toEqual(new Array(10).fill('packet'));
  turn(60_000);
  failOften();
  expect(logged.map(({ leftOut = 0 }) => leftOut)).toEqual([...new Array(10).fill(0), 990, ...new Array(10).fill(0)]);
  expect(barrier.faults.get('packet')).toBe(2_000);
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { BusyQueue } from './busy-queue.ts';

const busy = Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode: 5 });

/** A file that somebody holds until it is let go, and a clock that goes as fast as somebody waits for it. */
function world() {
  const clock = new ManualClock();
  const state = { isHeld: true, attempts: 0 };
  const pause = async (ms: number) => {
    await nextTurn();
    clock.advance(ms);
  };
  const work = (name: string) => () => {
    state.attempts += 1;
    if (state.isHeld) throw busy;
    return name;
  };
  return { state, work, queue: new BusyQueue(clock, pause) };
}

it('refuses what has waited for too long, and takes up what came later', async () => {
  const { state, work, queue } = world();
  const impatient = [queue.run(work('a'), 100), queue.run(work('b'), 100)];
  const patient = queue.run(work('c'), 1_000_000);
  await expect(Promise.allSettled(impatient)).resolves.toMatchObject([{ reason: busy }, { reason: busy }]);
  state.isHeld = false;
  expect(await patient).toBe('c');
  expect(await queue.run(work('d'), 100)).toBe('d');
});

it('makes no attempt of their own for those that wait behind one that fails', async () => {
  const { state, work, queue } = world();
  const all = Promise.allSettled(Array.from({ length: 1_000 }, (_, index) => queue.run(work(`${index}`), 100)));
  await all;
  expect(state.attempts).toBeLessThan(50);
});

it('an error of the work itself is its own, and holds up nobody', async () => {
  const { state, work, queue } = world();
  const first = queue.run(work('first'), 1_000_000);
  const broken = queue.run(() => {
    throw new TypeError('broken');
  }, 1_000_000);
  const last = queue.run(work('last'), 1_000_000);
  state.isHeld = false;
  await expect(broken).rejects.toThrow('broken');
  expect(await Promise.all([first, last])).toEqual(['first', 'last']);
});

it('refuses at once when too many wait', async () => {
  const { work, queue } = world();
  const waiting = Promise.allSettled(Array.from({ length: 10_000 }, () => queue.run(work(''), 100)));
  await expect(queue.run(work(''), 100)).rejects.toMatchObject({ code: 'OVERLOADED' });
  await nextTurn();
  await waiting;
});

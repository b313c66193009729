import { expect, it } from 'vitest';
import type { GetStatistics } from './command.ts';
import { start } from './runner.fixture.ts';

const statistics = (more: Partial<GetStatistics> = {}) => ({
  getStatistics: { applicationId: 'agent', counters: [], intervalMs: 0, ...more },
});

/** A device whose counter counts how often it was read. */
function startCounting() {
  const made = start();
  let readings = 0;
  made.runner.handlers.set('getStatistics', () => {
    readings += 1;
    return { readings, other: 1 };
  });
  return made;
}

it('answers once, with the counters that were asked for', async () => {
  const { results, take } = startCounting();
  take('c1', statistics());
  take('c2', statistics({ counters: ['readings', 'unknown'] }));
  expect((await results.next()).succeeded?.statistics).toEqual({
    counters: { readings: 1, other: 1 },
    atMs: expect.any(Number),
  });
  expect((await results.next()).succeeded?.statistics?.counters).toEqual({ readings: 2 });
});

it('answers every interval, and ends just before its deadline with the last ones', async () => {
  const { clock, results, take } = startCounting();
  take('c1', statistics({ intervalMs: 2_000 }));
  for (const [reading, advanceMs] of [
    [1, 2_000],
    [2, 1_750],
  ] as const) {
    expect((await results.next()).running?.statistics?.counters.readings).toBe(reading);
    await expect.poll(() => clock.pending).toBe(2);
    clock.advance(advanceMs);
  }
  expect((await results.next()).succeeded?.statistics?.counters.readings).toBe(2);
  expect(clock.pending).toBe(0);
});

it('does not answer for ever where the link says no deadline', async () => {
  const { clock, results, take } = startCounting();
  take('c1', statistics({ intervalMs: 3_600_000 }), { finishWithinMs: 0 });
  expect((await results.next()).outcome).toBe('running');
  await expect.poll(() => clock.pending).toBe(1);
  clock.advance(3_600_000);
  expect((await results.next()).outcome).toBe('succeeded');
});

it('answers every interval until it is cancelled', async () => {
  const { clock, runner, results, take } = startCounting();
  take('c1', statistics({ intervalMs: 2_000 }), { finishWithinMs: 0 });
  await results.next();
  runner.onCancel('c1', 'seen enough');
  expect(await results.next()).toMatchObject({ cancelled: { reason: 'seen enough' } });
  expect(clock.pending).toBe(0);
});

it('leaves out the readings that a slow one has missed', async () => {
  const { clock, runner, results, take } = start();
  const readAt: number[] = [];
  runner.handlers.set('getStatistics', () => {
    readAt.push(clock.now());
    if (readAt.length === 1) clock.advance(2_500);
    return {};
  });
  take('c1', statistics({ intervalMs: 1_000 }), { finishWithinMs: 60_000 });
  await results.next();
  await expect.poll(() => clock.pending).toBe(2);
  clock.advance(500);
  await results.next();
  expect(readAt).toEqual([0, 3_000]);
  runner.abort(new Error('stopped'));
  await results.next();
});

it.each([
  ['is no number', { broken: Number.NaN }, 'the counter broken is NaN, not a number'],
  ['is too much', { ['x'.repeat(1_048_576)]: 1 }, '1 counters are more than can be sent'],
])('fails where a counter %s', async (_, counters, reason) => {
  const { runner, results, take } = start();
  runner.handlers.set('getStatistics', () => counters as Record<string, number>);
  take('c1', statistics());
  expect(await results.next()).toMatchObject({ failed: { reason } });
});

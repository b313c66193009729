import { expect, it, vi } from 'vitest';
import { BatchRunner } from './batch-runner.ts';

function createRunner(change = {}) {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  const run = (batch: number[]) => {
    batches.push(batch);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  const runner = new BatchRunner({ capacity: 10, batchItems: 3, concurrency: 2, run, ...change });
  return { runner, batches, endOne: () => ends.shift()?.() };
}

it('gathers what comes in one turn, in slices, as many at once as may', async () => {
  const { runner, batches, endOne } = createRunner();
  for (let item = 1; item <= 8; item += 1) runner.add(item);
  await vi.waitFor(() =>
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  );
  runner.add(9);
  endOne();
  await vi.waitFor(() => expect(batches.at(-1)).toEqual([7, 8, 9]));
});

it('takes no more than it has room for', () => {
  const { runner } = createRunner({ capacity: 2 });
  expect([1, 2, 3].map((item) => runner.add(item))).toEqual([true, true, false]);
});

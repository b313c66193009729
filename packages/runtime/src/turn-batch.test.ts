import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { concurrentBatches, TurnBatch } from './turn-batch.ts';

/** A batch of numbers that weigh what they are. */
function createBatch(takes: () => boolean = () => true) {
  const batches: number[][] = [];
  const queue = new TurnBatch<number>({
    capacity: 5,
    batchItems: 3,
    batchBytes: 100,
    sizeOf: (item) => item,
    write: (batch) => {
      batches.push(batch);
      return takes();
    },
  });
  return { queue, batches };
}

describe('TurnBatch', () => {
  it('hands over what one turn of the event loop gathers as one batch, in order', async () => {
    const { queue, batches } = createBatch();
    for (const item of [1, 2, 3]) expect(queue.add(item)).toBe(true);
    expect(batches).toEqual([]);
    await nextTurn();
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('leaves out an item that the next one supersedes, unless it was written before', async () => {
    const batches: number[][] = [];
    const queue = new TurnBatch<number>({
      supersedes: (later, earlier) => later === earlier + 1,
      write: (batch) => batches.push(batch) > 0,
    });
    for (const item of [1, 2, 4, 6, 7]) queue.add(item);
    await nextTurn();
    queue.add(8);
    await nextTurn();
    expect(batches).toEqual([[2, 4, 7], [8]]);
  });

  it.each([
    ['the number of items', [1, 2, 3, 4], [[1, 2, 3], [4]]],
    [
      'their weight',
      [60, 30, 20, 5],
      [
        [60, 30],
        [20, 5],
      ],
    ],
    ['an item that is too heavy alone', [500, 1], [[500], [1]]],
  ])('cuts batches by %s', async (_, items, expected) => {
    const { queue, batches } = createBatch();
    for (const item of items) queue.add(item);
    await nextTurn();
    expect(batches).toEqual(expected);
  });

  it('refuses what its queue has no room for', () => {
    const { queue } = createBatch();
    const taken = [1, 2, 3, 4, 5, 6].map((item) => queue.add(item));
    expect(taken).toEqual([true, true, true, true, true, false]);
  });

  it('hands over nothing while the other side does not read, and goes on where it stopped', async () => {
    let isReading = false;
    const { queue, batches } = createBatch(() => isReading);
    for (const item of [1, 2, 3, 4]) queue.add(item);
    await nextTurn();
    expect(batches).toEqual([[1, 2, 3]]);
    queue.add(5);
    await nextTurn();
    expect(batches).toHaveLength(1);
    isReading = true;
    queue.resume();
    await nextTurn();
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('gives back what was never handed over, and takes nothing more', async () => {
    const { queue, batches } = createBatch();
    queue.add(1);
    expect(queue.close()).toEqual([1]);
    expect(queue.add(2)).toBe(false);
    await nextTurn();
    expect(batches).toEqual([]);
  });

  it('stays closed when it is closed by whoever takes a batch', async () => {
    const batches: number[][] = [];
    const queue: TurnBatch<number> = new TurnBatch({
      write: (batch) => {
        batches.push(batch);
        queue.close();
        return true;
      },
    });
    queue.add(1);
    await nextTurn();
    expect([queue.add(2), batches]).toEqual([false, [[1]]]);
  });

  it('needs no bounds', async () => {
    const batches: number[][] = [];
    const queue = new TurnBatch<number>({ write: (batch) => batches.push(batch) > 0 });
    for (let item = 0; item < 1_000; item += 1) queue.add(item);
    await nextTurn();
    expect(batches.map(({ length }) => length)).toEqual([1_000]);
  });
});

describe('concurrentBatches', () => {
  function createRunner(change = {}) {
    const batches: number[][] = [];
    const ends: (() => void)[] = [];
    const run = (batch: number[]) => {
      batches.push(batch);
      return new Promise<void>((resolve) => ends.push(resolve));
    };
    const queue = concurrentBatches({ capacity: 10, batchItems: 3, concurrency: 2, run, ...change });
    return { queue, batches, endOne: () => ends.shift()?.() };
  }

  it('gathers what comes in one turn, in slices, as many at once as may', async () => {
    const { queue, batches, endOne } = createRunner();
    for (let item = 1; item <= 8; item += 1) queue.add(item);
    await nextTurn();
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    queue.add(9);
    endOne();
    await nextTurn();
    await nextTurn();
    expect(batches.at(-1)).toEqual([7, 8, 9]);
  });

  it('takes no more than it has room for', () => {
    const { queue } = createRunner({ capacity: 2 });
    expect([1, 2, 3].map((item) => queue.add(item))).toEqual([true, true, false]);
  });
});

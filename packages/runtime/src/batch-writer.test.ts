import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BatchWriter } from './batch-writer.ts';

/** A writer of numbers that weigh what they are. */
function createWriter(takes: () => boolean = () => true) {
  const batches: number[][] = [];
  const writer = new BatchWriter<number>({
    capacity: 5,
    batchItems: 3,
    batchBytes: 100,
    sizeOf: (item) => item,
    write: (batch) => {
      batches.push(batch);
      return takes();
    },
  });
  return { writer, batches };
}

describe('BatchWriter', () => {
  it('writes what one turn of the event loop gathers as one batch, in order', async () => {
    const { writer, batches } = createWriter();
    for (const item of [1, 2, 3]) expect(writer.add(item)).toBe(true);
    expect(batches).toEqual([]);
    await nextTurn();
    expect(batches).toEqual([[1, 2, 3]]);
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
    const { writer, batches } = createWriter();
    for (const item of items) writer.add(item);
    await nextTurn();
    expect(batches).toEqual(expected);
  });

  it('refuses what its queue has no room for', () => {
    const { writer } = createWriter();
    const taken = [1, 2, 3, 4, 5, 6].map((item) => writer.add(item));
    expect(taken).toEqual([true, true, true, true, true, false]);
  });

  it('writes nothing while the other side does not read, and goes on where it stopped', async () => {
    let isReading = false;
    const { writer, batches } = createWriter(() => isReading);
    for (const item of [1, 2, 3, 4]) writer.add(item);
    await nextTurn();
    expect(batches).toEqual([[1, 2, 3]]);
    writer.add(5);
    await nextTurn();
    expect(batches).toHaveLength(1);
    isReading = true;
    writer.resume();
    await nextTurn();
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('gives back what was never written, and takes nothing more', async () => {
    const { writer, batches } = createWriter();
    writer.add(1);
    expect(writer.close()).toEqual([1]);
    expect(writer.add(2)).toBe(false);
    await nextTurn();
    expect(batches).toEqual([]);
  });
});

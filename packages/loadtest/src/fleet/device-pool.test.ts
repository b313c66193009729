import { expect, it } from 'vitest';
import { processOf } from './device-pool.ts';
import type { Witnesses } from './messages.ts';

function spread(count: number, kinds: number, processes: number, witnesses?: Witnesses): number[] {
  return Array.from({ length: count }, (_, index) => processOf(index, kinds, processes, witnesses));
}

it('gives each process some devices of each kind of link', () => {
  expect(spread(8, 1, 2)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  expect(spread(8, 2, 2)).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});

it('gives witnesses a process of their own, wherever they stand among the others', () => {
  expect(spread(7, 1, 3, { from: 0, to: 3 })).toEqual([0, 0, 0, 2, 1, 2, 1]);
  expect(spread(6, 1, 2, { from: 4, to: 6 })).toEqual([1, 1, 1, 1, 0, 0]);
});

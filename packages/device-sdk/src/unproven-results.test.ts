import { expect, it } from 'vitest';
import { UnprovenResults } from './unproven-results.ts';

function start() {
  const proven: number[] = [];
  const unproven = new UnprovenResults();
  return { proven, unproven, add: (id: number, bytes = 0) => unproven.add(bytes, () => proven.push(id)) };
}

it('takes the Pong to a later Ping for a proof, and no other', () => {
  const { proven, unproven, add } = start();
  add(1);
  unproven.onPing();
  add(2);
  unproven.onPing();
  unproven.onPong();
  expect(proven).toEqual([1]);
  unproven.onPong();
  expect(proven).toEqual([1, 2]);
});

it('does not hold more than 64 results or 1 MiB', () => {
  const { proven, add } = start();
  for (let id = 0; id < 66; id += 1) add(id);
  expect(proven).toEqual([0, 1]);
  add(66, 1_048_577);
  expect(proven).toHaveLength(67);
});

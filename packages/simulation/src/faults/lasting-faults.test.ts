import { expect, it } from 'vitest';
import { World } from '../world/world.ts';
import { LastingFaults } from './lasting-faults.ts';

it('leaves each thing as the worst fault makes it that is not over', async () => {
  const world = new World(1);
  const faults = new LastingFaults(world);
  const applied: [number, string, number][] = [];
  const begin = (thing: string, size: number, atMs: number, forMs: number) =>
    world.at(atMs, () => faults.begin(thing, size, forMs, (worst) => applied.push([world.nowMs, thing, worst])));
  begin('slow', 50, 1_000, 10_000);
  begin('slow', 500, 2_000, 2_000);
  begin('slow', 50, 3_000, 1_500);
  begin('away', 1, 3_500, 100);
  await world.runUntil(20_000);
  expect(applied).toEqual([
    [1_000, 'slow', 50],
    [2_000, 'slow', 500],
    [3_000, 'slow', 500],
    [3_500, 'away', 1],
    [3_600, 'away', 0],
    [4_000, 'slow', 50],
    [4_500, 'slow', 50],
    [11_000, 'slow', 0],
  ]);
});

import { describe, expect, it } from 'vitest';
import { Rounds } from './session-asserter.ts';

describe('Rounds', () => {
  it('takes every key once in a period, evenly', () => {
    const map = new Map(Array.from({ length: 10 }, (_, key) => [key, 0]));
    const rounds = new Rounds(map, 100, 0);
    expect(rounds.next(5)).toEqual([]);
    expect(rounds.next(10)).toEqual([0]);
    expect(rounds.next(55)).toEqual([1, 2, 3, 4]);
    expect(rounds.next(100)).toEqual([5, 6, 7, 8, 9]);
    expect(rounds.next(120)).toEqual([0, 1]);
  });

  it('goes on where it was when keys come and go, and takes no more than one round at once', () => {
    const map = new Map([1, 2, 3].map((key) => [key, 0]));
    const rounds = new Rounds(map, 100, 0);
    expect(rounds.next(34)).toEqual([1]);
    map.delete(2);
    map.set(4, 0);
    expect(rounds.next(100)).toEqual([3, 4]);
    expect(rounds.next(10_000)).toHaveLength(3);
    expect(rounds.next(0)).toEqual([]);
    map.clear();
    expect(rounds.next(1_000)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { deviceId, nodeId, reservation } from './conformance/samples.fixture.ts';
import { choosePlaces, rankPlaces } from './placement.ts';

describe('rankPlaces', () => {
  it('names each push server once, at its first tier, avoided ones behind all others', () => {
    const request = reservation(deviceId(1), [['a'], ['a', 'b', 'c'], ['d']], { avoid: [nodeId('b'), nodeId('x')] });
    const ranks = Object.fromEntries(rankPlaces(request).map(({ node, rank }) => [node, rank]));
    expect(ranks).toEqual({ a: 0, c: 1, d: 2, b: 4 });
    expect(rankPlaces(request).map(({ node }) => node)).toEqual(['a', 'c', 'd', 'b']);
  });

  it('gives each of equal push servers the first turn for about as many devices', () => {
    const nodes = ['dp-1', 'dp-2', 'dp-3', 'dp-4'];
    const firsts = new Map<string, number>();
    for (let index = 0; index < 4_000; index += 1) {
      const [first] = rankPlaces(reservation(deviceId(index), [nodes]));
      if (first) firsts.set(first.node, (firsts.get(first.node) ?? 0) + 1);
    }
    for (const node of nodes) expect(Math.abs((firsts.get(node) ?? 0) - 1_000)).toBeLessThan(150);
  });

  it('draws the same lots for the same device', () => {
    const request = reservation(deviceId(1), [['a', 'b', 'c', 'd']]);
    expect(rankPlaces(request)).toEqual(rankPlaces(request));
  });
});

describe('choosePlaces', () => {
  const place = (node: string, rank: number, used: number, capacity = 10) => ({
    node: nodeId(node),
    rank,
    used,
    capacity,
    weight: 100,
    impaired: false,
  });
  const impaired = (node: string, used = 0) => ({ ...place(node, 0, used), impaired: true });

  it('prefers a lower rank, then the smaller share in use, then the one that comes first', () => {
    const ready = [place('a', 0, 9), place('b', 0, 5), place('c', 0, 50, 100), place('d', 1, 0)];
    const expected = { kind: 'reserved', primary: 'b', backups: ['c', 'a', 'd'] };
    expect(choosePlaces(ready, undefined, 3)).toEqual(expected);
  });

  it('stays with the place that the device holds, even a full one', () => {
    const ready = [place('a', 0, 0), place('b', 0, 10)];
    expect(choosePlaces(ready, nodeId('b'), 3)).toEqual({ kind: 'reserved', primary: 'b', backups: ['a'] });
  });

  it('uses impaired ones, and names them as backups, only where there is no other', () => {
    const [bad, worse] = [impaired('bad'), impaired('worse', 5)];
    expect(choosePlaces([bad, place('a', 3, 9)], undefined, 3)).toEqual({
      kind: 'reserved',
      primary: 'a',
      backups: [],
    });
    expect(choosePlaces([worse, bad, place('a', 0, 10)], undefined, 3)).toEqual({
      kind: 'reserved',
      primary: 'bad',
      backups: ['worse'],
    });
    expect(choosePlaces([bad, place('a', 0, 10)], nodeId('a'), 3)).toEqual({
      kind: 'reserved',
      primary: 'a',
      backups: [],
    });
  });

  it('tells full from not ready', () => {
    expect(choosePlaces([place('a', 0, 10), place('b', 0, 0, 0)], undefined, 1)).toEqual({ kind: 'full' });
    expect(choosePlaces([], undefined, 1)).toEqual({ kind: 'none-ready' });
  });
});

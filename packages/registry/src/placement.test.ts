import type { NodeId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { deviceId, nodeId, reservation } from './conformance/samples.fixture.ts';
import { choosePlaces, type ReadyPlace, rankPlaces } from './placement.ts';

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
  const nowMs = 1_000_000;
  const choose = (ready: ReadyPlace[], held: NodeId | undefined, backups: number) =>
    choosePlaces({ ready, held, backups, nowMs });
  const place = (node: string, rank: number, used: number, capacity = 10) => ({
    node: nodeId(node),
    rank,
    used,
    capacity,
    weight: 100,
    impaired: false,
    overloaded: false,
    slotMs: nowMs,
  });
  const impaired = (node: string, used = 0) => ({ ...place(node, 0, used), impaired: true });

  it('prefers a lower rank, then the smaller share in use, then the one that comes first', () => {
    const ready = [place('a', 0, 9), place('b', 0, 5), place('c', 0, 50, 100), place('d', 1, 0)];
    const expected = { kind: 'reserved', primary: 'b', backups: ['c', 'a', 'd'] };
    expect(choose(ready, undefined, 3)).toEqual(expected);
  });

  it('stays with the place that the device holds, even a full one', () => {
    const ready = [place('a', 0, 0), place('b', 0, 10)];
    expect(choose(ready, nodeId('b'), 3)).toEqual({ kind: 'reserved', primary: 'b', backups: ['a'] });
  });

  it('uses impaired ones, and names them as backups, only where there is no other', () => {
    const [bad, worse] = [impaired('bad'), impaired('worse', 5)];
    expect(choose([bad, place('a', 3, 9)], undefined, 3)).toEqual({
      kind: 'reserved',
      primary: 'a',
      backups: [],
    });
    expect(choose([worse, bad, place('a', 0, 10)], undefined, 3)).toEqual({
      kind: 'reserved',
      primary: 'bad',
      backups: ['worse'],
    });
    expect(choose([bad, place('a', 0, 10)], nodeId('a'), 3)).toEqual({
      kind: 'reserved',
      primary: 'a',
      backups: [],
    });
  });

  it('tells full from not ready', () => {
    expect(choose([place('a', 0, 10), place('b', 0, 0, 0)], undefined, 1)).toEqual({ kind: 'full' });
    expect(choose([], undefined, 1)).toEqual({ kind: 'none-ready' });
  });

  it('prefers a less loaded one while its slot is about as early as the earliest', () => {
    const first = (waitMs: number, earliestMs: number) => {
      const busy = { ...place('busy', 0, 1), slotMs: nowMs + waitMs };
      return choose([busy, { ...place('other', 0, 2), slotMs: nowMs + earliestMs }], undefined, 1);
    };
    expect(first(2_000, 0)).toMatchObject({ primary: 'busy' });
    expect(first(2_001, 0)).toMatchObject({ primary: 'other', backups: ['busy'] });
    expect(first(127_001, 100_000)).toMatchObject({ primary: 'other' });
    expect(first(127_000, 100_000)).toMatchObject({ primary: 'busy' });
  });

  it('sends nobody to another tier because the queue is shorter there', () => {
    const near = { ...place('near', 0, 5), slotMs: nowMs + 60_000 };
    expect(choose([near, place('far', 1, 0)], undefined, 1)).toMatchObject({ primary: 'near', backups: ['far'] });
  });

  it('uses overloaded ones only where no other that is sound has room, of any tier', () => {
    const overloaded = { ...place('overloaded', 0, 0), overloaded: true };
    const [far, bad] = [place('far', 1, 9), impaired('bad')];
    expect(choose([overloaded, bad, far], undefined, 3)).toMatchObject({ primary: 'far', backups: ['overloaded'] });
    expect(choose([overloaded, bad], undefined, 3)).toMatchObject({ primary: 'overloaded', backups: [] });
    expect(choose([overloaded, far], nodeId('overloaded'), 3)).toMatchObject({
      primary: 'overloaded',
      backups: ['far'],
    });
  });
});

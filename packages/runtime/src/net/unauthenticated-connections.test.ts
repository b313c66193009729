import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { type CrowdedOut, UnauthenticatedConnections } from './unauthenticated-connections.ts';

function create(total: number, perAddress: number) {
  const clock = new ManualClock();
  const evicted: string[] = [];
  const limits = { waiting: { total, perAddress }, begun: { total, perAddress }, patienceMs: 5_000 };
  const connections = new UnauthenticatedConnections<string>(limits);
  const record = (gone: readonly CrowdedOut<string>[]) =>
    evicted.push(...gone.map(({ item, why }) => `${item} ${why}`));
  const add = (key: string, address = '192.0.2.1') => record(connections.add(key, address, key, clock.now()));
  /** Returns why it was refused, if it was. */
  const begin = (key: string, address?: string) => {
    add(key, address);
    const gone = connections.begin(key, clock.now());
    record(gone.filter(({ item }) => item !== key));
    return gone.find(({ item }) => item === key)?.why;
  };
  return { clock, evicted, connections, add, begin };
}

it.each([
  ['one IPv4 address', '192.0.2.1', '192.0.2.1', false],
  ['an IPv4 address, written as IPv6', '::ffff:192.0.2.1', '::ffff:192.0.2.1', false],
  ['two IPv4 addresses, written as IPv6', '::ffff:192.0.2.1', '::ffff:192.0.2.2', true],
  ['two addresses of one IPv6 network', '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', false],
  ['two addresses of one IPv6 network, shortened', '2001:db8::1', '2001:db8:0:0:1::1', false],
  ['two IPv6 networks', '2001:db8:1:2::1', '2001:db8:1:3::1', true],
])('counts %s', (_, one, other, areTwo) => {
  const { add, begin, evicted, connections } = create(10, 1);
  add('one', one);
  add('other', other);
  expect(evicted).toEqual(areTwo ? [] : ['one perAddress']);
  connections.remove('one');
  connections.remove('other');
  expect(begin('third', one)).toBeUndefined();
  expect(begin('fourth', other)).toBe(areTwo ? undefined : 'perAddress');
});

describe('unauthenticated connections', () => {
  it('are forgotten when they have left, and when they are known by now', () => {
    const { connections, begin } = create(2, 2);
    for (const key of ['one', 'other']) begin(key);
    for (const key of ['one', 'other', 'other']) connections.remove(key);
    expect(connections.size).toBe(0);
    for (const key of ['third', 'fourth']) begin(key);
    expect(begin('fifth')).toBe('perAddress');
    expect(begin('sixth', '192.0.2.2')).toBe('queueFull');
  });

  it('give way at once, the oldest first, while they wait for their handshakes', () => {
    const { evicted, add, begin } = create(10, 3);
    begin('begun');
    for (const key of ['a', 'b', 'c', 'd', 'e']) add(key);
    expect(evicted).toEqual(['a perAddress', 'b perAddress']);
  });

  it('give way to those of other addresses only where the whole port has no room', () => {
    const { evicted, add } = create(3, 2);
    for (const [key, address] of [
      ['a', '192.0.2.1'],
      ['b', '192.0.2.1'],
      ['c', '192.0.2.2'],
      ['d', '192.0.2.2'],
    ] as const)
      add(key, address);
    expect(evicted).toEqual(['a queueFull']);
  });

  it('give way once their handshakes have taken too long, the oldest of the address, and none of another', () => {
    const { clock, evicted, begin } = create(10, 2);
    begin('elder', '192.0.2.9');
    for (const key of ['first', 'second']) begin(key);
    clock.advance(4_999);
    expect(begin('third')).toBe('perAddress');
    clock.advance(1);
    expect(begin('fourth')).toBeUndefined();
    expect(evicted).toEqual(['first perAddress']);
  });
});

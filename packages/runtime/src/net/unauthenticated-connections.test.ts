import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { UnauthenticatedConnections } from './unauthenticated-connections.ts';

let port = 0;

function socketOf(remoteAddress: string): Socket {
  port += 1;
  const socket = new EventEmitter() as unknown as Socket;
  const destroy = () => {
    Object.assign(socket, { remoteAddress: undefined, destroyed: true });
    socket.emit('close');
  };
  return Object.assign(socket, { remoteAddress, remotePort: port, destroy }) as Socket;
}

it.each([
  ['one IPv4 address', '192.0.2.1', '192.0.2.1', false],
  ['an IPv4 address, written as IPv6', '::ffff:192.0.2.1', '::ffff:192.0.2.1', false],
  ['two IPv4 addresses, written as IPv6', '::ffff:192.0.2.1', '::ffff:192.0.2.2', true],
  ['two addresses of one IPv6 network', '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', false],
  ['two addresses of one IPv6 network, shortened', '2001:db8::1', '2001:db8:0:0:1::1', false],
  ['two IPv6 networks', '2001:db8:1:2::1', '2001:db8:1:3::1', true],
])('counts %s', (_, one, other, areTwo) => {
  const connections = new UnauthenticatedConnections(
    { total: 10, perAddress: 1, patienceMs: 5_000 },
    new ManualClock(),
  );
  expect(connections.add(socketOf(one))).toBe(true);
  expect(connections.add(socketOf(other))).toBe(areTwo);
});

it('forgets those that have left, and those that are known by now', () => {
  const connections = new UnauthenticatedConnections({ total: 2, perAddress: 2, patienceMs: 5_000 }, new ManualClock());
  const [one, other] = [socketOf('192.0.2.1'), socketOf('192.0.2.1')];
  connections.add(one);
  connections.add(other);
  one.destroy();
  connections.remove(other);
  connections.remove(other);
  expect(connections.size).toBe(0);
  expect(
    [socketOf('192.0.2.1'), socketOf('192.0.2.1'), socketOf('192.0.2.2')].map((next) => connections.add(next)),
  ).toEqual([true, true, false]);
});

it('lets the oldest of an address go where that address has no room, and nobody of another', () => {
  const clock = new ManualClock();
  const connections = new UnauthenticatedConnections({ total: 10, perAddress: 2, patienceMs: 5_000 }, clock);
  const [elder, first, second] = [socketOf('192.0.2.9'), socketOf('192.0.2.1'), socketOf('192.0.2.1')];
  for (const socket of [elder, first, second]) connections.add(socket);
  clock.advance(5_000);
  expect(connections.add(socketOf('192.0.2.1'))).toBe(true);
  expect([elder, first, second].map(({ destroyed }) => destroyed === true)).toEqual([false, true, false]);
});

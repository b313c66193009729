import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { closed } from '../../../../test/cluster/closed.ts';
import { findFreePorts } from '../../../../test/cluster/free-ports.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { fixed } from '../live.ts';
import {
  type ConnectionLimits,
  connectionLimitsFor,
  Listener,
  type ListenerOptions,
  type Protocol,
} from './listener.ts';

it.each([
  [1_048_576, 0.5, { connections: 524_268, waiting: 8_192, unauthenticated: 2_048, unauthenticatedPerAddress: 1_024 }],
  [1_024, 0.5, { connections: 492, waiting: 246, unauthenticated: 246, unauthenticatedPerAddress: 246 }],
  [64, 0.25, { connections: 16, waiting: 8, unauthenticated: 8, unauthenticatedPerAddress: 8 }],
])('of %i files, a share of %d', (fileLimit, share, expected) => {
  const wanted = { unauthenticated: 2_048, unauthenticatedPerAddress: 1_024 };
  expect(connectionLimitsFor({ fileLimit, share, ...wanted })).toEqual(expected);
});

describe('a listener without TLS', () => {
  const listeners: Listener[] = [];
  afterEach(() => Promise.all(listeners.splice(0).map((listener) => listener[Symbol.asyncDispose]())));

  async function open(
    protocols: Protocol[],
    { moreLimits = {}, ...more }: Partial<ListenerOptions> & { moreLimits?: Partial<ConnectionLimits> } = {},
  ) {
    const welcomed: { protocol: Protocol; text: string }[] = [];
    const route = (protocol: Protocol) => (socket: Socket) => {
      socket.on('data', (chunk) => welcomed.push({ protocol, text: chunk.toString('latin1') }));
    };
    const routes = Object.fromEntries(protocols.map((protocol) => [protocol, route(protocol)]));
    const connectionLimits = { connections: 100, unauthenticated: 100, unauthenticatedPerAddress: 100, ...moreLimits };
    const listener = new Listener({
      host: '127.0.0.1',
      port: 0,
      greetingDeadlineMs: 10_000,
      routes,
      connectionLimits,
      ...more,
    });
    listeners.push(listener);
    await listener.listen();
    return { listener, welcomed };
  }

  async function say(port: number, bytes: string): Promise<Socket> {
    // Where it is turned away, what it says may come too late, and reset the connection.
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    socket.write(bytes, 'latin1');
    return socket;
  }

  it('knows two connections apart that come from one port to two addresses of this host', async () => {
    const clock = new ManualClock();
    const { listener } = await open(['mqtt'], { host: '0.0.0.0', greetingDeadlineMs: 500, attended: clock });
    const first = net.connect({ port: listener.port, host: '127.0.0.1', localAddress: '127.0.0.1' });
    await once(first, 'connect');
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    const from = { localAddress: '127.0.0.1', localPort: first.localPort as number };
    const second = net.connect({ port: listener.port, host: '127.0.0.2', ...from });
    await once(second, 'connect');
    await vi.waitFor(() => expect(listener.connections).toBe(2));
    second.destroy();
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    first.write('\x10\x0c\x00\x04MQTT', 'latin1');
    await vi.waitFor(() => expect(listener.stats().completed).toBe(1));
    // Its deadline ends after that of the one that has said its hello.
    const silent = net.connect(listener.port, '127.0.0.1').on('error', () => {});
    await vi.waitFor(() => expect(listener.connections).toBe(2));
    clock.advance(1_000);
    await closed(silent);
    expect(listener.stats().refused).toMatchObject({ silent: 1, handshakeTooLong: 0 });
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    first.destroy();
  });

  it.each([
    ['PRI * HTTP/2.0\r\n', ['h2', 'mqtt'], 'h2'],
    ['\x10\x0c\x00\x04MQTT', ['h2', 'mqtt'], 'mqtt'],
    ['GET / HTTP/1.1\r\n', ['h2', 'http1'], 'http1'],
  ] as const)('reads %j off the first bytes, and loses none of them', async (bytes, protocols, expected) => {
    const { listener, welcomed } = await open([...protocols]);
    const socket = await say(listener.port, bytes);
    while (welcomed.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(welcomed).toEqual([{ protocol: expected, text: bytes }]);
    socket.destroy();
  });

  it('refuses what nobody here speaks', async () => {
    const { listener } = await open(['mqtt']);
    await closed(await say(listener.port, 'PRI * HTTP/2.0\r\n'));
  });

  it('cuts off a client that says nothing by its deadline', async () => {
    const { listener } = await open(['mqtt'], { greetingDeadlineMs: 20 });
    const socket = net.connect(listener.port, '127.0.0.1');
    await once(socket, 'close');
    while (listener.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it.each<[string, Partial<ConnectionLimits>]>([
    ['connections', { connections: 3 }],
    ['unauthenticated', { unauthenticated: 3 }],
    ['unauthenticated of one address', { unauthenticatedPerAddress: 3 }],
  ])('closes at once who comes when as many %s are there as may be', async (_, moreLimits) => {
    const { listener, welcomed } = await open(['mqtt'], { moreLimits });
    const inside = await Promise.all([1, 2, 3].map(() => say(listener.port, '\x10')));
    await vi.waitFor(() => expect(welcomed).toHaveLength(3));
    await closed(await say(listener.port, '\x10'));
    expect(inside.every((socket) => !socket.destroyed)).toBe(true);
    inside.pop()?.destroy();
    await vi.waitFor(() => expect(listener.connections).toBe(2));
    inside.push(await say(listener.port, '\x10'));
    await vi.waitFor(() => expect(welcomed).toHaveLength(4));
    for (const socket of inside) socket.destroy();
  });

  it('takes as many more as have shown who they are', async () => {
    const sockets: Socket[] = [];
    const routes = { mqtt: (socket: Socket) => void sockets.push(socket.resume()) };
    const { listener } = await open(['mqtt'], { moreLimits: { unauthenticated: 1 }, routes });
    for (let count = 1; count <= 3; count += 1) {
      await say(listener.port, '\x10');
      await vi.waitFor(() => expect(sockets).toHaveLength(count));
      listener.markAuthenticated(sockets.at(-1) as Socket);
    }
    expect(listener.connections).toBe(3);
  });

  it('lets a newcomer in for an unauthenticated one that has stayed too long, and not before', async () => {
    const clock = new ManualClock();
    const { listener, welcomed } = await open(['mqtt'], { moreLimits: { unauthenticated: 2 }, attended: clock });
    const first = await say(listener.port, '\x10');
    await vi.waitFor(() => expect(welcomed).toHaveLength(1));
    await say(listener.port, '\x10');
    await vi.waitFor(() => expect(welcomed).toHaveLength(2));
    clock.advance(4_999);
    await closed(await say(listener.port, '\x10'));
    clock.advance(1);
    const left = once(first, 'close');
    const newcomer = await say(listener.port, '\x10');
    await left;
    await vi.waitFor(() => expect(welcomed).toHaveLength(3));
    expect([listener.connections, newcomer.destroyed]).toEqual([2, false]);
  });

  it('takes nobody new once it has stopped listening, and keeps those that are in', async () => {
    const [port = 0] = await findFreePorts(1);
    const { listener, welcomed } = await open(['mqtt'], { port });
    const socket = await say(port, '\x10');
    while (welcomed.length === 0) await new Promise((resolve) => setImmediate(resolve));
    listener.stopListening();
    await expect(once(net.connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    socket.write('\x10');
    while (welcomed.length === 1) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
  });
});

describe('a listener with TLS', () => {
  it('gives a client its time for the handshake by the clock that does not count pauses', async () => {
    const { cert, key } = await (await MadeAuthority.create('a CA')).issue({ names: ['127.0.0.1'] });
    const clock = new ManualClock();
    const connectionLimits = { connections: 100, unauthenticated: 100, unauthenticatedPerAddress: 100 };
    const routes = { mqtt: (socket: Socket) => void socket.resume() };
    await using listener = new Listener({
      ...{ host: '127.0.0.1', port: 0, greetingDeadlineMs: 20, tls: fixed({ cert, key }) },
      ...{ routes, connectionLimits, attended: clock },
    });
    await listener.listen();
    const silent = net.connect(listener.port, '127.0.0.1');
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    const greeted = tls.connect({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(greeted, 'secureConnect');
    // Longer than the deadline, by any other clock.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([silent.destroyed, listener.connections]).toEqual([false, 2]);
    silent.resume();
    const cut = once(silent, 'close');
    clock.advance(250);
    await cut;
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    greeted.destroy();
  });
});

import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { type DoorBounds, FrontDoor, type FrontDoorOptions, type Speech } from './front-door.ts';

describe('a front door without TLS', () => {
  const doors: FrontDoor[] = [];
  afterEach(() => Promise.all(doors.splice(0).map((door) => door[Symbol.asyncDispose]())));

  async function open(
    speeches: Speech[],
    { moreBounds = {}, ...more }: Partial<FrontDoorOptions> & { moreBounds?: Partial<DoorBounds> } = {},
  ) {
    const welcomed: { speech: Speech; text: string }[] = [];
    const route = (speech: Speech) => (socket: Socket) => {
      socket.on('data', (chunk) => welcomed.push({ speech, text: chunk.toString('latin1') }));
    };
    const routes = Object.fromEntries(speeches.map((speech) => [speech, route(speech)]));
    const bounds = { connections: 100, strangers: 100, strangersPerAddress: 100, ...moreBounds };
    const door = new FrontDoor({ host: '127.0.0.1', port: 0, greetingDeadlineMs: 10_000, routes, bounds, ...more });
    doors.push(door);
    await door.listen();
    return { door, welcomed };
  }

  async function say(port: number, bytes: string): Promise<Socket> {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(bytes, 'latin1');
    return socket;
  }

  it.each([
    ['PRI * HTTP/2.0\r\n', ['h2', 'mqtt'], 'h2'],
    ['\x10\x0c\x00\x04MQTT', ['h2', 'mqtt'], 'mqtt'],
    ['GET / HTTP/1.1\r\n', ['h2', 'http1'], 'http1'],
  ] as const)('reads %j off the first bytes, and loses none of them', async (bytes, speeches, expected) => {
    const { door, welcomed } = await open([...speeches]);
    const socket = await say(door.port, bytes);
    while (welcomed.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(welcomed).toEqual([{ speech: expected, text: bytes }]);
    socket.destroy();
  });

  it('refuses what nobody here speaks', async () => {
    const { door } = await open(['mqtt']);
    await once(await say(door.port, 'PRI * HTTP/2.0\r\n'), 'close');
  });

  it('cuts off a client that says nothing by its deadline', async () => {
    const { door } = await open(['mqtt'], { greetingDeadlineMs: 20 });
    const socket = net.connect(door.port, '127.0.0.1');
    await once(socket, 'close');
    while (door.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it.each<[string, Partial<DoorBounds>]>([
    ['connections', { connections: 3 }],
    ['strangers', { strangers: 3 }],
    ['strangers of one address', { strangersPerAddress: 3 }],
  ])('closes at once who comes when as many %s are there as may be', async (_, moreBounds) => {
    const { door, welcomed } = await open(['mqtt'], { moreBounds });
    const inside = await Promise.all([1, 2, 3].map(() => say(door.port, '\x10')));
    await vi.waitFor(() => expect(welcomed).toHaveLength(3));
    await once(await say(door.port, '\x10'), 'close');
    expect(inside.every((socket) => !socket.destroyed)).toBe(true);
    inside.pop()?.destroy();
    await vi.waitFor(() => expect(door.connections).toBe(2));
    inside.push(await say(door.port, '\x10'));
    await vi.waitFor(() => expect(welcomed).toHaveLength(4));
    for (const socket of inside) socket.destroy();
  });

  it('takes as many more as have shown who they are', async () => {
    const sockets: Socket[] = [];
    const routes = { mqtt: (socket: Socket) => void sockets.push(socket.resume()) };
    const { door } = await open(['mqtt'], { moreBounds: { strangers: 1 }, routes });
    for (let count = 1; count <= 3; count += 1) {
      await say(door.port, '\x10');
      await vi.waitFor(() => expect(sockets).toHaveLength(count));
      door.admit(sockets.at(-1) as Socket);
    }
    expect(door.connections).toBe(3);
  });

  it('lets a newcomer in for a stranger who has stayed too long, and not before', async () => {
    const clock = new ManualClock();
    const { door, welcomed } = await open(['mqtt'], { moreBounds: { strangers: 2 }, attended: clock });
    const [first] = [await say(door.port, '\x10'), await say(door.port, '\x10')];
    await vi.waitFor(() => expect(welcomed).toHaveLength(2));
    clock.advance(4_999);
    await once(await say(door.port, '\x10'), 'close');
    clock.advance(1);
    const left = once(first, 'close');
    const newcomer = await say(door.port, '\x10');
    await left;
    await vi.waitFor(() => expect(welcomed).toHaveLength(3));
    expect([door.connections, newcomer.destroyed]).toEqual([2, false]);
  });

  it('takes nobody new once it has stopped listening, and keeps those that are in', async () => {
    const { door, welcomed } = await open(['mqtt']);
    const socket = await say(door.port, '\x10');
    const { port } = door;
    while (welcomed.length === 0) await new Promise((resolve) => setImmediate(resolve));
    door.stopListening();
    await expect(once(net.connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    socket.write('\x10');
    while (welcomed.length === 1) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
  });
});

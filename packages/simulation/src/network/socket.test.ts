import { once } from 'node:events';
import { expect, it } from 'vitest';
import { Ambient } from '../world/ambient.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { World } from '../world/world.ts';
import { GrpcServer } from './grpc-server.ts';
import { Network } from './network.ts';
import { connectSocket, type VirtualSocket } from './socket.ts';

/** A client and the socket that a server has got from it, after the client's first words. */
async function connect() {
  const world = new World(1);
  const network = new Network(world);
  const [near, far] = [new Host('d-1', '10.0.0.1'), new Host('dp-1', '10.0.0.2')].map((host) => network.addHost(host));
  const [client, server] = [near, far].map(
    (host) => new SimulatedProcess(world, (host as Host).name, host as Host),
  ) as [SimulatedProcess, SimulatedProcess];
  const accepted = Promise.withResolvers<VirtualSocket>();
  const port = new GrpcServer({
    ...{ network, process: server, address: '10.0.0.2', port: 1, services: [], onFault: () => {} },
    onSocket: (socket) => accepted.resolve(socket),
  });
  const run = (forMs: number) => world.runUntil(world.nowMs + forMs);
  const socket = client.run(() =>
    connectSocket({
      ...{ network, process: client, address: '10.0.0.2', port: 1 },
      opened: () => void socket.write('hello'),
    }),
  );
  await run(1_000);
  const other = await accepted.promise;
  return { socket, other, port, run, client, server, connection: socket.connection };
}

it('carries bytes in their order, and ends for both once either has ended', async () => {
  using _ambient = new Ambient();
  const { socket, other, port, run, client, server } = await connect();
  expect(port.socketPeers).toEqual(['10.0.0.1']);
  const heard: string[] = [];
  server.receive(() => other.on('data', (bytes: Buffer) => heard.push(bytes.toString())));
  const answers: string[] = [];
  client.receive(() => socket.on('data', (bytes: Buffer) => answers.push(bytes.toString())));
  client.receive(() => {
    for (const word of ['one', 'two']) socket.write(word);
  });
  await run(1_000);
  const closed = [once(socket, 'close'), once(other, 'close')];
  server.receive(() => void other.end('goodbye'));
  await run(1_000);
  await Promise.all(closed);
  expect(heard.join(' ')).toBe('hello one two');
  expect(answers.join(' ')).toBe('goodbye');
  expect(port.socketPeers).toEqual([]);
});

it('lets a sender wait while the other side does not read', async () => {
  using _ambient = new Ambient();
  const { socket, other, run, client, server } = await connect();
  const pieces = 20;
  let written = 0;
  client.receive(() => {
    for (let piece = 0; piece < pieces; piece += 1) socket.write(Buffer.alloc(65_536), () => (written += 1));
  });
  await run(10_000);
  expect(written).toBeLessThan(10);
  expect(socket.writableLength).toBeGreaterThan(0);
  server.receive(() => void other.resume());
  await run(10_000);
  expect(written).toBe(pieces);
});

it('tells nobody that it is half-open, and both that it broke', async () => {
  using _ambient = new Ambient();
  const halfOpen = await connect();
  halfOpen.connection.forget();
  halfOpen.client.receive(() => void halfOpen.socket.destroy());
  await halfOpen.run(10_000);
  expect(halfOpen.other.destroyed).toBe(false);
  const broken = await connect();
  broken.connection.break('connection reset');
  await broken.run(1_000);
  expect([broken.socket.errored?.message, broken.other.errored?.message]).toEqual([
    'connection reset',
    'connection reset',
  ]);
});

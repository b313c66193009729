import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { Barrier, silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { resetFrame } from '../../../../../test/cluster/raw-http2.ts';
import type { DeviceInput } from '../../session/on-device.ts';
import { type ConnectCall, GrpcLink } from './link.ts';

/** A device's call over a real connection, and what its link hears; without a session. */
async function openGrpcLink() {
  const said: DeviceInput[] = [];
  const barrier = new Barrier({ logger: silentLogger });
  const settings = {
    nodeId: 'dp-1',
    keepAlive: { defaultMs: 30_000, maxMs: 1_200_000 },
    barrier,
    attended: systemClock,
    markAuthenticated: () => {},
  };
  const server = new Server();
  server.addService(DeviceLinkService.service, {
    connect: (call: ConnectCall) => new GrpcLink(call, settings, () => (heard) => void said.push(heard)),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const sockets: Socket[] = [];
  const wire = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    sockets.push(socket, onward);
    socket.on('error', () => onward.destroy()).pipe(onward);
    onward.on('error', () => socket.destroy()).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(wire, 'listening');
  const { port: entry } = wire.address() as { port: number };
  const client = new DeviceLinkService(`127.0.0.1:${entry}`, credentials.createInsecure());
  const call = client.connect();
  call.on('error', () => {});
  call.on('data', () => {});
  call.write({ hello: { ticket: 't' } });
  await vi.waitUntil(() => said.length === 1);
  return {
    ...{ said, call },
    // Not `cancel`: a client of grpc-js closes its side first, and resets the call in another packet.
    reset: () => sockets[1]?.write(resetFrame(1)),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      client.close();
      wire.close();
      server.forceShutdown();
    },
  };
}

type Opened = Awaited<ReturnType<typeof openGrpcLink>>;

describe('the end of a gRPC link', () => {
  it.each<[string, (opened: Opened) => unknown, DeviceInput]>([
    ['that says goodbye', ({ call }) => call.write({ goodbye: {} }), { kind: 'goodbye' }],
    ['that closes its side', ({ call }) => call.end(), { kind: 'hang-up' }],
    ['that gives the call up', ({ reset }) => reset(), { kind: 'fault', reason: 'linkLost' }],
    ['whose connection breaks', ({ cut }) => cut(), { kind: 'fault', reason: 'linkLost' }],
  ])('of a device %s is told from others', async (_, act, expected) => {
    await using opened = await openGrpcLink();
    act(opened);
    await vi.waitUntil(() => opened.said.length > 1);
    // A session would hear no more after this.
    expect(opened.said[1]).toEqual(expected);
  });
});

import { connect, createServer, type Socket } from 'node:net';
import { limits } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { Inbox } from '../inbox.fixture.ts';
import { DeviceKeepAlive } from '../keep-alive-interval.ts';
import type { LinkCommand, LinkEnd } from '../link.ts';
import { mqttLinks } from './link.ts';
import { startMqttPushServer } from './push-server.fixture.ts';
import type { OpenSocket } from './wire.ts';

const settings = {
  deviceId: 'd1',
  agent: '',
  keepAlive: new DeviceKeepAlive(60_000, 1_200_000),
  payloadEncoding: 'protobuf',
  operations: () => ['force_sync', 'custom:reboot'],
  clock: new ManualClock(),
} as const;

function open(server: { nodeId: string; address: string; port: number }) {
  const ends = new Inbox<LinkEnd>();
  const commands = new Inbox<LinkCommand>();
  const openSocket: OpenSocket = ({ address, port }, opened) => connect({ host: address, port }, opened);
  const link = mqttLinks(settings, 5, openSocket)(server, 'the ticket', {
    welcomed: () => undefined,
    command: (command) => commands.push(command),
    cancel: () => undefined,
    ended: (end) => ends.push(end),
  });
  return { link, ends, commands };
}

it('introduces itself with its id, its ticket, its payload encoding and what it can do', async () => {
  await using server = await startMqttPushServer();
  const { link } = open(server.server);
  await server.links.next();
  expect(server.connects[0]).toMatchObject({
    clientId: 'd1',
    username: 'd1',
    password: Buffer.from('the ticket'),
    clean: true,
    keepalive: 60,
    properties: {
      maximumPacketSize: limits.frameBytes,
      userProperties: {
        'pushfleet-payload-encoding': 'protobuf',
        'pushfleet-operations': 'force_sync,custom:reboot',
      },
    },
  });
  await link.close();
});

it('reads binary payloads where it declared them', async () => {
  await using server = await startMqttPushServer();
  const { link, commands } = open(server.server);
  const connection = await server.links.next();
  connection.send('c1', { kind: 'forceSync', forceSync: { reason: 'binary' } });
  expect(await commands.next()).toMatchObject({ id: 'c1', operation: { forceSync: { reason: 'binary' } } });
  await link.close();
});

async function serveRaw(serve: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { at: { nodeId: 'a', address: '127.0.0.1', port }, [Symbol.dispose]: () => void server.close() };
}

it('closes on a packet that is larger than the limit, without taking it in', async () => {
  using server = await serveRaw((socket) => {
    // PUBLISH with a remaining length of 2 MiB.
    socket.write(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x01]));
    socket.write(Buffer.alloc(limits.frameBytes + 70_000));
  });
  const { ends } = open(server.at);
  expect(await ends.next()).toMatchObject({ reason: 'linkLost', detail: expect.stringContaining('larger than') });
});

it('closes on what is not MQTT', async () => {
  using server = await serveRaw((socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const { ends } = open(server.at);
  expect(await ends.next()).toMatchObject({ reason: 'linkLost' });
});

it('gives up a server that does not answer in time', async () => {
  using server = await serveRaw(() => undefined);
  const { ends } = open(server.at);
  settings.clock.advance(limits.greetingDeadlineMs);
  expect(await ends.next()).toMatchObject({ reason: 'linkLost', detail: expect.stringContaining('10000 ms') });
});

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { DeviceId } from '@pushfleet/protocol';
import { Barrier, silentLogger, systemClock } from '@pushfleet/runtime';
import { parser as createParser, generate, type IConnectPacket, type Packet } from 'mqtt-packet';
import { vi } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import type { DeviceInput } from '../../session/on-device.ts';
import { DelayedAcks } from './delayed-acks.ts';
import { MqttLink } from './link.ts';
import type { MqttVersion } from './wire/rule.ts';

/**
 * Both ends of one MQTT link over a real socket, without a session: a test plays that.
 * @param greeting In place of a CONNECT with these properties.
 */
export async function openMqttLink(
  version: MqttVersion,
  properties: IConnectPacket['properties'] = {},
  greeting?: Uint8Array,
) {
  const barrier = new Barrier({ logger: silentLogger });
  const clock = new ManualClock();
  const settings = {
    nodeId: 'dp-1',
    keepAlive: { defaultMs: 30_000, maxMs: 1_200_000 },
    barrier,
    attended: systemClock,
    markAuthenticated: () => {},
    acks: new DelayedAcks(clock),
  };
  const said: DeviceInput[] = [];
  const opened = Promise.withResolvers<MqttLink>();
  const server = createServer((socket) => {
    // As the listener does: whoever goes with something unread resets the connection.
    socket.on('error', () => socket.destroy());
    opened.resolve(new MqttLink(socket, settings, () => (heard) => void said.push(heard)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  const received: Packet[] = [];
  const parser = createParser({ protocolVersion: version });
  parser.on('packet', (packet: Packet) => received.push(packet));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    parser.parse(chunk);
  });
  const send = (packet: Packet) => void socket.write(generate(packet, { protocolVersion: version }));
  const link = await opened.promise;
  if (greeting) socket.write(greeting);
  else send(connectPacket(version, properties));
  await vi.waitUntil(() => said.length > 0);
  return {
    ...{ link, said, send, received, chunks, clock },
    /** Until the client has said so many of this kind. */
    heard: (kind: DeviceInput['kind'], count = 1) =>
      vi.waitUntil(() => said.filter((one) => one.kind === kind).length >= count),
    hasEnded: () => socket.readableEnded,
    write: (hex: string) => void socket.write(Buffer.from(hex, 'hex')),
    /** Until the client has received `count` packets of this kind. */
    receive: async <Cmd extends Packet['cmd']>(cmd: Cmd, count = 1) => {
      const found = () => received.filter((packet) => packet.cmd === cmd) as Extract<Packet, { cmd: Cmd }>[];
      await vi.waitUntil(() => found().length >= count);
      return found();
    },
    /** Until the client has received all that the link has sent so far. */
    settle: async () => {
      const before = received.filter(({ cmd }) => cmd === 'pingresp').length;
      link.send({ kind: 'pong' });
      await vi.waitUntil(() => received.filter(({ cmd }) => cmd === 'pingresp').length > before);
    },
    attach: async (device: DeviceId, qos: 0 | 1 = 1) => {
      link.send({ kind: 'accepted', device });
      send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic: `pushfleet/devices/${device}/commands/#`, qos }],
      });
      await vi.waitUntil(() => said.some(({ kind }) => kind === 'attach'));
      link.send({ kind: 'attached', device });
    },
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function connectPacket(version: MqttVersion, properties: IConnectPacket['properties']): IConnectPacket {
  const packet: IConnectPacket = {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clientId: 'd1',
    clean: true,
    keepalive: 30,
    username: 'd1',
    password: Buffer.from('ticket'),
  };
  return version === 5 && properties ? { ...packet, properties } : packet;
}

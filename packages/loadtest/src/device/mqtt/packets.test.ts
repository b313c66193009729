import { generate, type Packet, parser } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { PacketReader } from './packet-reader.ts';
import { encodeAnswer, encodeConnect, encodePuback, encodeSubscribe } from './packets.ts';
import { propertiesBytes, readProperties } from './properties.ts';

function decode(bytes: Buffer, protocolVersion: 4 | 5): Packet[] {
  const packets: Packet[] = [];
  const decoder = parser({ protocolVersion });
  decoder.on('packet', (packet) => packets.push(packet));
  decoder.on('error', (error) => {
    throw error;
  });
  decoder.parse(bytes);
  return packets;
}

describe.each([4, 5] as const)('packets of MQTT version %i, as another codec reads them', (version) => {
  it('says who the device is', () => {
    const ticket = 'e'.repeat(700);
    const [packet] = decode(encodeConnect({ version, deviceId: 'load-1', ticket, keepAliveSeconds: 30 }), version);
    expect(packet).toMatchObject({
      cmd: 'connect',
      protocolVersion: version,
      clean: true,
      clientId: 'load-1',
      username: 'load-1',
      keepalive: 30,
    });
    expect(String((packet as { password?: Buffer }).password)).toBe(ticket);
  });

  it('subscribes with QoS 1', () => {
    const [packet] = decode(encodeSubscribe(version, 'pushfleet/devices/load-1/commands/#'), version);
    expect(packet).toMatchObject({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'pushfleet/devices/load-1/commands/#', qos: 1 }],
    });
  });

  it('confirms a command and publishes its result in one piece', () => {
    const payload = JSON.stringify({ failed: { reason: `ä${'x'.repeat(200)}` } });
    const answer = { version, confirms: 7, topic: 't/1', payload, packetId: undefined };
    const [puback, publish] = decode(encodeAnswer(answer), version);
    expect(puback).toMatchObject({ cmd: 'puback', messageId: 7 });
    expect(publish).toMatchObject({ cmd: 'publish', topic: 't/1', qos: 0 });
    expect(String((publish as { payload: Buffer }).payload)).toBe(payload);
  });

  it('publishes the result of a durable command with QoS 1', () => {
    const answer = { version, confirms: undefined, topic: 't/1', payload: '{}', packetId: 300 };
    expect(decode(encodeAnswer(answer), version)).toMatchObject([{ cmd: 'publish', qos: 1, messageId: 300 }]);
  });

  it('confirms alone', () => {
    expect(decode(encodePuback(65_535), version)).toMatchObject([{ cmd: 'puback', messageId: 65_535 }]);
  });
});

const connack = generate(
  {
    cmd: 'connack',
    sessionPresent: false,
    reasonCode: 0x9c,
    properties: {
      serverKeepAlive: 30,
      receiveMaximum: 1_024,
      maximumPacketSize: 1_441_792,
      retainAvailable: false,
      assignedClientIdentifier: 'someone',
      reasonString: 'the push server hands its devices over',
      serverReference: '127.0.0.1:13296',
      userProperties: { 'pushfleet-close-reason': 'useAnotherServer', 'pushfleet-node-id': 'dp-2' },
    },
  },
  { protocolVersion: 5 },
);
const publish = generate(
  {
    cmd: 'publish',
    topic: 'pushfleet/devices/load-1/commands/c-1/force_sync',
    payload: Buffer.from(`{"reason":"us=17 ${'x'.repeat(300)}"}`),
    qos: 1,
    messageId: 3,
    dup: false,
    retain: false,
    properties: { responseTopic: 'r', correlationData: Buffer.from('c-1'), messageExpiryInterval: 30 },
  },
  { protocolVersion: 5 },
);

it('cuts packets out of any chunks', () => {
  const stream = Buffer.concat([connack, publish, Buffer.from([0xd0, 0])]);
  for (let at = 0; at <= stream.length; at += 1) {
    const packets: [number, number][] = [];
    const reader = new PacketReader((firstByte, body) => packets.push([firstByte, body.length]));
    reader.read(stream.subarray(0, at));
    reader.read(stream.subarray(at));
    expect(packets).toEqual([
      [0x20, connack.length - 3],
      [0x32, publish.length - 3],
      [0xd0, 0],
    ]);
  }
});

it('refuses a length that is none', () => {
  const reader = new PacketReader(() => {});
  expect(() => reader.read(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff]))).toThrow('more than four bytes');
});

it('reads the properties that say where to go', () => {
  const body = connack.subarray(3);
  expect(readProperties(body, 2)).toEqual({
    serverKeepAliveSeconds: 30,
    serverReference: '127.0.0.1:13296',
    userProperties: { 'pushfleet-close-reason': 'useAnotherServer', 'pushfleet-node-id': 'dp-2' },
  });
  expect(propertiesBytes(body, 2)).toBe(body.length - 2);
});

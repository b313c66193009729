import {
  type CommandId,
  commandTopic,
  decodeCancel,
  encodeResult,
  operationsKey,
  parseDeviceId,
  payloadEncodingKey,
  readCapabilities,
  resultTopic,
  type device as wire,
} from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import type { PushedCommand } from '../../session/command.ts';
import { openMqttLink } from './link.fixture.ts';

const device = parseDeviceId('d1');
const durable = 'd-1' as CommandId;
const direct = 'c1' as CommandId;
const versions = [4, 5] as const;

function command(more: Partial<PushedCommand> = {}): PushedCommand {
  const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
  const base = {
    operation,
    payloadBytes: 1,
    deliverByMs: 1_000,
    finishByMs: 5_000,
    channel: 1,
    redelivered: false,
    isSuspect: false,
  };
  return { ...base, id: durable, ...more };
}

function results(id: CommandId): Record<'running' | 'succeeded', wire.CommandResult> {
  return {
    running: { commandId: id, outcome: 'running', running: { progress: null, statistics: null } },
    succeeded: {
      commandId: id,
      outcome: 'succeeded',
      succeeded: { output: Buffer.from('done'), statistics: null, alreadyEnded: false },
    },
  };
}

function publish(id: CommandId, outcome: 'running' | 'succeeded', messageId: number) {
  const payload = encodeResult(results(id)[outcome], 'json');
  const topic = resultTopic(device, id);
  return { cmd: 'publish', topic, payload, messageId, qos: 1, dup: false, retain: false } as const;
}

describe('what an MQTT device declares', () => {
  const declared = { userProperties: { [operationsKey]: 'force_sync, custom:reboot' } };

  it('stands in a user property of its CONNECT', async () => {
    await using mqtt = await openMqttLink(5, declared);
    const capabilities = readCapabilities(['force_sync', 'custom:reboot']);
    expect(capabilities?.size).toBe(2);
    expect(mqtt.said).toMatchObject([{ kind: 'hello', terms: { capabilities } }]);
  });

  it.each(versions)('is nothing where MQTT %i has not said it', async (version) => {
    await using mqtt = await openMqttLink(version);
    expect(mqtt.said).toMatchObject([{ kind: 'hello', terms: { capabilities: undefined } }]);
  });
});

describe.each(versions)('a command over MQTT %i', (version) => {
  it.each([
    [false, 1, false],
    [true, 1, true],
    [true, 0, false],
  ] as const)('redelivered %s, QoS %i: DUP is %s', async (redelivered, qos, dup) => {
    await using mqtt = await openMqttLink(version);
    await mqtt.attach(device, qos);
    mqtt.link.send({ kind: 'command', command: command({ redelivered }), device, nowMs: 0 });
    const [packet] = await mqtt.receive('publish');
    expect(packet).toMatchObject({ topic: commandTopic(device, durable, 'force_sync'), qos, dup });
  });

  it.each([
    [1, 1],
    [0, 0],
  ] as const)('that is withdrawn is said so on its own topic, QoS %i', async (subscribed, qos) => {
    await using mqtt = await openMqttLink(version);
    await mqtt.attach(device, subscribed);
    mqtt.link.send({ kind: 'cancel', command: durable, reason: 'why', device });
    const [packet] = await mqtt.receive('publish');
    expect(packet).toMatchObject({ topic: commandTopic(device, durable, 'cancel'), qos });
    expect(JSON.parse(String(packet?.payload))).toEqual({ reason: 'why' });
    // The device confirms it; that confirms no command.
    if (qos === 1) mqtt.send({ cmd: 'puback', messageId: packet?.messageId ?? 0 });
    mqtt.send({ cmd: 'pingreq' });
    await vi.waitUntil(() => mqtt.said.some(({ kind }) => kind === 'ping'));
    expect(mqtt.said.map(({ kind }) => kind)).toEqual(['hello', 'attach', 'ping']);
  });

  it('is acknowledged once its result is kept, and its progress at once', async () => {
    await using mqtt = await openMqttLink(version);
    await mqtt.attach(device);
    mqtt.send(publish(durable, 'running', 11));
    mqtt.send(publish(durable, 'succeeded', 12));
    mqtt.send(publish(durable, 'succeeded', 13));
    await vi.waitUntil(() => mqtt.said.filter(({ kind }) => kind === 'result').length === 3);
    expect((await mqtt.receive('puback')).map(({ messageId }) => messageId)).toEqual([11]);
    await mqtt.settle();
    expect(await mqtt.receive('puback')).toHaveLength(1);
    mqtt.link.send({ kind: 'result-received', command: 'd-2' as CommandId });
    mqtt.link.send({ kind: 'result-received', command: durable });
    mqtt.link.send({ kind: 'result-received', command: durable });
    await mqtt.settle();
    expect((await mqtt.receive('puback', 3)).map(({ messageId }) => messageId)).toEqual([11, 12, 13]);
  });

  it('has its result acknowledged together with the next packet', async () => {
    await using mqtt = await openMqttLink(version);
    await mqtt.attach(device);
    mqtt.send(publish(direct, 'succeeded', 11));
    await mqtt.heard('result');
    const before = mqtt.chunks.length;
    mqtt.link.send({ kind: 'cancel', command: 'c2' as CommandId, reason: '', device });
    await mqtt.receive('puback');
    expect(mqtt.received.slice(-2).map(({ cmd }) => cmd)).toEqual(['puback', 'publish']);
    expect(mqtt.chunks).toHaveLength(before + 1);
    // They are written once.
    mqtt.clock.advance(1_000);
    await mqtt.settle();
    expect(await mqtt.receive('puback')).toHaveLength(1);
  });

  it('has its result acknowledged by itself after a quarter of a second', async () => {
    await using mqtt = await openMqttLink(version);
    await mqtt.attach(device);
    mqtt.send(publish(direct, 'succeeded', 11));
    await mqtt.heard('result');
    mqtt.clock.advance(249);
    await new Promise(setImmediate);
    expect(mqtt.received.map(({ cmd }) => cmd)).not.toContain('puback');
    mqtt.clock.advance(1);
    expect((await mqtt.receive('puback')).map(({ messageId }) => messageId)).toEqual([11]);
    mqtt.send(publish(direct, 'succeeded', 12));
    await mqtt.heard('result', 2);
    mqtt.clock.advance(250);
    await mqtt.receive('puback', 2);
  });

  it('has its result acknowledged before the link ends', async () => {
    await using mqtt = await openMqttLink(version);
    await mqtt.attach(device);
    mqtt.send(publish(direct, 'succeeded', 11));
    await mqtt.heard('result');
    mqtt.link.end('useAnotherServer');
    await mqtt.receive('puback');
    await vi.waitUntil(() => mqtt.hasEnded());
    expect(mqtt.received.at(-1)?.cmd).toBe(version === 5 ? 'disconnect' : 'puback');
  });

  it('waits for no other packet once there are eight acknowledgements', async () => {
    await using mqtt = await openMqttLink(version);
    await mqtt.attach(device);
    for (let n = 1; n <= 9; n += 1) mqtt.send(publish(`c${n}` as CommandId, 'succeeded', n));
    await mqtt.heard('result', 9);
    expect(await mqtt.receive('puback', 8)).toHaveLength(8);
    mqtt.clock.advance(250);
    await mqtt.receive('puback', 9);
  });

  it('has its result acknowledged at once where the client takes no commands', async () => {
    await using mqtt = await openMqttLink(version);
    mqtt.link.send({ kind: 'accepted', device });
    mqtt.send(publish(direct, 'succeeded', 11));
    expect((await mqtt.receive('puback')).map(({ messageId }) => messageId)).toEqual([11]);
  });
});

describe('a command over MQTT 5', () => {
  it('is withdrawn without QoS 1 where the client takes few packets at once', async () => {
    await using mqtt = await openMqttLink(5, { receiveMaximum: 4 });
    await mqtt.attach(device);
    mqtt.link.send({ kind: 'cancel', command: durable, reason: '', device });
    const [packet] = await mqtt.receive('publish');
    expect(packet).toMatchObject({ qos: 0 });
    expect(JSON.parse(String(packet?.payload))).toEqual({});
  });

  it('is withdrawn in the encoding that the client declares', async () => {
    await using mqtt = await openMqttLink(5, { userProperties: { [payloadEncodingKey]: 'protobuf' } });
    await mqtt.attach(device);
    mqtt.link.send({ kind: 'cancel', command: durable, reason: 'why', device });
    const [packet] = await mqtt.receive('publish');
    expect(decodeCancel(packet?.payload as Buffer, 'protobuf')).toBe('why');
  });

  it('has the payload of its own operation, whatever went before', async () => {
    await using mqtt = await openMqttLink(5);
    await mqtt.attach(device);
    const operations: PushedCommand['operation'][] = [
      ...['one', 'one', 'two', 'two'].map((reason) => ({ kind: 'forceSync', forceSync: { reason } }) as const),
      { kind: 'stopTask', stopTask: { taskId: 'two' } },
      { kind: 'forceSync', forceSync: { reason: '' } },
    ];
    for (const operation of operations) {
      mqtt.link.send({ kind: 'command', command: command({ operation }), device, nowMs: 0 });
    }
    const packets = await mqtt.receive('publish', operations.length);
    expect(packets.map(({ payload }) => JSON.parse(String(payload)))).toEqual([
      ...[{ reason: 'one' }, { reason: 'one' }, { reason: 'two' }, { reason: 'two' }],
      ...[{ taskId: 'two' }, {}],
    ]);
  });
});

describe('a packet that brings the codec down', () => {
  it('ends its link alone: CONNECT with a user property that is longer than the packet', async () => {
    const packet = '102600044d5154540502001e1926001470757368666c6565742d6f7065726174696f6e73ffff0000';
    await using mqtt = await openMqttLink(5, {}, Buffer.from(packet, 'hex'));
    expect(mqtt.said).toMatchObject([{ kind: 'fault' }]);
  });

  it.each(versions)('ends its link alone: SUBSCRIBE without a filter, MQTT %i', async (version) => {
    await using mqtt = await openMqttLink(version);
    await mqtt.attach(device);
    mqtt.write(version === 5 ? '8203000100' : '82020001');
    await vi.waitUntil(() => mqtt.said.some(({ kind }) => kind === 'fault'));
  });
});

describe('the end that a device makes of its link', () => {
  it.each([
    ['e000', { kind: 'goodbye' }],
    ['e00100', { kind: 'goodbye' }],
    ['e00104', { kind: 'goodbye' }],
    ['e00180', { kind: 'fault', reason: 'deviceError' }],
    ['e00195', { kind: 'fault', reason: 'deviceError' }],
    ['e0029300', { kind: 'fault', reason: 'deviceError' }],
  ])('is a goodbye only without an error: %s', async (hex, expected) => {
    await using mqtt = await openMqttLink(5);
    await mqtt.attach(device);
    mqtt.write(hex);
    await vi.waitUntil(() => mqtt.said.length === 3);
    expect(mqtt.said.at(-1)).toEqual(expected);
  });

  it('over an error is not answered', async () => {
    await using mqtt = await openMqttLink(5);
    await mqtt.attach(device);
    await mqtt.settle();
    mqtt.link.end('deviceError');
    await vi.waitUntil(() => mqtt.hasEnded());
    expect(mqtt.received.map(({ cmd }) => cmd)).not.toContain('disconnect');
  });
});

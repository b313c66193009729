import { type CommandId, parseDeviceId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { CommandPublisher } from './command-publisher.ts';
import type { MqttTerms } from './connect-terms.ts';

const device = parseDeviceId('d1');
const terms: MqttTerms = {
  ...{ version: 5, encoding: 'json', keepsSession: false, wantsProblems: true },
  ...{ maxPacketBytes: Number.POSITIVE_INFINITY, receiveMaximum: 65_535 },
};

function publish(publisher: CommandPublisher, id: string): number {
  const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
  const times = { deliverByMs: 1, finishByMs: 1 };
  const command = {
    id: id as CommandId,
    operation,
    payloadBytes: 1,
    channel: 1,
    redelivered: false,
    isSuspect: false,
    ...times,
  };
  const packet = publisher.publish({ kind: 'command', command, device, nowMs: 0 }, 1, terms);
  if (typeof packet === 'number') throw new Error('too large');
  const topicLength = packet.readUInt16BE(2);
  return packet.readUInt16BE(4 + topicLength);
}

it('[MQTT-2.2.1-4] gives no packet an identifier that is in use, however many have come and gone', () => {
  const publisher = new CommandPublisher();
  const kept = publish(publisher, 'kept');
  for (let n = 0; n < 140_000; n += 1) {
    const packetId = publish(publisher, 'c');
    expect(packetId > 0 && packetId <= 65_535 && packetId !== kept).toBe(true);
    expect(publisher.confirm(packetId)).toBe('c');
  }
  expect(publisher.confirm(kept)).toBe('kept');
  expect(publisher.confirm(kept)).toBeUndefined();
});

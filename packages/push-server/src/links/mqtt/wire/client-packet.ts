import { ByteReader } from './byte-reader.ts';
import { type ConnectPacket, readConnect } from './connect.ts';
import { type DisconnectPacket, readDisconnect } from './disconnect.ts';
import type { Frame } from './frame-reader.ts';
import { type PubackPacket, readPuback } from './puback.ts';
import { type PublishPacket, readPublish } from './publish.ts';
import { createCheck, type MqttVersion } from './rule.ts';
import { readSubscribe, readUnsubscribe, type SubscribePacket, type UnsubscribePacket } from './subscribe.ts';

/** A packet of a client that breaks none of the rules which a packet can break by itself. */
export type ClientPacket =
  | ConnectPacket
  | PublishPacket
  | PubackPacket
  | SubscribePacket
  | UnsubscribePacket
  | { kind: 'pingreq' }
  | DisconnectPacket;

/** The properties of a connection that reading its packets depends on. */
export interface WireTerms {
  version: MqttVersion;
  /** The CONNECT asked for a session that outlives the connection. */
  keepsSession: boolean;
}

export const PacketType = {
  connect: 1,
  publish: 3,
  puback: 4,
  pubrel: 6,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
  auth: 15,
} as const;

/** PUBREL, SUBSCRIBE and UNSUBSCRIBE have 0010 there, PUBLISH has flags. */
function requiredFlags(type: number): number {
  return type === PacketType.pubrel || type === PacketType.subscribe || type === PacketType.unsubscribe ? 2 : 0;
}

const readTypes = new Set<number>([1, 3, 4, 8, 10, 12, 14]);

const check = createCheck<Frame>([
  {
    clause: { 5: '2.1.2', 4: '2.2.1' },
    says: 'packet type 0 is reserved',
    reason: 'malformed',
    broken: ({ type }) => type === 0,
  },
  {
    clause: { 4: '2.2.1' },
    says: 'packet type 15 is reserved',
    reason: 'malformed',
    broken: ({ type }) => type === PacketType.auth,
  },
  {
    clause: { 5: 'MQTT-2.1.3-1', 4: 'MQTT-2.2.2-2' },
    says: 'reserved flags must be as the packet type has them',
    reason: 'malformed',
    broken: ({ type, flags }) => type !== PacketType.publish && flags !== requiredFlags(type),
  },
  {
    clause: { 5: 'MQTT-1.5.5-1' },
    says: 'the Remaining Length must be as short as possible',
    reason: 'malformed',
    broken: ({ length, lengthBytes }) => lengthBytes > 1 && length < 0x80 ** (lengthBytes - 1),
  },
  {
    clause: { 5: 'MQTT-4.12.0-7' },
    says: 'AUTH must not be sent without an Authentication Method in CONNECT',
    reason: 'protocolError',
    broken: ({ type }) => type === PacketType.auth,
  },
  {
    clause: { 5: '2.1.2', 4: '2.2.1' },
    says: 'this packet is for servers, or for QoS 2, which is not supported',
    reason: 'protocolError',
    broken: ({ type }) => !readTypes.has(type),
  },
  {
    clause: { 5: '3.12', 4: '3.12' },
    says: 'PINGREQ must be empty',
    reason: 'malformed',
    broken: ({ type, length }) => type === PacketType.pingreq && length > 0,
  },
]);

const pingreq = { kind: 'pingreq' } as const;

/** @throws Violation */
export function readClientPacket(frame: Frame, { version, keepsSession }: WireTerms): ClientPacket {
  check(frame, version);
  const reader = new ByteReader(frame.body, version);
  switch (frame.type) {
    case PacketType.connect:
      return readConnect(reader);
    case PacketType.publish:
      return readPublish(reader, frame.flags);
    case PacketType.puback:
      return readPuback(reader);
    case PacketType.subscribe:
      return readSubscribe(reader);
    case PacketType.unsubscribe:
      return readUnsubscribe(reader);
    case PacketType.disconnect:
      return readDisconnect(reader, keepsSession);
    default:
      return pingreq;
  }
}

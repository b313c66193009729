import type { ByteReader } from './byte-reader.ts';
import { type Properties, readProperties } from './properties.ts';
import { createCheck } from './rule.ts';
import { isTopicName } from './topic-syntax.ts';

export interface PublishPacket {
  kind: 'publish';
  qos: number;
  topic: string;
  /** 0 with QoS 0. */
  packetId: number;
  properties: Properties;
  /** Shares the memory of what was read with it. */
  payload: Buffer;
}

interface PublishFlags {
  dup: boolean;
  qos: number;
  retain: boolean;
}

const checkFlags = createCheck<PublishFlags>([
  {
    clause: { 5: 'MQTT-3.3.1-4', 4: 'MQTT-3.3.1-4' },
    says: 'QoS must not be 3',
    reason: 'malformed',
    broken: ({ qos }) => qos === 3,
  },
  {
    clause: { 5: 'MQTT-3.3.1-2', 4: 'MQTT-3.3.1-2' },
    says: 'DUP must be 0 with QoS 0',
    reason: 'malformed',
    broken: ({ dup, qos }) => dup && qos === 0,
  },
  {
    clause: { 5: 'MQTT-3.2.2-11', 4: 'MQTT-3.3.5-2' },
    says: 'PUBLISH must have QoS 0 or 1',
    reason: 'qosNotSupported',
    broken: ({ qos }) => qos === 2,
  },
  {
    // MQTT 3.1.1 cannot say that nothing is retained; nobody could tell the difference, since nobody can subscribe to it.
    clause: { 5: 'MQTT-3.2.2-14' },
    says: 'RETAIN must be 0',
    reason: 'retainNotSupported',
    broken: ({ retain }) => retain,
  },
]);

const check = createCheck<PublishPacket>([
  {
    clause: { 5: 'MQTT-2.2.1-3', 4: 'MQTT-2.3.1-1' },
    says: 'the packet identifier must not be 0',
    reason: 'protocolError',
    broken: ({ qos, packetId }) => qos > 0 && packetId === 0,
  },
  {
    clause: { 5: 'MQTT-3.3.2-9' },
    says: 'Topic Alias must not be greater than the Topic Alias Maximum, which is 0',
    reason: 'topicAliasInvalid',
    broken: ({ properties }) => properties.topicAlias !== undefined,
  },
  {
    clause: { 5: '3.3.2.1', 4: 'MQTT-4.7.3-1' },
    says: 'the topic name must have at least one character',
    reason: 'protocolError',
    broken: ({ topic }) => topic === '',
  },
  {
    clause: { 5: 'MQTT-3.3.2-2', 4: 'MQTT-3.3.2-2' },
    says: 'a topic name must not contain wildcards',
    reason: 'topicInvalid',
    broken: ({ topic }) => !isTopicName(topic),
  },
  {
    clause: { 5: 'MQTT-3.3.4-6' },
    says: 'a client must not send a Subscription Identifier in PUBLISH',
    reason: 'protocolError',
    broken: ({ properties }) => properties.subscriptionIdentifier !== undefined,
  },
  {
    clause: { 5: 'MQTT-3.3.2-14' },
    says: 'Response Topic must be a topic name',
    reason: 'protocolError',
    broken: ({ properties }) => properties.responseTopic !== undefined && !isTopicName(properties.responseTopic),
  },
]);

/** @param bits The flags of the fixed header. @throws Violation */
export function readPublish(reader: ByteReader, bits: number): PublishPacket {
  const { version } = reader;
  const qos = (bits >> 1) & 0x03;
  checkFlags({ dup: (bits & 0x08) !== 0, qos, retain: (bits & 0x01) !== 0 }, version);
  const topic = reader.text();
  const packetId = qos > 0 ? reader.uint16() : 0;
  const properties = version === 5 ? readProperties(reader, 'publish') : {};
  const packet: PublishPacket = { kind: 'publish', qos, topic, packetId, properties, payload: reader.rest() };
  check(packet, version);
  return packet;
}

import type { ByteReader } from './byte-reader.ts';
import { type Properties, readProperties } from './properties.ts';
import { createCheck } from './rule.ts';
import { isShared, isSharedFilter, isTopicFilter } from './topic-syntax.ts';

export interface SubscribePacket {
  kind: 'subscribe';
  packetId: number;
  properties: Properties;
  /** At least one. */
  subscriptions: Subscription[];
}

export interface Subscription {
  filter: string;
  /** At most 2. */
  qos: number;
}

export interface UnsubscribePacket {
  kind: 'unsubscribe';
  packetId: number;
  properties: Properties;
  /** At least one. */
  filters: string[];
}

const packetIdNotZero = {
  clause: { 5: 'MQTT-2.2.1-3', 4: 'MQTT-2.3.1-1' },
  says: 'the packet identifier must not be 0',
  reason: 'protocolError',
  broken: ({ packetId }: { packetId: number }) => packetId === 0,
} as const;

const checkSubscribe = createCheck<SubscribePacket>([
  packetIdNotZero,
  {
    clause: { 5: 'MQTT-3.8.3-2', 4: 'MQTT-3.8.3-3' },
    says: 'SUBSCRIBE must have at least one filter',
    reason: 'protocolError',
    broken: ({ subscriptions }) => subscriptions.length === 0,
  },
  {
    clause: { 5: '3.2.2.3.12' },
    says: 'SUBSCRIBE must have no Subscription Identifier',
    reason: 'subscriptionIdsNotSupported',
    broken: ({ properties }) => properties.subscriptionIdentifier !== undefined,
  },
]);

const checkUnsubscribe = createCheck<UnsubscribePacket>([
  packetIdNotZero,
  {
    clause: { 5: 'MQTT-3.10.3-2', 4: 'MQTT-3.10.3-2' },
    says: 'UNSUBSCRIBE must have at least one filter',
    reason: 'protocolError',
    broken: ({ filters }) => filters.length === 0,
  },
]);

interface SubscriptionOptions {
  filter: string;
  /** The byte behind the filter. */
  options: number;
}

const checkOptions = createCheck<SubscriptionOptions>([
  {
    clause: { 5: 'MQTT-3.8.3-5' },
    says: 'the reserved subscription options must be 0',
    reason: 'malformed',
    broken: ({ options }) => (options & 0xc0) !== 0,
  },
  {
    clause: { 4: 'MQTT-3-8.3-4' },
    says: 'the reserved bits of Requested QoS must be 0',
    reason: 'malformed',
    broken: ({ options }) => (options & 0xfc) !== 0,
  },
  {
    clause: { 5: '3.8.3.1', 4: 'MQTT-3-8.3-4' },
    says: 'the QoS of a subscription must not be 3',
    reason: 'protocolError',
    broken: ({ options }) => (options & 0x03) === 3,
  },
  {
    clause: { 5: '3.8.3.1' },
    says: 'Retain Handling must not be 3',
    reason: 'protocolError',
    broken: ({ options }) => (options & 0x30) === 0x30,
  },
  {
    clause: { 5: 'MQTT-3.8.3-4' },
    says: 'No Local must be 0 in a shared subscription',
    reason: 'protocolError',
    broken: ({ filter, options }) => isShared(filter) && (options & 0x04) !== 0,
  },
]);

const checkFilter = createCheck<string>([
  {
    clause: { 5: 'MQTT-4.7.1-1', 4: 'MQTT-4.7.1-2' },
    says: 'in a topic filter wildcards must have a level to themselves, and "#" the last',
    reason: 'malformed',
    broken: (filter) => !isTopicFilter(filter),
  },
  {
    clause: { 5: 'MQTT-4.8.2-1' },
    says: 'a shared subscription must have a name without wildcards, and a filter',
    reason: 'malformed',
    broken: (filter) => isShared(filter) && !isSharedFilter(filter),
  },
]);

/** @throws Violation */
export function readSubscribe(reader: ByteReader): SubscribePacket {
  const { version } = reader;
  const packetId = reader.uint16();
  const properties = version === 5 ? readProperties(reader, 'subscribe') : {};
  const subscriptions: Subscription[] = [];
  while (reader.left > 0) {
    const filter = readFilter(reader);
    const options = reader.byte();
    checkOptions({ filter, options }, version);
    subscriptions.push({ filter, qos: options & 0x03 });
  }
  const packet: SubscribePacket = { kind: 'subscribe', packetId, properties, subscriptions };
  checkSubscribe(packet, version);
  return packet;
}

/** @throws Violation */
export function readUnsubscribe(reader: ByteReader): UnsubscribePacket {
  const { version } = reader;
  const packetId = reader.uint16();
  const properties = version === 5 ? readProperties(reader, 'unsubscribe') : {};
  const filters: string[] = [];
  while (reader.left > 0) filters.push(readFilter(reader));
  const packet: UnsubscribePacket = { kind: 'unsubscribe', packetId, properties, filters };
  checkUnsubscribe(packet, version);
  return packet;
}

function readFilter(reader: ByteReader): string {
  const filter = reader.text();
  checkFilter(filter, reader.version);
  return filter;
}

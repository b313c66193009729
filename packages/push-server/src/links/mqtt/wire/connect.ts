import type { ByteReader } from './byte-reader.ts';
import { type Properties, readProperties } from './properties.ts';
import { createCheck } from './rule.ts';
import { isTopicName } from './topic-syntax.ts';

export interface ConnectPacket {
  kind: 'connect';
  cleanStart: boolean;
  /** 0: none. */
  keepAliveS: number;
  properties: Properties;
  clientId: string;
  will: Will | undefined;
  userName: string | undefined;
  password: Buffer | undefined;
}

interface Will {
  qos: number;
  retain: boolean;
  topic: string;
  properties: Properties;
  payload: Buffer;
}

/** The protocol level of a CONNECT; `undefined`: it is not MQTT, or too short. */
export function readProtocolLevel(connect: Buffer): number | undefined {
  if (connect.toString('latin1', 0, 6) === '\0\x04MQTT') return connect[6];
  // MQTT 3.1; its clients understand what refuses them.
  return connect.toString('latin1', 0, 8) === '\0\x06MQIsdp' ? connect[8] : undefined;
}

interface ConnectFlags {
  userName: boolean;
  password: boolean;
  willRetain: boolean;
  willQos: number;
  will: boolean;
  cleanStart: boolean;
  reserved: boolean;
}

const checkFlags = createCheck<ConnectFlags>([
  {
    clause: { 5: 'MQTT-3.1.2-3', 4: 'MQTT-3.1.2-3' },
    says: 'the reserved flag of CONNECT must be 0',
    reason: 'malformed',
    broken: ({ reserved }) => reserved,
  },
  {
    clause: { 5: 'MQTT-3.1.2-12', 4: 'MQTT-3.1.2-14' },
    says: 'Will QoS must not be 3',
    reason: 'malformed',
    broken: ({ willQos }) => willQos === 3,
  },
  {
    clause: { 5: 'MQTT-3.1.2-11', 4: 'MQTT-3.1.2-13' },
    says: 'Will QoS must be 0 without a Will',
    reason: 'malformed',
    broken: ({ will, willQos }) => !will && willQos > 0,
  },
  {
    clause: { 5: 'MQTT-3.1.2-13', 4: 'MQTT-3.1.2-15' },
    says: 'Will Retain must be 0 without a Will',
    reason: 'malformed',
    broken: ({ will, willRetain }) => !will && willRetain,
  },
  {
    clause: { 4: 'MQTT-3.1.2-22' },
    says: 'a password needs a user name',
    reason: 'malformed',
    broken: ({ userName, password }) => password && !userName,
  },
]);

const check = createCheck<ConnectPacket & { left: number }>([
  {
    clause: { 5: '3.1.3', 4: '3.1.3' },
    says: 'nothing must follow the fields that the flags of CONNECT announce',
    reason: 'malformed',
    broken: ({ left }) => left > 0,
  },
  {
    clause: { 5: '3.1.2.11.10' },
    says: 'Authentication Data needs an Authentication Method',
    reason: 'protocolError',
    broken: ({ properties }) =>
      properties.authenticationData !== undefined && properties.authenticationMethod === undefined,
  },
  {
    clause: { 5: 'MQTT-4.12.0-1' },
    says: 'CONNECT must have no Authentication Method',
    reason: 'authMethodNotSupported',
    broken: ({ properties }) => properties.authenticationMethod !== undefined,
  },
  {
    clause: { 4: 'MQTT-3.1.3-8' },
    says: 'a client that gives itself no identifier must set Clean Session',
    reason: 'clientIdInvalid',
    broken: ({ clientId, cleanStart }) => clientId === '' && !cleanStart,
  },
  {
    clause: { 5: '4.7', 4: '4.7' },
    says: 'the topic of a Will must be a topic name',
    reason: 'topicInvalid',
    broken: ({ will }) => will !== undefined && !isTopicName(will.topic),
  },
  {
    clause: { 5: '3.1.3.2.6' },
    says: 'the Response Topic of a Will must be a topic name',
    reason: 'protocolError',
    broken: ({ will }) => will?.properties.responseTopic !== undefined && !isTopicName(will.properties.responseTopic),
  },
  {
    clause: { 5: 'MQTT-3.2.2-12' },
    says: 'a Will with QoS 2 is not supported',
    reason: 'qosNotSupported',
    broken: ({ will }) => will?.qos === 2,
  },
  {
    clause: { 5: 'MQTT-3.2.2-13' },
    says: 'a Will to be retained is not supported',
    reason: 'retainNotSupported',
    broken: ({ will }) => will?.retain === true,
  },
  {
    // [MQTT-3.1.2-8] a server that takes a Will has to publish it. Devices publish results, and only their own.
    clause: { 5: '3.1.2.5', 4: '3.1.2.5' },
    says: 'CONNECT must have no Will',
    reason: 'willNotSupported',
    broken: ({ will }) => will !== undefined,
  },
]);

/** Reads a CONNECT of MQTT 5 or 3.1.1. @throws Violation */
export function readConnect(reader: ByteReader): ConnectPacket {
  const { version } = reader;
  // The protocol's name and level, which have told the version.
  reader.part(7);
  const flags = readFlags(reader.byte());
  checkFlags(flags, version);
  const keepAliveS = reader.uint16();
  const properties = version === 5 ? readProperties(reader, 'connect') : {};
  const clientId = reader.text();
  const will = flags.will ? readWill(reader, flags) : undefined;
  const userName = flags.userName ? reader.text() : undefined;
  const password = flags.password ? reader.binary() : undefined;
  const { cleanStart } = flags;
  const packet: ConnectPacket = {
    ...{ kind: 'connect', cleanStart, keepAliveS, properties, clientId, will, userName, password },
  };
  check({ ...packet, left: reader.left }, version);
  return packet;
}

function readFlags(byte: number): ConnectFlags {
  return {
    userName: (byte & 0x80) !== 0,
    password: (byte & 0x40) !== 0,
    willRetain: (byte & 0x20) !== 0,
    willQos: (byte >> 3) & 0x03,
    will: (byte & 0x04) !== 0,
    cleanStart: (byte & 0x02) !== 0,
    reserved: (byte & 0x01) !== 0,
  };
}

function readWill(reader: ByteReader, { willQos, willRetain }: ConnectFlags): Will {
  const properties = reader.version === 5 ? readProperties(reader, 'will') : {};
  return { qos: willQos, retain: willRetain, properties, topic: reader.text(), payload: reader.binary() };
}

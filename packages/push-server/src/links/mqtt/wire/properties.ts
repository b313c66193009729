import type { CloseReason } from '@pushfleet/protocol';
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Statement, Violation } from './rule.ts';

/** The parts of the protocol that have properties: packets, and the Will in a CONNECT. */
export type PropertyHolder =
  | 'connect'
  | 'will'
  | 'connack'
  | 'publish'
  | 'puback'
  | 'subscribe'
  | 'suback'
  | 'unsubscribe'
  | 'unsuback'
  | 'disconnect';

interface PropertyRow {
  id: number;
  type: 'byte' | 'uint16' | 'uint32' | 'varint' | 'text' | 'binary';
  of: readonly PropertyHolder[];
  /** The least value; else 0. */
  min?: number;
  /** The greatest value; else what the type can say. */
  max?: number;
  /** The clause of MQTT 5, and the reason with which a link ends that breaks it; absent: `protocolError`. */
  clause: string;
  reason?: CloseReason;
}

const reasoned = ['connack', 'puback', 'suback', 'unsuback', 'disconnect'] as const;
const published = ['publish', 'will'] as const;

/** MQTT 5, table 2-4; packets of QoS 2 and of extended authentication left out, and User Property, which is a pair. */
const rows = {
  payloadFormat: { id: 0x01, type: 'byte', of: published, max: 1, clause: '3.3.2.3.2' },
  messageExpiry: { id: 0x02, type: 'uint32', of: published, clause: '3.3.2.3.3' },
  contentType: { id: 0x03, type: 'text', of: published, clause: '3.3.2.3.9' },
  responseTopic: { id: 0x08, type: 'text', of: published, clause: '3.3.2.3.5' },
  correlationData: { id: 0x09, type: 'binary', of: published, clause: '3.3.2.3.6' },
  subscriptionIdentifier: { id: 0x0b, type: 'varint', of: ['publish', 'subscribe'], min: 1, clause: '3.8.2.1.2' },
  sessionExpiry: { id: 0x11, type: 'uint32', of: ['connect', 'connack', 'disconnect'], clause: '3.1.2.11.2' },
  assignedClientIdentifier: { id: 0x12, type: 'text', of: ['connack'], clause: '3.2.2.3.7' },
  serverKeepAlive: { id: 0x13, type: 'uint16', of: ['connack'], clause: '3.2.2.3.14' },
  authenticationMethod: { id: 0x15, type: 'text', of: ['connect', 'connack'], clause: '3.1.2.11.9' },
  authenticationData: { id: 0x16, type: 'binary', of: ['connect', 'connack'], clause: '3.1.2.11.10' },
  requestProblemInformation: { id: 0x17, type: 'byte', of: ['connect'], max: 1, clause: '3.1.2.11.7' },
  willDelay: { id: 0x18, type: 'uint32', of: ['will'], clause: '3.1.3.2.2' },
  requestResponseInformation: { id: 0x19, type: 'byte', of: ['connect'], max: 1, clause: '3.1.2.11.6' },
  responseInformation: { id: 0x1a, type: 'text', of: ['connack'], clause: '3.2.2.3.15' },
  serverReference: { id: 0x1c, type: 'text', of: ['connack', 'disconnect'], clause: '3.2.2.3.16' },
  reasonString: { id: 0x1f, type: 'text', of: reasoned, clause: '3.2.2.3.9' },
  receiveMaximum: { id: 0x21, type: 'uint16', of: ['connect', 'connack'], min: 1, clause: '3.1.2.11.3' },
  topicAliasMaximum: { id: 0x22, type: 'uint16', of: ['connect', 'connack'], clause: '3.1.2.11.5' },
  topicAlias: {
    ...{ id: 0x23, type: 'uint16', of: ['publish'], min: 1 },
    ...{ clause: 'MQTT-3.3.2-8', reason: 'topicAliasInvalid' },
  },
  maximumQos: { id: 0x24, type: 'byte', of: ['connack'], max: 1, clause: '3.2.2.3.4' },
  retainAvailable: { id: 0x25, type: 'byte', of: ['connack'], max: 1, clause: '3.2.2.3.5' },
  maximumPacketSize: { id: 0x27, type: 'uint32', of: ['connect', 'connack'], min: 1, clause: '3.1.2.11.4' },
  wildcardSubscriptionAvailable: { id: 0x28, type: 'byte', of: ['connack'], max: 1, clause: '3.2.2.3.11' },
  subscriptionIdentifiersAvailable: { id: 0x29, type: 'byte', of: ['connack'], max: 1, clause: '3.2.2.3.12' },
  sharedSubscriptionAvailable: { id: 0x2a, type: 'byte', of: ['connack'], max: 1, clause: '3.2.2.3.13' },
} as const satisfies Record<string, PropertyRow>;

type Name = keyof typeof rows;
/** Binary data that is text may be written as such: it is the same on the wire, and takes no Buffer. */
type ValueOf<Type> = Type extends 'text' ? string : Type extends 'binary' ? Buffer | string : number;

export type Properties = { [N in Name]?: ValueOf<(typeof rows)[N]['type']> } & {
  userProperties?: readonly (readonly [name: string, value: string])[];
};

const userPropertyId = 0x26;
const byId = new Map<number, [Name, PropertyRow]>();
for (const [name, row] of Object.entries(rows)) byId.set(row.id, [name as Name, row]);

const unknown: Statement = {
  clause: { 5: '2.2.2.2' },
  says: 'a property must be one that the packet may have',
  reason: 'malformed',
};

/** Most packets have none. */
const none: Properties = Object.freeze({});

/** @throws Violation */
export function readProperties(reader: ByteReader, holder: PropertyHolder): Properties {
  const length = reader.varint();
  if (length === 0) return none;
  const list = reader.part(length);
  const values: Record<string, number | string | Buffer> = {};
  const pairs: [string, string][] = [];
  while (list.left > 0) {
    const id = list.varint();
    if (id === userPropertyId) {
      pairs.push([list.text(), list.text()]);
      continue;
    }
    const [name, row] = byId.get(id) ?? [];
    if (name === undefined || row === undefined || !row.of.includes(holder)) throw new Violation(unknown, 5);
    if (Object.hasOwn(values, name)) throw new Violation(statement(name, row, 'must not be there twice'), 5);
    values[name] = readValue(list, name, row);
  }
  return { ...values, ...(pairs.length > 0 ? { userProperties: pairs } : {}) };
}

function readValue(list: ByteReader, name: Name, row: PropertyRow): number | string | Buffer {
  const value = list[row.type]();
  if (typeof value !== 'number') return value;
  const { min = 0, max = Number.POSITIVE_INFINITY, reason } = row;
  if (value >= min && value <= max) return value;
  const allowed = min > 0 ? 'must not be 0' : `must not be greater than ${max}`;
  throw new Violation(statement(name, row, allowed, reason), 5);
}

function statement(
  name: Name,
  { clause }: PropertyRow,
  must: string,
  reason: CloseReason = 'protocolError',
): Statement {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter}`);
  return { clause: { 5: clause }, says: `${words.charAt(0).toUpperCase()}${words.slice(1)} ${must}`, reason };
}

/** With their length in front, in the order of the object's keys. */
export function writeProperties(writer: ByteWriter, properties: Properties): void {
  list.clear();
  for (const name in properties) {
    if (name !== 'userProperties')
      writeProperty(rows[name as Name], properties[name as Name] as number | string | Buffer);
  }
  for (const [name, value] of properties.userProperties ?? []) {
    list.byte(userPropertyId);
    list.text(name);
    list.text(value);
  }
  writer.varint(list.length);
  writer.bytes(list.written);
}

/** Used again and again: a packet is written in one go. */
const list = new ByteWriter();

function writeProperty({ id, type }: PropertyRow, value: number | string | Buffer): void {
  list.byte(id);
  if (typeof value === 'string') list.text(value);
  else if (typeof value === 'object') list.binary(value);
  else if (type === 'byte' || type === 'uint16' || type === 'uint32' || type === 'varint') list[type](value);
}

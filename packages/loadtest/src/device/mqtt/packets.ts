import { type MqttVersion, variableLengthBytes, writeVariableLength } from './variable-length.ts';

/** First bytes of the packets that a lean device writes or reads; PUBLISH has flags in its lower half. */
export const packetType = {
  connack: 0x20,
  publish: 0x30,
  puback: 0x40,
  suback: 0x90,
  pingresp: 0xd0,
  disconnect: 0xe0,
} as const;

export const pingreq: Buffer = Buffer.from([0xc0, 0]);
/** Goodbye, in both versions. */
export const disconnect: Buffer = Buffer.from([0xe0, 0]);

export interface ConnectFields {
  version: MqttVersion;
  deviceId: string;
  ticket: string;
  keepAliveSeconds: number;
}

/** User name, password, clean start. */
const connectFlags = 0xc2;

export function encodeConnect({ version, deviceId, ticket, keepAliveSeconds }: ConnectFields): Buffer {
  const propertyBytes = version === 5 ? 1 : 0;
  const bodyBytes = 10 + propertyBytes + 2 * (2 + deviceId.length) + 2 + ticket.length;
  const packet = begin(0x10, bodyBytes);
  let at = writeText(packet, packet.length - bodyBytes, 'MQTT');
  at = packet.writeUInt8(version, at);
  at = packet.writeUInt8(connectFlags, at);
  at = packet.writeUInt16BE(keepAliveSeconds, at);
  if (version === 5) at = packet.writeUInt8(0, at);
  for (const text of [deviceId, deviceId, ticket]) at = writeText(packet, at, text);
  return packet;
}

/** The packet identifier of the one SUBSCRIBE. Results begin with the next. */
export const subscribeId = 1;

/** Subscribes to the commands of a device, with QoS 1. */
export function encodeSubscribe(version: MqttVersion, filter: string): Buffer {
  const propertyBytes = version === 5 ? 1 : 0;
  const bodyBytes = 2 + propertyBytes + 2 + filter.length + 1;
  const packet = begin(0x82, bodyBytes);
  let at = packet.writeUInt16BE(subscribeId, packet.length - bodyBytes);
  if (version === 5) at = packet.writeUInt8(0, at);
  at = writeText(packet, at, filter);
  packet.writeUInt8(1, at);
  return packet;
}

export interface AnswerFields {
  version: MqttVersion;
  /** Confirmed by a PUBACK that goes before the result; `undefined`: nothing to confirm. */
  confirms: number | undefined;
  topic: string;
  payload: string;
  /** Packet identifier of the result, which goes with QoS 1; `undefined`: QoS 0. */
  packetId: number | undefined;
}

/** The PUBACK of a command and the PUBLISH of its result, for one write. */
export function encodeAnswer({ version, confirms, topic, payload, packetId }: AnswerFields): Buffer {
  const bodyBytes =
    2 + topic.length + (packetId === undefined ? 0 : 2) + (version === 5 ? 1 : 0) + Buffer.byteLength(payload);
  const pubackBytes = confirms === undefined ? 0 : 4;
  const packet = Buffer.allocUnsafe(pubackBytes + 1 + variableLengthBytes(bodyBytes) + bodyBytes);
  if (confirms !== undefined) writePuback(packet, confirms);
  let at = packet.writeUInt8(packetId === undefined ? 0x30 : 0x32, pubackBytes);
  at = writeVariableLength(packet, at, bodyBytes);
  at = writeText(packet, at, topic);
  if (packetId !== undefined) at = packet.writeUInt16BE(packetId, at);
  if (version === 5) at = packet.writeUInt8(0, at);
  packet.write(payload, at);
  return packet;
}

/** The same two bytes of a head in both versions: without a reason code it says success. */
export function encodePuback(packetId: number): Buffer {
  const packet = Buffer.allocUnsafe(4);
  writePuback(packet, packetId);
  return packet;
}

function writePuback(packet: Buffer, packetId: number): void {
  packet.writeUInt16BE(0x4002, 0);
  packet.writeUInt16BE(packetId, 2);
}

/** A packet whose first byte and length are written; the body is its last `bodyBytes`. */
function begin(firstByte: number, bodyBytes: number): Buffer {
  const packet = Buffer.allocUnsafe(1 + variableLengthBytes(bodyBytes) + bodyBytes);
  packet.writeUInt8(firstByte, 0);
  writeVariableLength(packet, 1, bodyBytes);
  return packet;
}

/** ASCII only: ids, tickets and topics of ours are. @returns the offset after it. */
function writeText(packet: Buffer, at: number, text: string): number {
  packet.writeUInt16BE(text.length, at);
  return at + 2 + packet.write(text, at + 2, 'latin1');
}

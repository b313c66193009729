import { ByteWriter } from './byte-writer.ts';
import { type Properties, writeProperties } from './properties.ts';
import type { MqttVersion } from './rule.ts';

/** Used again and again: a packet is written in one go. */
const writer = new ByteWriter();
const none = new Uint8Array(0);

export interface ServerPublish {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1;
  /** With QoS 1. */
  packetId: number;
  dup: boolean;
  /** MQTT 5 only. */
  properties: Properties;
}

/** @param code An MQTT 5 reason code or an MQTT 3.1.1 return code. The session is never present: none is kept. */
export function encodeConnack(version: MqttVersion, code: number, properties: Properties = {}): Buffer {
  writer.clear();
  writer.byte(0);
  writer.byte(code);
  if (version === 5) writeProperties(writer, properties);
  return finish(0x20);
}

export function encodePublish(version: MqttVersion, packet: ServerPublish): Buffer {
  const { topic, payload, qos, packetId, dup, properties } = packet;
  writer.clear();
  writer.text(topic);
  if (qos === 1) writer.uint16(packetId);
  if (version === 5) writeProperties(writer, properties);
  // [MQTT-3.3.1-2] DUP never with QoS 0.
  return finish(0x30 | (qos << 1) | (dup && qos === 1 ? 0x08 : 0), payload);
}

export function encodePuback(version: MqttVersion, packetId: number, code = 0, properties: Properties = {}): Buffer {
  writer.clear();
  writer.uint16(packetId);
  // 3.4.2.1: success without properties need not be said.
  if (version === 5 && code !== 0) {
    writer.byte(code);
    writeProperties(writer, properties);
  }
  return finish(0x40);
}

/** PUBACKs of success, and the packet that is written with them. */
export function encodePubacks(packetIds: readonly number[], packet: Uint8Array = none): Buffer {
  const bytes = Buffer.allocUnsafe(4 * packetIds.length + packet.length);
  let at = 0;
  for (const packetId of packetIds) {
    bytes[at] = 0x40;
    bytes[at + 1] = 2;
    bytes.writeUInt16BE(packetId, at + 2);
    at += 4;
  }
  bytes.set(packet, at);
  return bytes;
}

/** @param codes One for each filter, in their order. */
export function encodeSuback(version: MqttVersion, packetId: number, codes: readonly number[]): Buffer {
  return encodeAnswer(0x90, version, packetId, codes);
}

/** @param codes One for each filter, in their order; MQTT 3.1.1 does not say them. */
export function encodeUnsuback(version: MqttVersion, packetId: number, codes: readonly number[]): Buffer {
  return encodeAnswer(0xb0, version, packetId, version === 5 ? codes : []);
}

export function encodePingresp(): Buffer {
  return Buffer.of(0xd0, 0);
}

/** MQTT 5 only. */
export function encodeDisconnect(code: number, properties: Properties = {}): Buffer {
  writer.clear();
  writer.byte(code);
  writeProperties(writer, properties);
  return finish(0xe0);
}

function encodeAnswer(first: number, version: MqttVersion, packetId: number, codes: readonly number[]): Buffer {
  writer.clear();
  writer.uint16(packetId);
  if (version === 5) writeProperties(writer, {});
  for (const code of codes) writer.byte(code);
  return finish(first);
}

/** The fixed header, what is written, and the payload. */
function finish(first: number, payload: Uint8Array = none): Buffer {
  const length = writer.length + payload.length;
  const lengthBytes = length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : 4;
  const packet = Buffer.allocUnsafe(1 + lengthBytes + length);
  packet[0] = first;
  let left = length;
  for (let at = 1; at <= lengthBytes; at += 1) {
    packet[at] = at < lengthBytes ? (left % 0x80) + 0x80 : left;
    left = Math.floor(left / 0x80);
  }
  packet.set(writer.written, 1 + lengthBytes);
  packet.set(payload, 1 + lengthBytes + writer.length);
  return packet;
}

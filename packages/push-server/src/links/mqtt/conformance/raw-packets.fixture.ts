import { varint } from '../../../../../../test/wire/protobuf.ts';
import type { MqttVersion } from '../wire/rule.ts';

/** Packets byte by byte, also such as no specification allows. Nothing here is checked. */
type Part = Buffer | string | number[];

export function bytes(...parts: Part[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : Buffer.from(part))));
}

export const u16 = (value: number) => bytes([value >> 8, value & 0xff]);
export const u32 = (value: number) => bytes([value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]);

/** With its length in front. */
export function text(value: string | Buffer): Buffer {
  const content = Buffer.from(value as string);
  return bytes(u16(content.length), content);
}

/** The fixed header with the right length, and what follows. */
export function packet(first: number, ...parts: Part[]): Buffer {
  const body = bytes(...parts);
  return bytes([first], varint(body.length), body);
}

/** A property list with its length in front. */
export function list(...properties: Buffer[]): Buffer {
  const content = bytes(...properties);
  return bytes(varint(content.length), content);
}

/** A property: its identifier and its value. */
export const property = (id: number, ...value: Part[]) => bytes([id], ...value);
export const userProperty = (name: string | Buffer, value: string | Buffer) => property(0x26, text(name), text(value));

export interface RawConnect {
  protocol?: Buffer;
  level?: number;
  /** In place of those that the other fields make. */
  flags?: number;
  keepAliveS?: number;
  properties?: Buffer[];
  clientId?: string | Buffer;
  will?: { properties?: Buffer[]; topic?: string | Buffer; payload?: string };
  willQos?: number;
  willRetain?: boolean;
  userName?: string | Buffer;
  password?: string | Buffer;
  cleanStart?: boolean;
  trailing?: Buffer;
}

export function connect(version: MqttVersion, raw: RawConnect = {}): Buffer {
  const { protocol = text('MQTT'), level = version, keepAliveS = 30, properties = [], clientId = 'c' } = raw;
  const { will, userName, password, trailing = bytes() } = raw;
  const willPart = will
    ? bytes(
        version === 5 ? list(...(will.properties ?? [])) : bytes(),
        text(will.topic ?? 'will'),
        text(will.payload ?? 'gone'),
      )
    : bytes();
  return packet(
    0x10,
    ...[protocol, [level], [raw.flags ?? flagsOf(raw)], u16(keepAliveS)],
    version === 5 ? list(...properties) : bytes(),
    ...[text(clientId), willPart],
    userName === undefined ? bytes() : text(userName),
    password === undefined ? bytes() : text(password),
    trailing,
  );
}

function flagsOf({ userName, password, will, willQos = 0, willRetain = false, cleanStart = true }: RawConnect): number {
  const named = (userName === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
  return named | (willRetain ? 0x20 : 0) | (willQos << 3) | (will ? 0x04 : 0) | (cleanStart ? 0x02 : 0);
}

/** CONNECT of a device whose ticket is good. */
export function hello(version: MqttVersion, device: string, raw: RawConnect = {}): Buffer {
  return connect(version, { userName: device, password: device, ...raw });
}

export interface RawPublish {
  qos?: number;
  dup?: boolean;
  retain?: boolean;
  packetId?: number;
  properties?: Buffer[];
  payload?: string | Buffer;
}

export function publish(version: MqttVersion, topic: string | Buffer, raw: RawPublish = {}): Buffer {
  const { qos = 0, dup = false, retain = false, packetId = 1, properties = [], payload = '{"succeeded":{}}' } = raw;
  return packet(
    0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0),
    text(topic),
    qos > 0 ? u16(packetId) : bytes(),
    version === 5 ? list(...properties) : bytes(),
    Buffer.from(payload as string),
  );
}

/** Filters with their options. */
export function subscribe(
  version: MqttVersion,
  packetId: number,
  filters: readonly (readonly [string | Buffer, number])[],
  properties: Buffer[] = [],
): Buffer {
  const pairs = filters.map(([filter, options]) => bytes(text(filter), [options]));
  return packet(0x82, u16(packetId), version === 5 ? list(...properties) : bytes(), ...pairs);
}

export function unsubscribe(
  version: MqttVersion,
  packetId: number,
  filters: readonly (string | Buffer)[],
  properties: Buffer[] = [],
): Buffer {
  return packet(0xa2, u16(packetId), version === 5 ? list(...properties) : bytes(), ...filters.map(text));
}

export const puback = (packetId: number, ...rest: Part[]) => packet(0x40, u16(packetId), ...rest);
export const pingreq = packet(0xc0);
export const disconnect = (...rest: Part[]) => packet(0xe0, ...rest);

export const filterOf = (device: string) => `pushfleet/devices/${device}/commands/#`;
export const resultsOf = (device: string, command = 'c1') => `pushfleet/devices/${device}/results/${command}`;

import { connect, type Socket } from 'node:net';
import { parser as createParser, type Packet } from 'mqtt-packet';
import { vi } from 'vitest';
import { ByteReader } from '../wire/byte-reader.ts';
import { type Frame, FrameReader } from '../wire/frame-reader.ts';
import { type Properties, type PropertyHolder, readProperties } from '../wire/properties.ts';
import type { MqttVersion } from '../wire/rule.ts';
import { isTopicName } from '../wire/topic-syntax.ts';

/** A packet of a server, read as strictly as those of clients. */
export interface ServerPacket {
  kind: 'connack' | 'publish' | 'puback' | 'suback' | 'unsuback' | 'pingresp' | 'disconnect';
  packetId: number;
  /** CONNACK, PUBACK, DISCONNECT. */
  code: number;
  /** SUBACK, UNSUBACK. */
  codes: number[];
  properties: Properties;
  topic: string;
  payload: Buffer;
  qos: number;
  dup: boolean;
  bytes: number;
}

interface ClientLimits {
  maxPacketBytes?: number;
  receiveMaximum?: number;
  wantsProblems?: boolean;
}

/** Tables of MQTT 5 (2.4, 3-1, 3-4, 3-8, 3-9, 3-13), and of MQTT 3.1.1. */
const allowed: Record<MqttVersion, Partial<Record<ServerPacket['kind'], readonly number[]>>> = {
  5: {
    connack: [
      ...[0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a],
      ...[0x9b, 0x9c, 0x9d, 0x9f],
    ],
    puback: [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
    suback: [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2],
    unsuback: [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91],
    disconnect: [
      ...[0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98],
      ...[0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
    ],
  },
  4: { connack: [0, 1, 2, 3, 4, 5], puback: [0], suback: [0, 1, 2, 0x80] },
};

const kinds: Record<number, ServerPacket['kind']> = {
  ...{ 2: 'connack', 3: 'publish', 4: 'puback', 9: 'suback', 11: 'unsuback', 13: 'pingresp', 14: 'disconnect' },
};

/**
 * A client that says exactly what it is told to, and takes nothing that a server must not send. Each packet is read twice,
 * by rules as strict as the server's own and by a codec that others wrote.
 */
export class StrictClient implements Disposable {
  readonly received: ServerPacket[] = [];
  readonly problems: string[] = [];
  readonly socket: Socket;
  isClosed = false;
  readonly #version: MqttVersion;
  readonly #limits: ClientLimits;
  readonly #frames = new FrameReader(268_435_455);
  readonly #others: Packet[] = [];
  readonly #inFlight = new Set<number>();

  constructor(port: number, version: MqttVersion, limits: ClientLimits = {}) {
    this.#version = version;
    this.#limits = limits;
    const parser = createParser({ protocolVersion: version });
    parser.on('packet', (packet: Packet) => this.#others.push(packet));
    parser.on('error', (error: unknown) => this.problems.push(`mqtt-packet: ${error}`));
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      parser.parse(chunk);
      this.#frames.push(chunk);
      for (let frame = this.#frames.next(); frame; frame = this.#frames.next()) this.#onFrame(frame);
    });
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('close', () => {
      this.isClosed = true;
    });
  }

  write(...packets: Buffer[]): void {
    this.socket.write(Buffer.concat(packets));
  }

  /** A PUBACK for the packet leaves room for another one. */
  confirm(packetId: number, puback: Buffer): void {
    this.#inFlight.delete(packetId);
    this.write(puback);
  }

  /** Until the server has sent `count` packets of this kind. */
  async receive(kind: ServerPacket['kind'], count = 1): Promise<ServerPacket[]> {
    const found = () => this.received.filter((packet) => packet.kind === kind);
    await vi.waitUntil(() => found().length >= count || this.isClosed, { timeout: 20_000, interval: 2 });
    return found();
  }

  async closed(): Promise<void> {
    await vi.waitUntil(() => this.isClosed, { timeout: 20_000, interval: 2 });
  }

  /** The packets that came, in short. */
  get brief(): string[] {
    return this.received.map(briefly);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
    if (this.problems.length > 0) throw new Error(`the server broke the specification: ${this.problems.join('; ')}`);
  }

  #onFrame(frame: Frame): void {
    try {
      const packet = this.#read(frame);
      this.#judge(packet);
      this.received.push(packet);
    } catch (error) {
      this.problems.push(String(error));
    }
  }

  #read({ type, flags, body, length, lengthBytes }: Frame): ServerPacket {
    const kind = kinds[type];
    if (kind === undefined) throw new Error(`packet type ${type}`);
    if (kind !== 'publish' && flags !== 0) throw new Error(`flags ${flags} of ${kind}`);
    const reader = new ByteReader(body, this.#version);
    const packet: ServerPacket = {
      ...{ kind, packetId: 0, code: 0, codes: [], properties: {}, topic: '', payload: Buffer.alloc(0) },
      ...{ qos: (flags >> 1) & 3, dup: (flags & 8) !== 0, bytes: 1 + lengthBytes + length },
    };
    this.#readBody(packet, flags, reader);
    if (reader.left > 0) throw new Error(`${reader.left} bytes behind ${kind}`);
    return packet;
  }

  #readBody(packet: ServerPacket, flags: number, reader: ByteReader): void {
    const { kind } = packet;
    switch (kind) {
      case 'connack':
        if (reader.byte() !== 0) throw new Error('session present');
        packet.code = reader.byte();
        packet.properties = this.#properties(reader, kind);
        break;
      case 'publish':
        if ((flags & 1) !== 0 || packet.qos > 1 || (packet.qos === 0 && packet.dup)) throw new Error(`flags ${flags}`);
        packet.topic = reader.text();
        packet.packetId = packet.qos > 0 ? reader.uint16() : 0;
        packet.properties = this.#properties(reader, kind);
        packet.payload = Buffer.from(reader.rest());
        break;
      case 'puback':
        packet.packetId = reader.uint16();
        if (this.#version === 5 && reader.left > 0) packet.code = reader.byte();
        if (this.#version === 5 && reader.left > 0) packet.properties = readProperties(reader, kind);
        break;
      case 'suback':
      case 'unsuback':
        packet.packetId = reader.uint16();
        packet.properties = this.#properties(reader, kind);
        if (kind === 'suback' || this.#version === 5) packet.codes = [...reader.rest()];
        break;
      case 'disconnect':
        if (this.#version === 4) throw new Error('DISCONNECT from an MQTT 3.1.1 server');
        if (reader.left > 0) packet.code = reader.byte();
        if (reader.left > 0) packet.properties = readProperties(reader, kind);
        break;
      case 'pingresp':
        break;
      default:
        kind satisfies never;
    }
  }

  #properties(reader: ByteReader, holder: PropertyHolder): Properties {
    return this.#version === 5 ? readProperties(reader, holder) : {};
  }

  #judge(packet: ServerPacket): void {
    const { kind, code, codes, properties, packetId, qos, topic } = packet;
    const { maxPacketBytes = Infinity, receiveMaximum = 65_535, wantsProblems = true } = this.#limits;
    const isFirst = this.received.length === 0;
    const other = this.#others[this.received.length];
    this.#require(isFirst === (kind === 'connack'), `[MQTT-3.2.0-1] ${kind} as packet ${this.received.length}`);
    this.#require(packet.bytes <= maxPacketBytes, `[MQTT-3.1.2-24] ${kind} of ${packet.bytes} bytes`);
    for (const said of codes.length > 0 ? codes : [code]) {
      const known = allowed[this.#version][kind];
      this.#require(known === undefined || known.includes(said), `${kind} with 0x${said.toString(16)}`);
    }
    const isNumbered = kind === 'puback' || kind === 'suback' || kind === 'unsuback' || qos > 0;
    this.#require(!isNumbered || packetId > 0, `[MQTT-2.2.1-4] ${kind} with packet identifier 0`);
    const isWordy = properties.reasonString !== undefined || properties.userProperties !== undefined;
    const mayBeWordy = wantsProblems || ['publish', 'connack', 'disconnect'].includes(kind);
    this.#require(!isWordy || mayBeWordy, `[MQTT-3.1.2-29] words in ${kind}`);
    this.#require(kind !== 'disconnect' || properties.sessionExpiry === undefined, '[MQTT-3.14.2-2]');
    if (kind === 'publish') {
      this.#require(isTopicName(topic), `[MQTT-3.3.2-2] topic ${topic}`);
      this.#require(properties.topicAlias === undefined, '[MQTT-3.1.2-26] topic alias');
      this.#require(!this.#inFlight.has(packetId), `[MQTT-2.2.1-4] packet identifier ${packetId} in use`);
      if (qos > 0) this.#inFlight.add(packetId);
      this.#require(this.#inFlight.size <= receiveMaximum, `[MQTT-3.3.4-9] ${this.#inFlight.size} in flight`);
    }
    this.#require(other?.cmd === kind, `mqtt-packet reads ${other?.cmd} where there is ${kind}`);
  }

  #require(isKept: boolean, rule: string): void {
    if (!isKept) this.problems.push(rule);
  }
}

const hex = (code: number) => `0x${code.toString(16).padStart(2, '0')}`;

function briefly({ kind, packetId, code, codes, qos, dup }: ServerPacket): string {
  const name = kind.toUpperCase();
  switch (kind) {
    case 'connack':
    case 'disconnect':
      return `${name} ${hex(code)}`;
    case 'publish':
      return `${name} QoS ${qos}${dup ? ' DUP' : ''}`;
    case 'puback':
      return `${name} ${packetId} ${hex(code)}`;
    case 'suback':
    case 'unsuback':
      return [name, packetId, ...codes.map(hex)].join(' ');
    case 'pingresp':
      return name;
    default:
      return kind satisfies never;
  }
}

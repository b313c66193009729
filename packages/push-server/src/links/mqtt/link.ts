import type { Socket } from 'node:net';
import {
  type CloseReason,
  type CommandId,
  coversCommands,
  type DeviceId,
  decodeResult,
  isDurable,
  limits,
  PushfleetError,
  parseResultTopic,
  type device as wire,
} from '@pushfleet/protocol';
import {
  parser as createParser,
  type IConnectPacket,
  type IDisconnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type IUnsubscribePacket,
  type Packet,
  type Parser,
} from 'mqtt-packet';
import type { DeviceSaid } from '../../session/on-device.ts';
import type { Elsewhere, ToDevice } from '../../session/session.ts';
import type { AcceptLink, Link, LinkSettings, Listen } from '../link.ts';
import { CommandPublisher } from './command-publisher.ts';
import { checkFrames, createFrameLimit, type FrameLimit } from './frame-limit.ts';
import { type MqttHello, readConnect } from './hello.ts';
import { connack, connackRefused, disconnect, encodePacket, type MqttVersion } from './packets.ts';
import { Receipts } from './receipts.ts';
import { readSubscribe } from './subscriptions.ts';

/** How many packets a client may send before its CONNECT is answered. */
const earlyPackets = 16;

/** The mobile-protocol link: one MQTT 5 or 3.1.1 connection. Translates; what it means is the session's to say. */
export class MqttLink implements Link {
  readonly remote: string;
  readonly #socket: Socket;
  readonly #settings: LinkSettings;
  readonly #listen: Listen;
  readonly #parserOptions: { protocolVersion: number } = { protocolVersion: 4 };
  readonly #parser: Parser;
  readonly #frames: FrameLimit = createFrameLimit(limits.greetingBytes);
  #hasGreeted = false;
  #hello: MqttHello | undefined;
  #device: DeviceId | undefined;
  /** What came between CONNECT and CONNACK; a client need not wait for the latter. */
  #early: Packet[] = [];
  /** SUBSCRIBEs that are answered once the session is open. */
  #subscribing: { messageId: number; granted: number[] }[] = [];
  #unsubscribing: number[] = [];
  readonly #publisher = new CommandPublisher();
  #receipts: Receipts | undefined;
  #ended = false;

  constructor(socket: Socket, settings: LinkSettings, accept: AcceptLink) {
    this.#socket = socket;
    this.#settings = settings;
    this.remote = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#parser = createParser(this.#parserOptions);
    this.#parser.on('packet', (packet: Packet) => this.#onPacket(packet));
    this.#parser.on('error', () => this.#say({ kind: 'fault', reason: 'malformed' }));
    this.#listen = accept(this);
    socket.on('data', (chunk: Buffer) => this.#guard(() => this.#onData(chunk)));
    socket.once('close', () => this.#guard(() => this.#say({ kind: 'fault', reason: 'linkLost' })));
    // Half-open connections are of no use to either side.
    socket.once('end', () => socket.destroy());
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  send(message: ToDevice): void {
    switch (message.kind) {
      case 'accepted':
        return this.#onAccepted(message.device);
      case 'attached':
        return this.#onAttached();
      case 'detached':
        return this.#onDetached();
      case 'command':
        return this.#write(this.#publisher.publish(message.device, message.command, message.now, this.#known));
      case 'cancel':
        return this.#write(this.#publisher.publishCancel(message.device, message.command, message.reason, this.#known));
      case 'result-received':
        return this.#acknowledge(message.command);
      case 'pong':
        return this.#write({ cmd: 'pingresp' });
      default:
        return message satisfies never;
    }
  }

  end(reason: CloseReason, elsewhere?: Elsewhere): void {
    if (this.#ended) return;
    this.#ended = true;
    const farewell = this.#farewell(reason, elsewhere);
    if (farewell && this.#socket.writable) this.#socket.end(encodePacket(farewell, this.#version));
    else this.#socket.end();
    // A peer that does not close its side would keep the descriptor.
    setTimeout(() => this.#socket.destroy(), farewellMs).unref();
  }

  #guard(run: () => void): void {
    this.#settings.barrier.run('mqtt packet', run, () => this.#onFault());
  }

  /** Whatever the session makes of it, the link ends. */
  #onFault(): void {
    try {
      this.#say({ kind: 'fault', reason: 'protocolError' });
    } finally {
      this.end('protocolError');
    }
  }

  get #version(): MqttVersion {
    return this.#hello?.version ?? 4;
  }

  /** Commands come only to who has said hello. */
  get #known(): MqttHello {
    return this.#hello as MqttHello;
  }

  /** Before a CONNECT nothing may be sent: the client need not speak MQTT at all. */
  #farewell(reason: CloseReason, elsewhere: Elsewhere | undefined): Packet | undefined {
    if (!this.#hasGreeted || hasLeft.has(reason)) return undefined;
    if (!this.#device) return connackRefused(this.#version, reason, elsewhere);
    return this.#version === 5 ? disconnect(reason, elsewhere) : undefined;
  }

  #say(said: DeviceSaid): void {
    if (!this.#ended) this.#listen(said);
  }

  #onData(chunk: Buffer): void {
    if (this.#ended) return;
    const verdict = checkFrames(this.#frames, chunk);
    if (verdict === 'ok') this.#parser.parse(chunk);
    else this.#say({ kind: 'fault', reason: verdict === 'too-large' ? 'frameTooLarge' : 'malformed' });
  }

  #onPacket(packet: Packet): void {
    if (this.#ended) return;
    if (packet.cmd === 'connect') this.#onConnect(packet);
    else if (!this.#hello) this.#say({ kind: 'fault', reason: 'malformed' });
    else if (this.#device) this.#onKnownPacket(packet, this.#device);
    else if (this.#early.length < earlyPackets) this.#early.push(packet);
    else this.#say({ kind: 'fault', reason: 'protocolError' });
  }

  #onConnect(packet: IConnectPacket): void {
    // [MQTT-3.1.0-2] a second CONNECT is a protocol error.
    if (this.#hasGreeted) return this.#say({ kind: 'fault', reason: 'protocolError' });
    this.#hasGreeted = true;
    const hello = readConnect(packet, this.#settings.keepAliveMs);
    if (typeof hello === 'string') return this.#say({ kind: 'fault', reason: hello });
    this.#hello = hello;
    this.#parserOptions.protocolVersion = hello.version;
    this.#say(hello.said);
  }

  #onKnownPacket(packet: Packet, device: DeviceId): void {
    switch (packet.cmd) {
      case 'publish':
        return this.#onPublish(packet, device);
      case 'puback':
        return this.#onPuback(packet.messageId);
      case 'subscribe':
        return this.#onSubscribe(packet, device);
      case 'unsubscribe':
        return this.#onUnsubscribe(packet, device);
      case 'pingreq':
        return this.#say({ kind: 'ping' });
      case 'disconnect':
        return this.#onDisconnect(packet);
      default:
        return this.#say({ kind: 'fault', reason: 'protocolError' });
    }
  }

  /** One with an error, e.g. that a packet was too large, is no goodbye [MQTT-3.14.2.1]. */
  #onDisconnect({ reasonCode = 0 }: IDisconnectPacket): void {
    this.#say(reasonCode < 0x80 ? { kind: 'goodbye' } : { kind: 'fault', reason: 'deviceError' });
  }

  #onPublish(packet: IPublishPacket, device: DeviceId): void {
    if (packet.qos === 2) return this.#say({ kind: 'fault', reason: 'qosNotSupported' });
    const command = parseResultTopic(packet.topic, device);
    if (!command) return this.#say({ kind: 'fault', reason: 'topicNotAllowed' });
    try {
      const result = decodeResult(command, Buffer.from(packet.payload), this.#hello?.encoding ?? 'json');
      this.#receive(packet, result);
    } catch (error) {
      this.#onBadResult(packet, error);
    }
  }

  #receive(packet: IPublishPacket, result: wire.CommandResult): void {
    const command = result.commandId as CommandId;
    const { messageId } = packet;
    const isOwed = isDurable(command) && result.outcome !== 'running' && packet.qos === 1;
    if (isOwed && messageId !== undefined) {
      this.#receipts ??= new Receipts();
      this.#receipts.owe(command, messageId);
    }
    this.#say({ kind: 'result', result });
    if (!isOwed) this.#puback(packet, 0);
  }

  #acknowledge(command: CommandId): void {
    for (const messageId of this.#receipts?.settle(command) ?? []) {
      this.#write({ cmd: 'puback', messageId, reasonCode: 0 });
    }
  }

  #onBadResult(packet: IPublishPacket, error: unknown): void {
    if (!(error instanceof PushfleetError)) throw error;
    // Payload format invalid. Where the wire has no word for it, closing is the only way to say it.
    if (this.#version === 5 && packet.qos === 1) this.#puback(packet, 0x99, error.message);
    else this.#say({ kind: 'fault', reason: 'malformed' });
  }

  #puback(packet: IPublishPacket, reasonCode: number, reasonString?: string): void {
    if (packet.qos !== 1 || packet.messageId === undefined) return;
    const properties = reasonString === undefined ? {} : { properties: { reasonString } };
    this.#write({ cmd: 'puback', messageId: packet.messageId, reasonCode, ...properties });
  }

  #onPuback(messageId: number | undefined): void {
    const command = this.#publisher.confirm(messageId);
    if (command !== undefined) this.#say({ kind: 'delivered', command });
  }

  #onSubscribe(packet: ISubscribePacket, device: DeviceId): void {
    const { granted, commandQos } = readSubscribe(packet, device, this.#version);
    const messageId = packet.messageId ?? 0;
    if (commandQos === undefined) return this.#write({ cmd: 'suback', messageId, granted });
    this.#subscribing.push({ messageId, granted });
    this.#publisher.qos = commandQos;
    this.#say({ kind: 'attach', confirms: commandQos === 1 });
  }

  #onUnsubscribe(packet: IUnsubscribePacket, device: DeviceId): void {
    this.#unsubscribing.push(packet.messageId ?? 0);
    if (packet.unsubscriptions.some((filter) => coversCommands(filter, device))) this.#say({ kind: 'detach' });
    else this.#onDetached();
  }

  #onAccepted(device: DeviceId): void {
    this.#device = device;
    this.#frames.maxBytes = limits.frameBytes;
    this.#write(connack(this.#version, this.#hello?.imposedKeepAliveS));
    const early = this.#early;
    this.#early = [];
    for (const packet of early) this.#onPacket(packet);
  }

  #onAttached(): void {
    for (const { messageId, granted } of this.#subscribing) this.#write({ cmd: 'suback', messageId, granted });
    this.#subscribing = [];
  }

  #onDetached(): void {
    for (const messageId of this.#unsubscribing) this.#write({ cmd: 'unsuback', messageId, granted: [0] });
    this.#unsubscribing = [];
  }

  #write(packet: Packet): void {
    if (!this.#ended && this.#socket.writable) this.#socket.write(encodePacket(packet, this.#version));
  }
}

/** How long a peer has to take the farewell and close. */
const farewellMs = 2_000;

/** Reasons for which a device is not there any more to be told. */
const hasLeft: ReadonlySet<CloseReason> = new Set(['goodbye', 'linkLost', 'deviceError']);

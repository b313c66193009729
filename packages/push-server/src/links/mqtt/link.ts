import { randomUUID } from 'node:crypto';
import { type CloseReason, type CommandId, cutText, type DeviceId, limits } from '@pushfleet/protocol';
import type { DeviceInput } from '../../session/on-device.ts';
import type { RedirectTarget, ToDevice } from '../../session/session.ts';
import { grantMqttKeepAlive } from '../keep-alive.ts';
import type { AcceptLink, Link, OnInput } from '../link.ts';
import { CommandPublisher } from './command-publisher.ts';
import { type MqttTerms, readHello, readTerms } from './connect-terms.ts';
import { type ConnectionEvents, MqttConnection, type MqttSettings, type MqttSocket } from './connection.ts';
import { encodeAccept, encodeLinkEnd, encodeRefusal, type LinkEnd } from './connection-replies.ts';
import { ResultReceiver } from './result-receiver.ts';
import { Subscriptions } from './subscriptions.ts';
import { type ClientPacket, PacketType, readClientPacket } from './wire/client-packet.ts';
import { readProtocolLevel } from './wire/connect.ts';
import type { DisconnectPacket } from './wire/disconnect.ts';
import type { Frame } from './wire/frame-reader.ts';
import type { PubackPacket } from './wire/puback.ts';
import type { PublishPacket } from './wire/publish.ts';
import { isFailure, pubackCodes, ReasonCode } from './wire/reason-code.ts';
import { connectionRules, type MqttVersion, Violation } from './wire/rule.ts';
import { encodePingresp, encodePuback, encodeSuback, encodeUnsuback } from './wire/server-packet.ts';
import type { SubscribePacket, UnsubscribePacket } from './wire/subscribe.ts';

/** A request of the client. Until it is answered, nothing more is read: answers come in the order of the requests. */
type PendingRequest =
  | { kind: 'connect'; accept: (maxBytes: number) => Buffer | undefined }
  | { kind: 'subscribe' | 'unsubscribe'; packetId: number; codes: number[] };

/** The mobile-protocol link: one MQTT 5 or 3.1.1 connection. Only translates; the session decides. */
export class MqttLink implements Link, ConnectionEvents {
  readonly #settings: MqttSettings;
  readonly #connection: MqttConnection;
  readonly #onInput: OnInput;
  /** Until the version is known, nothing may be sent: the client need not speak MQTT at all. */
  #version: MqttVersion | undefined;
  #terms: MqttTerms | undefined;
  #device: DeviceId | undefined;
  #request: PendingRequest | undefined;
  readonly #subscriptions = new Subscriptions();
  readonly #publisher = new CommandPublisher();
  readonly #results = new ResultReceiver();
  #ended = false;
  /** The rule that the client broke, as text. */
  #detail: string | undefined;

  constructor(socket: MqttSocket, settings: MqttSettings, accept: AcceptLink) {
    this.#settings = settings;
    this.#connection = new MqttConnection(socket, settings, this);
    this.#onInput = accept(this);
  }

  get kind(): 'mqtt' {
    return 'mqtt';
  }

  get remote(): string {
    return this.#connection.remote;
  }

  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  send(message: ToDevice): void {
    switch (message.kind) {
      case 'accepted':
        return this.#onAccepted(message.device);
      case 'attached':
      case 'detached':
        return this.#answer();
      case 'command':
        return this.#sendCommand(message);
      case 'cancel':
        return this.#sendCancel(message);
      case 'result-received':
        return this.#acknowledge(message.command);
      case 'pong':
        return this.#write(encodePingresp());
      default:
        return message satisfies never;
    }
  }

  end(reason: CloseReason, target?: RedirectTarget): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#connection.end(this.#encodeEnd({ reason, detail: this.#detail, target }));
  }

  /** The last packet; `undefined` for a device that has said goodbye, or is gone. */
  #encodeEnd(linkEnd: LinkEnd): Buffer | undefined {
    const isGone = ['goodbye', 'linkLost', 'deviceError'].includes(linkEnd.reason);
    if (this.#version === undefined || isGone) return undefined;
    const encode = this.#device === undefined ? encodeRefusal : encodeLinkEnd;
    return encode(this.#version, linkEnd, this.#terms?.maxPacketBytes ?? Number.POSITIVE_INFINITY);
  }

  #say(input: DeviceInput): void {
    if (!this.#ended) this.#onInput(input);
  }

  /** Whatever the session makes of it, the link ends. */
  fault(reason: CloseReason, detail?: string): void {
    this.#detail = detail;
    try {
      this.#say({ kind: 'fault', reason });
    } finally {
      this.end(reason);
    }
  }

  frame(frame: Frame): void {
    if (!this.#terms) return this.#onGreeting(frame);
    if (frame.type === PacketType.connect) throw new Violation(connectionRules.connectOnce, this.#terms.version);
    if (frame.length > this.#connection.maxPacketBytes)
      throw new Violation(connectionRules.packetSize, this.#terms.version);
    if (this.#device) this.#onPacket(readClientPacket(frame, this.#terms), this.#terms, this.#device);
  }

  #onGreeting(frame: Frame): void {
    if (frame.type !== PacketType.connect) throw new Violation(connectionRules.connectFirst, 5);
    const level = readProtocolLevel(frame.body);
    if (level === undefined) throw new Violation(connectionRules.protocolName, 5);
    // A client of another version finds out best from an answer in the form that is nearest to its own.
    this.#version = (level & 0x7f) >= 5 ? 5 : 4;
    if (level !== this.#version) throw new Violation(connectionRules.protocolLevel, this.#version);
    if (frame.length > this.#connection.maxPacketBytes)
      throw new Violation(connectionRules.greetingSize, this.#version);
    const packet = readClientPacket(frame, { version: this.#version, keepsSession: false });
    if (packet.kind === 'connect') this.#onConnect(packet, this.#version);
  }

  #onConnect(packet: Extract<ClientPacket, { kind: 'connect' }>, version: MqttVersion): void {
    const terms = readTerms(packet, version);
    const keepAlive = grantMqttKeepAlive(packet.keepAliveS, version, this.#settings.keepAlive);
    this.#terms = terms;
    const clientId = packet.clientId === '' ? randomUUID() : undefined;
    this.#await({ kind: 'connect', accept: (maxBytes) => encodeAccept(terms, keepAlive, clientId, maxBytes) });
    this.#say(readHello(packet, terms, keepAlive));
  }

  #onPacket(packet: ClientPacket, terms: MqttTerms, device: DeviceId): void {
    switch (packet.kind) {
      case 'publish':
        return this.#onPublish(packet, terms, device);
      case 'puback':
        return this.#onPuback(packet);
      case 'subscribe':
        return this.#onSubscribe(packet, terms, device);
      case 'unsubscribe':
        return this.#onUnsubscribe(packet, device);
      case 'pingreq':
        return this.#say({ kind: 'ping' });
      case 'disconnect':
        return this.#onDisconnect(packet);
      case 'connect':
        throw new Violation(connectionRules.connectOnce, terms.version);
      default:
        return packet satisfies never;
    }
  }

  #onPublish(packet: PublishPacket, terms: MqttTerms, device: DeviceId): void {
    const received = this.#results.receive(packet, terms, device);
    if (received.kind === 'unreadable') {
      this.#say({ kind: 'unreadable', bytes: packet.payload.length });
      return this.#ended ? undefined : this.#onUnreadable(packet, terms, received.why);
    }
    this.#say(received);
    if (received.isOwed) return;
    // Progress says that more is to come, and its sender may wait for the acknowledgement of each.
    if (received.result.outcome === 'running') this.#puback(packet);
    else this.#pubackSoon(packet);
  }

  #onUnreadable(packet: PublishPacket, { version, wantsProblems }: MqttTerms, why: string): void {
    // Where the wire has no other word for it, closing is the only way to say it.
    if (version === 4 || packet.qos === 0) this.fault('payloadInvalid', why);
    else this.#puback(packet, ReasonCode.payloadFormatInvalid, wantsProblems ? why : undefined);
  }

  #acknowledge(command: CommandId): void {
    for (const packetId of this.#results.settle(command)) this.#pubackSoon({ qos: 1, packetId });
  }

  /** A device that takes no commands gets no other packet that its acknowledgement could go with. */
  #pubackSoon(packet: Pick<PublishPacket, 'qos' | 'packetId'>): void {
    if (this.#subscriptions.commandQos === undefined) this.#puback(packet);
    else if (packet.qos === 1) this.#connection.acknowledgeSoon(packet.packetId);
  }

  #puback(
    { qos, packetId }: Pick<PublishPacket, 'qos' | 'packetId'>,
    code: number = ReasonCode.success,
    reasonString?: string,
  ): void {
    if (qos !== 1 || !this.#terms) return;
    const { version, maxPacketBytes } = this.#terms;
    const worded = encodePuback(version, packetId, code, reasonString === undefined ? {} : { reasonString });
    // [MQTT-3.4.2-2]
    this.#write(worded.length > maxPacketBytes ? encodePuback(version, packetId, code) : worded);
  }

  #onPuback({ packetId, code, properties }: PubackPacket): void {
    const command = this.#publisher.confirm(packetId);
    if (command === undefined) return;
    if (!isFailure(code)) return this.#say({ kind: 'delivered', command });
    const words = properties.reasonString === undefined ? '' : `: ${properties.reasonString}`;
    const reason = `refused by the device: ${pubackCodes[code]} (0x${code.toString(16)})${words}`;
    this.#say({ kind: 'refused', command, reason: cutText(reason, limits.reasonChars) });
  }

  #onSubscribe({ packetId, subscriptions }: SubscribePacket, { version }: MqttTerms, device: DeviceId): void {
    const before = this.#subscriptions.commandQos;
    const codes = this.#subscriptions.subscribe(subscriptions, device, version);
    this.#await({ kind: 'subscribe', packetId, codes });
    this.#onSubscriptions(before);
  }

  #onUnsubscribe({ packetId, filters }: UnsubscribePacket, device: DeviceId): void {
    const before = this.#subscriptions.commandQos;
    this.#await({ kind: 'unsubscribe', packetId, codes: this.#subscriptions.unsubscribe(filters, device) });
    this.#onSubscriptions(before);
  }

  /** The session answers with `attached` or `detached`; where nothing changes for it, the client is answered at once. */
  #onSubscriptions(before: 0 | 1 | undefined): void {
    const qos = this.#subscriptions.commandQos;
    if (qos === before) this.#answer();
    else if (qos === undefined) this.#say({ kind: 'detach' });
    else this.#say({ kind: 'attach', confirms: qos === 1 });
  }

  #onDisconnect({ code }: DisconnectPacket): void {
    // A Will is to be published with one of them, and there is none. Everything else is an error that the device has met.
    if (code === ReasonCode.success || code === ReasonCode.disconnectWithWill) this.#say({ kind: 'goodbye' });
    else this.fault('deviceError');
  }

  #onAccepted(device: DeviceId): void {
    this.#connection.maxPacketBytes = limits.frameBytes;
    const { maxPacketBytes = 0 } = this.#terms ?? {};
    const connack = this.#request?.kind === 'connect' ? this.#request.accept(maxPacketBytes) : undefined;
    // A client that cannot take what the CONNACK has to say cannot be served.
    if (connack === undefined) return this.fault('frameTooLarge');
    this.#device = device;
    this.#connection.markAuthenticated();
    this.#connection.write(connack);
    this.#request = undefined;
    this.#connection.proceed();
  }

  #await(request: PendingRequest): void {
    this.#request = request;
    this.#connection.hold();
  }

  #answer(): void {
    const { version = 5 } = this.#terms ?? {};
    const request = this.#request;
    this.#request = undefined;
    if (request?.kind === 'subscribe') this.#write(encodeSuback(version, request.packetId, request.codes));
    if (request?.kind === 'unsubscribe') this.#write(encodeUnsuback(version, request.packetId, request.codes));
    this.#connection.proceed();
  }

  #sendCommand(message: Extract<ToDevice, { kind: 'command' }>): void {
    const { commandQos } = this.#subscriptions;
    if (!this.#terms || commandQos === undefined) return;
    const packet = this.#publisher.publish(message, commandQos, this.#terms);
    if (typeof packet !== 'number') return this.#connection.write(packet);
    const limit = `a packet of ${packet} bytes, and its Maximum Packet Size is ${this.#terms.maxPacketBytes}`;
    this.#say({ kind: 'too-large', command: message.command.id, limit });
  }

  /** One that the device does not take is not sent: the command goes on, and ends by itself. */
  #sendCancel(message: Extract<ToDevice, { kind: 'cancel' }>): void {
    const { commandQos } = this.#subscriptions;
    if (!this.#terms || commandQos === undefined) return;
    const packet = this.#publisher.cancel(message, commandQos, this.#terms);
    if (typeof packet !== 'number') this.#connection.write(packet);
  }

  /** [MQTT-3.1.2-25] what the client does not take is as good as sent. */
  #write(packet: Buffer): void {
    if (packet.length <= (this.#terms?.maxPacketBytes ?? 0)) this.#connection.write(packet);
  }
}

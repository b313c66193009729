import {
  commandFilter,
  type DeviceId,
  type device,
  encodeResult,
  limits,
  parseCommandId,
  resultTopic,
} from '@pushfleet/protocol';
import type { IConnackPacket, IPublishPacket, ISubackPacket, Packet } from 'mqtt-packet';
import { afterAttention } from '../clock.ts';
import { outputBytes } from '../commands/ending.ts';
import { KeepAlive } from '../keep-alive.ts';
import {
  goodbyeMs,
  type Link,
  type LinkEnd,
  type LinkEvents,
  type LinkSettings,
  linkEnd,
  type OpenLink,
  proofMs,
  serverSilent,
} from '../link.ts';
import { UnprovenResults } from '../unproven-results.ts';
import { connectPacket, parseCancel, parseCommand } from './packets.ts';
import { connackEnd, disconnectEnd, silentMqtt3End } from './reasons.ts';
import { MqttWire, type OpenSocket, type WireEvents } from './wire.ts';

export function mqttLinks(settings: LinkSettings, protocolVersion: 4 | 5, openSocket: OpenSocket): OpenLink {
  return (server, ticket, events) => {
    const wire = (events: WireEvents) => new MqttWire((opened) => openSocket(server, opened), protocolVersion, events);
    return new MqttLink(wire, ticket, settings, protocolVersion, events);
  };
}

const subscribeId = 1;
/** The largest MQTT packet identifier. */
const maxPacketId = 65_535;

/** The mobile-protocol link. */
class MqttLink implements Link {
  readonly #settings: LinkSettings;
  readonly #protocolVersion: 4 | 5;
  readonly #events: LinkEvents;
  readonly #wire: MqttWire;
  readonly #closed = Promise.withResolvers<void>();
  /** Callbacks for when the server has the result of a durable command, by packet identifier. */
  readonly #unconfirmed = new Map<number, () => void>();
  #unproven: UnprovenResults | undefined;
  #deadline: Disposable;
  #keepAlive: KeepAlive | undefined;
  /** The keep-alive that the server grants; 0: none. */
  #grantedMs: number;
  #packetId = subscribeId;
  #state: 'connecting' | 'subscribing' | 'open' | 'ended' = 'connecting';
  /** The reason for which the connection is cut, or which the server gave. */
  #end: LinkEnd | undefined;

  constructor(
    openWire: (events: WireEvents) => MqttWire,
    ticket: string,
    settings: LinkSettings,
    protocolVersion: 4 | 5,
    events: LinkEvents,
  ) {
    this.#settings = settings;
    this.#protocolVersion = protocolVersion;
    this.#events = events;
    this.#grantedMs = settings.keepAlive.wishedMs;
    this.#deadline = afterAttention(settings.clock, limits.greetingDeadlineMs, () => {
      this.#cut(linkEnd('linkLost', `not connected within ${limits.greetingDeadlineMs} ms`));
    });
    this.#wire = openWire({
      opened: () => this.#send(connectPacket(settings, protocolVersion, ticket)),
      packet: (packet) => this.#onPacket(packet),
      closed: (detail) => this.#onClosed(detail),
    });
  }

  get congested(): boolean {
    return this.#wire.congested;
  }

  /**
   * The PUBACK of a durable command's result shows that it is stored. That of a direct one would cost a packet and show no
   * more than the next PINGRESP does.
   */
  report(result: device.CommandResult, sent?: () => void, durable = false): void {
    if (this.#state !== 'open') return;
    const { deviceId, payloadEncoding } = this.#settings;
    const topic = resultTopic(deviceId as DeviceId, parseCommandId(result.commandId));
    const payload = encodeResult(result, payloadEncoding);
    const publish = { cmd: 'publish', topic, payload, dup: false, retain: false } as const;
    if (sent === undefined) return this.#send({ ...publish, qos: 0 });
    if (!durable) {
      this.#unproven ??= new UnprovenResults();
      this.#unproven.add(outputBytes(result), sent);
      this.#keepAlive?.askWithin(proofMs);
      return this.#send({ ...publish, qos: 0 });
    }
    const messageId = this.#nextPacketId();
    this.#unconfirmed.set(messageId, sent);
    this.#send({ ...publish, qos: 1, messageId });
  }

  close(): Promise<void> {
    if (this.#state !== 'ended' && this.#end === undefined) {
      this.#end = linkEnd('goodbye');
      this.#send({ cmd: 'disconnect', reasonCode: 0 });
      this.#wire.end();
      this.#deadline[Symbol.dispose]();
      this.#deadline = this.#settings.clock.after(goodbyeMs, () => this.#wire.cut('goodbye'));
    }
    return this.#closed.promise;
  }

  #onPacket(packet: Packet): void {
    if (this.#state === 'ended' || this.#end !== undefined) return;
    this.#keepAlive?.heard();
    switch (packet.cmd) {
      case 'connack':
        return this.#onConnack(packet);
      case 'suback':
        return this.#onSuback(packet);
      case 'publish':
        return this.#onPublish(packet);
      case 'puback':
        return this.#onPuback(packet.messageId);
      case 'disconnect':
        return this.#cut(disconnectEnd(packet));
      case 'pingresp':
        return this.#unproven?.onPong();
      // The rest is for QoS 2 and for servers.
      default:
        return;
    }
  }

  #onConnack(packet: IConnackPacket): void {
    if (this.#state !== 'connecting') return;
    if ((packet.reasonCode ?? packet.returnCode ?? 0) !== 0) return this.#cut(connackEnd(packet));
    this.#state = 'subscribing';
    // [MQTT-3.1.2-21]: the server's keep-alive replaces the one that was asked for.
    const serverKeepAlive = packet.properties?.serverKeepAlive;
    if (serverKeepAlive !== undefined) this.#grantedMs = serverKeepAlive * 1_000;
    const topic = commandFilter(this.#settings.deviceId as DeviceId);
    this.#send({ cmd: 'subscribe', messageId: subscribeId, subscriptions: [{ topic, qos: 1 }] });
  }

  #onSuback({ granted }: ISubackPacket): void {
    if (this.#state !== 'subscribing') return;
    if (Number(granted[0]) > 1) return this.#cut(linkEnd('linkLost', 'the subscription to commands was refused'));
    this.#state = 'open';
    this.#deadline[Symbol.dispose]();
    const { clock, keepAlive } = this.#settings;
    if (this.#grantedMs > 0) {
      this.#keepAlive = new KeepAlive({
        clock,
        intervalMs: () => keepAlive.intervalMs(this.#grantedMs),
        ping: () => this.#ping(),
        lost: () => this.#cut(serverSilent),
        held: () => keepAlive.onHeld(),
        halfOpen: () => keepAlive.onHalfOpen(),
      });
    }
    this.#events.welcomed();
  }

  #onPublish(packet: IPublishPacket): void {
    const { messageId } = packet;
    const accept = () => {
      if (packet.qos > 0 && messageId !== undefined) this.#send({ cmd: 'puback', messageId, reasonCode: 0 });
    };
    if (this.#state !== 'open') return accept();
    const { deviceId, payloadEncoding } = this.#settings;
    const cancel = parseCancel(packet, deviceId as DeviceId, payloadEncoding);
    if (cancel !== undefined) {
      accept();
      return this.#events.cancel(cancel.id, cancel.reason);
    }
    const command = parseCommand(packet, deviceId as DeviceId, payloadEncoding);
    if (command === undefined) accept();
    else this.#events.command(command, accept);
  }

  /** A refused result is not sent again: it would be refused again. */
  #onPuback(messageId: number | undefined): void {
    const sent = this.#unconfirmed.get(messageId ?? 0);
    this.#unconfirmed.delete(messageId ?? 0);
    sent?.();
  }

  #ping(): void {
    this.#unproven?.onPing();
    this.#send({ cmd: 'pingreq' });
  }

  #send(packet: Packet): void {
    this.#keepAlive?.sent();
    this.#wire.send(packet);
  }

  #nextPacketId(): number {
    do {
      this.#packetId = this.#packetId >= maxPacketId ? subscribeId + 1 : this.#packetId + 1;
    } while (this.#unconfirmed.has(this.#packetId));
    return this.#packetId;
  }

  #cut(end: LinkEnd): void {
    this.#end ??= end;
    this.#wire.cut(end.detail);
  }

  #onClosed(detail: string): void {
    const wasOpen = this.#state === 'open';
    this.#state = 'ended';
    this.#deadline[Symbol.dispose]();
    if (this.#end === undefined) this.#keepAlive?.broken();
    this.#keepAlive?.[Symbol.dispose]();
    this.#unconfirmed.clear();
    this.#closed.resolve();
    const silent = wasOpen && this.#protocolVersion === 4 ? silentMqtt3End(detail) : linkEnd('linkLost', detail);
    this.#events.ended(this.#end ?? silent);
  }
}

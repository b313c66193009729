import type { Socket } from 'node:net';
import {
  type CloseReason,
  closeReasonKey,
  CloseReason as closeReasons,
  parseCloseReason,
  parseHostPort,
  redirectNodeKey,
} from '@pushfleet/protocol';
import {
  brokenEnd,
  endFor,
  type LeanCommand,
  type LeanLink,
  type LinkEnd,
  type LinkEvents,
  readStamp,
  type ServerAddress,
} from '../link.ts';
import { PacketReader } from './packet-reader.ts';
import {
  disconnect,
  encodeAnswer,
  encodeConnect,
  encodePuback,
  encodeSubscribe,
  packetType,
  pingreq,
  subscribeId,
} from './packets.ts';
import { propertiesBytes, readProperties } from './properties.ts';
import type { MqttVersion } from './variable-length.ts';

export interface MqttLinkOptions {
  version: MqttVersion;
  deviceId: string;
  ticket: string;
  keepAliveMs: number;
  /** Opens the connection. */
  dial(): Socket;
  events: LinkEvents;
}

/** Durable commands have such ids: their results are kept once their PUBACK comes. */
const durablePrefix = 'd-';
const maxPacketId = 65_535;

/** The mobile-protocol link of a lean device. */
export class LeanMqttLink implements LeanLink {
  readonly #options: MqttLinkOptions;
  readonly #socket: Socket;
  readonly #reader = new PacketReader((firstByte, body) => this.#onPacket(firstByte, body));
  #keepAliveMs: number;
  #packetId = subscribeId;
  /** Commands that wait for their answer, by id; there only while one does. */
  #unanswered: Map<string, number | undefined> | undefined;
  #end: LinkEnd | undefined;
  #ended = false;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
    this.#keepAliveMs = options.keepAliveMs;
    this.#socket = options.dial();
    this.#socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.#socket.on('error', (error) => {
      this.#end ??= brokenEnd(error);
    });
    this.#socket.on('close', () => this.#onClosed());
  }

  /** Says CONNECT: the connection stands. */
  greet(): void {
    const { version, deviceId, ticket, keepAliveMs } = this.#options;
    const keepAliveSeconds = Math.ceil(keepAliveMs / 1_000);
    this.#socket.write(encodeConnect({ version, deviceId, ticket, keepAliveSeconds }));
  }

  ping(): void {
    this.#socket.write(pingreq);
  }

  answer(commandId: string, failure?: string): void {
    const confirms = this.#unanswered?.get(commandId);
    this.#unanswered?.delete(commandId);
    this.#say(commandId, confirms, failure);
  }

  close(): void {
    this.#end ??= endFor('goodbye');
    this.#socket.end(disconnect);
    this.#socket.resume();
  }

  cut(end: LinkEnd): void {
    this.#end ??= end;
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    if (this.#end !== undefined) return;
    this.#options.events.onHeard();
    try {
      this.#reader.read(chunk);
    } catch (error) {
      this.cut({ reason: 'malformed', retry: 'same-node', detail: (error as Error).message });
    }
  }

  #onPacket(firstByte: number, body: Buffer): void {
    switch (firstByte & 0xf0) {
      case packetType.publish:
        return this.#onPublish(firstByte, body);
      case packetType.connack:
        return this.#onConnack(body);
      case packetType.suback:
        return this.#onSuback(body);
      case packetType.disconnect:
        return this.cut(this.#endOf(body, 0));
      // PUBACK of a result and PINGRESP: that something was heard is all that they tell.
      default:
        return;
    }
  }

  #onConnack(body: Buffer): void {
    const { version, deviceId } = this.#options;
    if (body[1] !== 0) return this.cut(version === 5 ? this.#endOf(body, 1) : refusalOf(body[1] ?? 0));
    if (version === 5) {
      const { serverKeepAliveSeconds } = readProperties(body, 2);
      if (serverKeepAliveSeconds !== undefined) this.#keepAliveMs = serverKeepAliveSeconds * 1_000;
    }
    this.#socket.write(encodeSubscribe(version, `pushfleet/devices/${deviceId}/commands/#`));
  }

  #onSuback(body: Buffer): void {
    const granted = body[body.length - 1] ?? 0x80;
    if (granted > 1) return this.cut({ reason: 'subscriptionRefused', retry: 'reassign', detail: `SUBACK ${granted}` });
    this.#options.events.onUp(this.#keepAliveMs);
  }

  #onPublish(firstByte: number, body: Buffer): void {
    const topicEnd = 2 + body.readUInt16BE(0);
    const isConfirmed = (firstByte & 0x06) !== 0;
    const confirms = isConfirmed ? body.readUInt16BE(topicEnd) : undefined;
    const payloadAt = topicEnd + (isConfirmed ? 2 : 0);
    const skipped = this.#options.version === 5 ? propertiesBytes(body, payloadAt) : 0;
    const topic = body.toString('latin1', 2, topicEnd);
    const operationAt = topic.lastIndexOf('/') + 1;
    const idAt = topic.lastIndexOf('/', operationAt - 2) + 1;
    const operation = topic.slice(operationAt);
    const id = topic.slice(idAt, operationAt - 1);
    if (operation === 'cancel') return void (confirms !== undefined && this.#socket.write(encodePuback(confirms)));
    const payload = body.toString('latin1', payloadAt + skipped);
    if (this.#options.events.onCommand(readCommand(id, operation, payload))) return this.#say(id, confirms);
    this.#unanswered ??= new Map();
    this.#unanswered.set(id, confirms);
  }

  #say(commandId: string, confirms: number | undefined, failure?: string): void {
    if (this.#end !== undefined) return;
    const { version, deviceId } = this.#options;
    const packetId = commandId.startsWith(durablePrefix) ? this.#nextPacketId() : undefined;
    const topic = `pushfleet/devices/${deviceId}/results/${commandId}`;
    const payload = failure === undefined ? '{"succeeded":{}}' : JSON.stringify({ failed: { reason: failure } });
    this.#socket.write(encodeAnswer({ version, confirms, topic, payload, packetId }));
  }

  #nextPacketId(): number {
    this.#packetId = this.#packetId >= maxPacketId ? subscribeId + 1 : this.#packetId + 1;
    return this.#packetId;
  }

  /** The reason of a CONNACK or DISCONNECT of MQTT 5; its code is at `at`. */
  #endOf(body: Buffer, at: number): LinkEnd {
    const { userProperties, serverReference } = readProperties(body, at + 1);
    const reason = parseCloseReason(userProperties[closeReasonKey] ?? '') ?? reasonOfCode(body[at] ?? 0);
    const place = parseHostPort(serverReference?.split(' ')[0] ?? '');
    const redirect: ServerAddress | undefined = place && { nodeId: userProperties[redirectNodeKey] ?? '', ...place };
    return endFor(reason, '', redirect);
  }

  #onClosed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.events.onEnd(this.#end ?? this.#silentEnd());
  }

  /** MQTT 3.1.1 has no word for the end of a link: a balancer knows where the device belongs now. */
  #silentEnd(): LinkEnd {
    return this.#options.version === 4 ? { ...brokenEnd(), retry: 'reassign' } : brokenEnd();
  }
}

function readCommand(id: string, operation: string, payload: string): LeanCommand {
  return {
    id,
    operation,
    stampUs: readStamp(payload),
    tunnel: operation === 'open_tunnel' ? (JSON.parse(payload) as { target: string; token: string }) : undefined,
  };
}

/** The first close reason with this code, for servers that name none. */
function reasonOfCode(code: number): CloseReason {
  const names = Object.keys(closeReasons) as CloseReason[];
  return names.find((name) => name !== 'goodbye' && closeReasons[name].mqtt === code) ?? 'linkLost';
}

/** Close reasons by the return code of an MQTT 3.1.1 CONNACK: several share one code, and a balancer knows better. */
const refusals: Readonly<Record<number, CloseReason>> = {
  1: 'unsupportedProtocolVersion',
  2: 'ticketForAnotherDevice',
  3: 'serverShuttingDown',
  4: 'ticketInvalid',
  5: 'ticketExpired',
};

function refusalOf(code: number): LinkEnd {
  return endFor(refusals[code] ?? 'linkLost', `CONNACK return code ${code}`);
}

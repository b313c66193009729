import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import {
  commandFilter,
  type DeviceId,
  encodeResult,
  isDurable,
  parseCommandId,
  resultTopic,
  type device as wire,
} from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { generate, type Packet } from 'mqtt-packet';
import { createGrpcClient } from '../network/grpc-client.ts';
import { MqttTranslator } from '../network/mqtt-translator.ts';
import type { Network } from '../network/network.ts';
import { connectSocket, type VirtualSocket } from '../network/socket.ts';
import type { SimulatedProcess } from '../world/process.ts';

/** The protocols of links, by what a device of somebody else needs of them. */
export type ForeignProtocol = 'grpc' | 'mqtt' | 'mqtt3';

export interface ForeignLinkOptions {
  network: Network;
  process: SimulatedProcess;
  device: string;
  ticket: string;
  server: wire.Server;
  /** The Maximum Packet Size of an MQTT 5 link. Absent: none. */
  maximumPacketSize?: number;
  /** Called with each message as a gRPC link has it; not after the end. */
  onMessage(message: wire.ConnectResponse): void;
  /** Called once. */
  onEnd(detail: string): void;
}

/** A link without any of the SDK's caution. What is said after its end is lost. */
export interface ForeignLink {
  ping(): void;
  confirm(command: string): void;
  /** Says that the command has succeeded, with its own id as output. */
  succeed(command: string): void;
  /** Reads nothing until `resume`. */
  pause(): void;
  resume(): void;
}

export function openForeignLink(protocol: ForeignProtocol, options: ForeignLinkOptions): ForeignLink {
  return protocol === 'grpc' ? openGrpc(options) : new ForeignMqttLink(protocol === 'mqtt' ? 5 : 4, options);
}

function openGrpc({ network, process, server, ticket, onMessage, onEnd }: ForeignLinkOptions): ForeignLink {
  const { address, port } = server;
  const client = createGrpcClient(DeviceLinkService.service, { network, process, address, port }) as InstanceType<
    typeof DeviceLinkService
  >;
  const call: ClientDuplexStream<wire.ConnectRequestInit, wire.ConnectResponse> = client.connect();
  let isOver = false;
  let detail = 'without a word';
  call.on('data', (message: wire.ConnectResponse) => {
    // What was read and not handled when the link ended.
    if (!isOver) onMessage(message);
  });
  call.on('error', (error: ServiceError) => {
    detail = error.details;
  });
  call.on('status', () => {
    isOver = true;
    client.close();
    onEnd(detail);
  });
  const say = (message: wire.ConnectRequestInit) => {
    if (!call.destroyed && call.writable) call.write(message);
  };
  say({ hello: { ticket, agent: 'foreign' } });
  return {
    ping: () => say({ ping: {} }),
    confirm: (commandId) => say({ delivered: { commandId } }),
    succeed: (commandId) => say({ result: success(commandId) }),
    pause: () => void call.pause(),
    resume: () => void call.resume(),
  };
}

const keepAliveS = 60;
const subscribeId = 1;

class ForeignMqttLink implements ForeignLink {
  readonly #options: ForeignLinkOptions;
  readonly #version: 4 | 5;
  readonly #socket: VirtualSocket;
  readonly #translator: MqttTranslator;
  #keepAliveMs = keepAliveS * 1_000;
  #lastPacketId = subscribeId;
  #detail = 'without a word';

  constructor(version: 4 | 5, options: ForeignLinkOptions) {
    this.#version = version;
    this.#options = options;
    const { network, process, server, device } = options;
    const { address, port } = server;
    this.#socket = connectSocket({ network, process, address, port, opened: () => this.#introduce() });
    this.#translator = new MqttTranslator(
      device as DeviceId,
      version,
      (message) => this.#onMessage(message),
      (packet) => this.#onPacket(packet),
    );
    this.#socket.on('data', (bytes: Buffer) => this.#translator.take('in', bytes));
    this.#socket.on('error', ({ message }) => {
      this.#detail = message;
    });
    this.#socket.on('close', () => options.onEnd(this.#detail));
  }

  ping(): void {
    this.#send({ cmd: 'pingreq' });
  }

  confirm(command: string): void {
    const messageId = this.#translator.packetOf(command);
    if (messageId !== undefined) this.#send({ cmd: 'puback', messageId, reasonCode: 0 });
  }

  succeed(commandId: string): void {
    const id = parseCommandId(commandId);
    const topic = resultTopic(this.#options.device as DeviceId, id);
    const payload = encodeResult(success(commandId) as wire.CommandResult, 'json');
    const publish = { cmd: 'publish', topic, payload, dup: false, retain: false } as const;
    if (!isDurable(id)) return this.#send({ ...publish, qos: 0 });
    this.#lastPacketId += 1;
    this.#send({ ...publish, qos: 1, messageId: this.#lastPacketId });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #introduce(): void {
    const { device, ticket, maximumPacketSize } = this.#options;
    this.#send({
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: this.#version, clean: true, keepalive: keepAliveS },
      ...{ clientId: device, username: device, password: Buffer.from(ticket) },
      ...(this.#version === 5 && maximumPacketSize !== undefined ? { properties: { maximumPacketSize } } : {}),
    });
  }

  #onPacket(packet: Packet): void {
    if (packet.cmd === 'disconnect') this.#cut(`DISCONNECT 0x${(packet.reasonCode ?? 0).toString(16)}`);
    if (packet.cmd !== 'connack') return;
    const code = packet.reasonCode ?? packet.returnCode ?? 0;
    if (code !== 0) return this.#cut(`CONNACK 0x${code.toString(16)}`);
    const { serverKeepAlive } = packet.properties ?? {};
    if (serverKeepAlive !== undefined) this.#keepAliveMs = serverKeepAlive * 1_000;
    const topic = commandFilter(this.#options.device as DeviceId);
    this.#send({ cmd: 'subscribe', messageId: subscribeId, subscriptions: [{ topic, qos: 1 }] });
  }

  #onMessage(message: wire.ConnectResponse): void {
    if (this.#socket.destroyed) return;
    const { nodeId } = this.#options.server;
    const welcome = { deviceId: this.#options.device, nodeId, keepAliveMs: this.#keepAliveMs };
    this.#options.onMessage(message.welcome ? ({ welcome } as wire.ConnectResponse) : message);
  }

  #cut(detail: string): void {
    this.#detail = detail;
    this.#socket.destroy();
  }

  #send(packet: Packet): void {
    if (!this.#socket.writable) return;
    const bytes = generate(packet, { protocolVersion: this.#version });
    this.#translator.take('out', bytes);
    this.#socket.write(bytes);
  }
}

function success(commandId: string) {
  return { commandId, succeeded: { output: Buffer.from(commandId) } };
}

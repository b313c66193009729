import { createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import {
  CloseReason,
  cancelName,
  closeReasonKey,
  commandTopic,
  connackCode,
  type DeviceId,
  decodeResult,
  type device,
  encodeCancel,
  encodeOperation,
  operationKind,
  operationNames,
  operationsKey,
  type PayloadEncoding,
  parseCommandId,
  parseResultTopic,
  payloadEncodingKey,
} from '@pushfleet/protocol';
import { generate, type IConnectPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import { Inbox } from '../inbox.fixture.ts';
import type { Said, TestLink, TestPushServer, TestServerOptions } from '../push-server.fixture.ts';

export async function startMqttPushServer(options: TestServerOptions = {}): Promise<MqttPushServer> {
  const server = new MqttPushServer(options);
  await server.listen();
  return server;
}

/** One CONNECT, one subscription, commands and results. */
export class MqttPushServer implements TestPushServer {
  readonly server: device.Server;
  readonly links = new Inbox<TestLink>();
  readonly connects: IConnectPacket[] = [];
  readonly alpn: (string | false | null)[] = [];
  refusal: TestPushServer['refusal'];
  silent = false;
  readonly sockets = new Set<Socket>();
  readonly #options: TestServerOptions;
  readonly #listener;

  constructor(options: TestServerOptions) {
    this.#options = options;
    this.server = { nodeId: options.nodeId ?? 'dp1', address: '127.0.0.1', port: 0 };
    const serve = (socket: Socket) => this.#serve(socket);
    this.#listener =
      options.tls === undefined
        ? createTcpServer(serve)
        : createTlsServer({ ...options.tls, ALPNProtocols: ['h2', 'mqtt'] }, (socket: TLSSocket) => {
            this.alpn.push(socket.alpnProtocol);
            serve(socket);
          });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#listener.listen(0, '127.0.0.1', resolve));
    this.server.port = (this.#listener.address() as { port: number }).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    const peer = new MqttPeer(socket, this, this.#options.keepAliveMs);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      peer.said.push({ kind: 'gone' });
    });
  }
}

class MqttPeer implements TestLink {
  ticket = '';
  operations: string[] = [];
  readonly said = new Inbox<Said>();
  readonly #socket: Socket;
  readonly #host: MqttPushServer;
  readonly #keepAliveMs: number | undefined;
  readonly #version: { protocolVersion: 4 | 5 } = { protocolVersion: 4 };
  readonly #sent = new Map<number, string>();
  #deviceId = '' as DeviceId;
  #encoding: PayloadEncoding = 'json';

  constructor(socket: Socket, host: MqttPushServer, keepAliveMs: number | undefined) {
    this.#socket = socket;
    this.#host = host;
    this.#keepAliveMs = keepAliveMs;
    const packets = parser(this.#version);
    packets.on('packet', (packet) => this.#onPacket(packet));
    socket.on('data', (bytes) => packets.parse(bytes as Buffer));
  }

  send: TestLink['send'] = (id, operation) => {
    this.#publish(id, operationNames[operationKind(operation)], encodeOperation(operation, this.#encoding));
  };

  cancel: TestLink['cancel'] = (id, reason) => this.#publish(id, cancelName, encodeCancel(reason, this.#encoding));

  /** Its PUBACK has said so. */
  receive(): void {}

  close: TestLink['close'] = (reason, redirect) => {
    const properties = closeProperties(reason, redirect);
    if (this.#version.protocolVersion === 5) {
      this.write({ cmd: 'disconnect', reasonCode: CloseReason[reason].mqtt, properties });
    }
    this.#socket.end();
  };

  cut(): void {
    this.#socket.resetAndDestroy();
  }

  write(packet: Packet): void {
    this.#socket.write(generate(packet, this.#version));
  }

  #publish(id: string, name: string, payload: Buffer): void {
    const messageId = this.#sent.size + 1;
    this.#sent.set(messageId, id);
    const topic = commandTopic(this.#deviceId, parseCommandId(id), name);
    this.write({ cmd: 'publish', topic, payload, qos: 1, messageId, dup: false, retain: false });
  }

  #onPacket(packet: Packet): void {
    switch (packet.cmd) {
      case 'connect':
        return this.#onConnect(packet);
      case 'subscribe':
        this.write({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: [1] });
        return this.#host.links.push(this);
      case 'publish':
        return this.#onPublish(packet);
      case 'puback':
        return this.said.push({ kind: 'delivered', id: this.#sent.get(packet.messageId ?? 0) ?? '' });
      case 'pingreq':
        this.said.push({ kind: 'ping' });
        return this.#host.silent ? undefined : this.write({ cmd: 'pingresp' });
      case 'disconnect':
        return this.said.push({ kind: 'goodbye' });
      default:
        throw new Error(`unexpected ${packet.cmd}`);
    }
  }

  #onConnect(packet: IConnectPacket): void {
    this.#host.connects.push(packet);
    this.#version.protocolVersion = packet.protocolVersion === 5 ? 5 : 4;
    this.#deviceId = packet.clientId as DeviceId;
    this.ticket = String(packet.password);
    this.operations = String(packet.properties?.userProperties?.[operationsKey] ?? '').split(',');
    if (packet.properties?.userProperties?.[payloadEncodingKey] === 'protobuf') this.#encoding = 'protobuf';
    if (this.#host.refusal !== undefined) return this.#refuse(this.#host.refusal);
    if (this.#version.protocolVersion === 4)
      return this.write({ cmd: 'connack', returnCode: 0, sessionPresent: false });
    const properties = this.#keepAliveMs === undefined ? {} : { serverKeepAlive: this.#keepAliveMs / 1_000 };
    this.write({ cmd: 'connack', reasonCode: 0, sessionPresent: false, properties });
  }

  #refuse({ reason, redirect }: NonNullable<TestPushServer['refusal']>): void {
    const { mqtt3 } = CloseReason[reason];
    const properties = closeProperties(reason, redirect);
    const refusal = { cmd: 'connack', sessionPresent: false } as const;
    if (this.#version.protocolVersion === 5) {
      this.write({ ...refusal, reasonCode: connackCode(reason), properties });
    } else if (mqtt3 !== null) this.write({ ...refusal, returnCode: mqtt3 });
    this.#socket.end();
  }

  #onPublish({ topic, payload, qos, messageId }: IPublishPacket): void {
    const id = parseResultTopic(topic, this.#deviceId);
    if (id === undefined) throw new Error(`unexpected topic ${topic}`);
    this.said.push({ kind: 'result', result: decodeResult(id, Buffer.from(payload), this.#encoding) });
    if (qos > 0 && !this.#host.silent) this.write({ cmd: 'puback', messageId: messageId ?? 0, reasonCode: 0 });
  }
}

function closeProperties(reason: CloseReason, redirect: device.Server | undefined) {
  const userProperties = { [closeReasonKey]: reason };
  if (redirect === undefined) return { userProperties };
  return { userProperties, serverReference: `${redirect.address}:${redirect.port}` };
}

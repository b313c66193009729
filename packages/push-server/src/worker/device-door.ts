import { Socket } from 'node:net';
import type { sendUnaryData } from '@grpc/grpc-js';
import { DeviceLinkService, type device, limits } from '@pushfleet/protocol';
import { type DoorBounds, FrontDoor, GrpcHost, type KeyPair } from '@pushfleet/runtime';
import { type ConnectCall, GrpcLink } from '../links/grpc/link.ts';
import type { AcceptLink, LinkSettings } from '../links/link.ts';
import { MqttLink } from '../links/mqtt/link.ts';
import type { DeviceTunnelCall } from '../tunnels/calls.ts';

export interface DeviceDoorOptions extends Omit<LinkSettings, 'admit'> {
  host: string;
  port: number;
  /** Absent: device links without TLS. */
  tls: KeyPair | undefined;
  bounds: DoorBounds;
  /** Takes devices that come for their ends of tunnels, and tells when it knows them. */
  onTunnel(call: DeviceTunnelCall, onKnown: () => void): void;
}

/** A connection has one link, and a few tunnels beside it. */
const calls = { stranger: 8, admitted: 8 };
/** What was said last has this long to be read. */
const endMs = 5_000;

/** The push server port: both kinds of device links on it. */
export class DeviceDoor implements AsyncDisposable {
  readonly #host: GrpcHost;
  readonly #door: FrontDoor;

  constructor(options: DeviceDoorOptions, accept: AcceptLink) {
    const { host, port, tls, bounds, attended } = options;
    const settings: LinkSettings = { ...options, admit: (peer) => this.#admit(peer) };
    this.#host = this.#createGrpcHost(options, (call) => void new GrpcLink(call, settings, accept));
    this.#door = new FrontDoor({
      host,
      port,
      reusePort: true,
      ...(tls ? { tls } : {}),
      greetingDeadlineMs: limits.greetingDeadlineMs,
      routes: {
        h2: (socket) => this.#host.accept(socket),
        mqtt: (socket) => void new MqttLink(socket, settings, accept),
      },
      bounds,
      attended,
    });
  }

  get port(): number {
    return this.#door.port;
  }

  listen(): Promise<void> {
    return this.#door.listen();
  }

  /** The other workers of the port get all new connections. */
  stopListening(): void {
    this.#door.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
    await this.#door[Symbol.asyncDispose]();
  }

  #createGrpcHost(options: DeviceDoorOptions, onConnect: (call: ConnectCall) => void): GrpcHost {
    const { keepAliveMs, onTunnel, barrier, attended } = options;
    const host = new GrpcHost({
      ...{ maxMessageBytes: limits.frameBytes, calls, endMs, keepAliveMs, barrier, attended },
      idleMs: limits.greetingDeadlineMs,
      greetingMs: limits.greetingDeadlineMs,
      pingEveryMs: 5_000,
      onAdmitted: (socket) => this.#door.admit(socket),
    });
    host.addService(DeviceLinkService.service, {
      Connect: onConnect,
      Tunnel: (call: DeviceTunnelCall) => onTunnel(call, () => host.admit(call)),
      Identify: (_call: unknown, reply: sendUnaryData<device.IdentifyResponseInit>) =>
        reply(null, { nodeId: options.nodeId }),
    });
    return host;
  }

  /** An MQTT link is a connection, a gRPC link a call on one. */
  #admit(peer: object): void {
    if (peer instanceof Socket) this.#door.admit(peer);
    else this.#host.admit(peer);
  }
}

import { Socket } from 'node:net';
import type { sendUnaryData } from '@grpc/grpc-js';
import { type device, limits } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { type ConnectionLimits, GrpcHost, type KeyPair, Listener } from '@pushfleet/runtime';
import { type ConnectCall, GrpcLink } from '../links/grpc/link.ts';
import type { AcceptLink, LinkSettings } from '../links/link.ts';
import { MqttLink } from '../links/mqtt/link.ts';
import type { DeviceTunnelCall } from '../tunnels/calls.ts';

export interface DeviceListenerOptions extends Omit<LinkSettings, 'markAuthenticated'> {
  host: string;
  port: number;
  /** Absent: device links without TLS. */
  tls: KeyPair | undefined;
  connectionLimits: ConnectionLimits;
  /** Takes devices that come for their ends of tunnels, and tells when it knows them. */
  onTunnel(call: DeviceTunnelCall, onKnown: () => void): void;
}

/** A connection has one link, and a few tunnels beside it. */
const calls = { unauthenticated: 8, authenticated: 8 };
/** What was said last has this long to be read. */
const endMs = 5_000;

/** The push server port: both kinds of device links on it. */
export class DeviceListener implements AsyncDisposable {
  readonly #host: GrpcHost;
  readonly #listener: Listener;

  constructor(options: DeviceListenerOptions, accept: AcceptLink) {
    const { host, port, tls, connectionLimits, attended } = options;
    const settings: LinkSettings = { ...options, markAuthenticated: (peer) => this.#markAuthenticated(peer) };
    this.#host = this.#createGrpcHost(options, (call) => void new GrpcLink(call, settings, accept));
    this.#listener = new Listener({
      host,
      port,
      reusePort: true,
      ...(tls ? { tls } : {}),
      greetingDeadlineMs: limits.greetingDeadlineMs,
      routes: {
        h2: (socket) => this.#host.accept(socket),
        mqtt: (socket) => void new MqttLink(socket, settings, accept),
      },
      connectionLimits,
      attended,
    });
  }

  get port(): number {
    return this.#listener.port;
  }

  listen(): Promise<void> {
    return this.#listener.listen();
  }

  /** The other workers of the port get all new connections. */
  stopListening(): void {
    this.#listener.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
    await this.#listener[Symbol.asyncDispose]();
  }

  #createGrpcHost(options: DeviceListenerOptions, onConnect: (call: ConnectCall) => void): GrpcHost {
    const { keepAliveMs, onTunnel, barrier, attended } = options;
    const host = new GrpcHost({
      ...{ maxMessageBytes: limits.frameBytes, calls, endMs, keepAliveMs, barrier, attended },
      idleMs: limits.greetingDeadlineMs,
      greetingMs: limits.greetingDeadlineMs,
      pingEveryMs: 5_000,
      onAuthenticated: (socket) => this.#listener.markAuthenticated(socket),
    });
    host.addService(DeviceLinkService.service, {
      Connect: onConnect,
      Tunnel: (call: DeviceTunnelCall) => onTunnel(call, () => host.markAuthenticated(call)),
      Identify: (_call: unknown, reply: sendUnaryData<device.IdentifyResponseInit>) =>
        reply(null, { nodeId: options.nodeId }),
    });
    return host;
  }

  /** An MQTT link is a connection, a gRPC link a call on one. */
  #markAuthenticated(peer: object): void {
    if (peer instanceof Socket) this.#listener.markAuthenticated(peer);
    else this.#host.markAuthenticated(peer);
  }
}

import { DeviceLink, limits } from '@pushfleet/protocol';
import { FrontDoor, GrpcHost, type KeyPair } from '@pushfleet/runtime';
import { type ConnectCall, GrpcLink } from '../links/grpc/link.ts';
import type { AcceptLink, LinkSettings } from '../links/link.ts';
import { MqttLink } from '../links/mqtt/link.ts';
import type { DeviceTunnelCall } from '../tunnels/calls.ts';

export interface DeviceDoorOptions extends LinkSettings {
  host: string;
  port: number;
  /** Absent: device links without TLS. */
  tls: KeyPair | undefined;
  /** Takes devices that come for their ends of tunnels. */
  onTunnel(call: DeviceTunnelCall): void;
}

/** The push server port: both kinds of device links on it. */
export class DeviceDoor implements AsyncDisposable {
  readonly #host: GrpcHost;
  readonly #door: FrontDoor;

  constructor(options: DeviceDoorOptions, accept: AcceptLink) {
    const { host, port, tls } = options;
    this.#host = createGrpcHost(options, accept);
    this.#door = new FrontDoor({
      host,
      port,
      reusePort: true,
      ...(tls ? { tls } : {}),
      greetingDeadlineMs: limits.greetingDeadlineMs,
      routes: {
        h2: (socket) => this.#host.accept(socket),
        mqtt: (socket) => void new MqttLink(socket, options, accept),
      },
    });
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
}

function createGrpcHost(options: DeviceDoorOptions, accept: AcceptLink): GrpcHost {
  const host = new GrpcHost({
    maxMessageBytes: limits.frameBytes,
    idleMs: limits.greetingDeadlineMs,
    keepAliveMs: options.keepAliveMs,
    attended: options.attended,
    maxStreamsPerConnection: 8,
  });
  host.server.addService(DeviceLink.service, {
    Connect: (call: ConnectCall) => void new GrpcLink(call, options, accept),
    Tunnel: (call: DeviceTunnelCall) => options.onTunnel(call),
  });
  return host;
}

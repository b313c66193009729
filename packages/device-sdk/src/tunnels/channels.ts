import type { ClientDuplexStream } from '@grpc/grpc-js';
import { type device, formatHostPort } from '@pushfleet/protocol';
import type { DeviceLinkService } from '@pushfleet/protocol/device';
import type { ConnectToPushServer } from '../grpc/link.ts';

export type TunnelCall = ClientDuplexStream<device.TunnelRequestInit, device.TunnelResponse>;

interface Channel {
  client: InstanceType<typeof DeviceLinkService>;
  calls: number;
}

/** Push servers take so many calls on one connection. */
const callsPerConnection = 8;

/**
 * Connections to push servers that carry nothing but tunnels, so that no command waits behind their data. Each is shared by
 * a few tunnels and closed after the last one.
 */
export class TunnelChannels {
  readonly #connect: ConnectToPushServer;
  readonly #open = new Map<string, Channel[]>();

  constructor(connect: ConnectToPushServer) {
    this.#connect = connect;
  }

  /** Number of connections. */
  get size(): number {
    return [...this.#open.values()].reduce((sum, channels) => sum + channels.length, 0);
  }

  call(server: device.Server): TunnelCall {
    const key = formatHostPort(server.address, server.port);
    const channels = this.#open.get(key) ?? [];
    this.#open.set(key, channels);
    let channel = channels.find(({ calls }) => calls < callsPerConnection);
    if (!channel) {
      channel = { client: this.#connect(server), calls: 0 };
      channels.push(channel);
    }
    channel.calls += 1;
    const call = channel.client.tunnel();
    call.once('status', () => this.#release(key, channel));
    return call;
  }

  #release(key: string, channel: Channel): void {
    channel.calls -= 1;
    if (channel.calls > 0) return;
    channel.client.close();
    const rest = (this.#open.get(key) ?? []).filter((other) => other !== channel);
    if (rest.length > 0) this.#open.set(key, rest);
    else this.#open.delete(key);
  }
}

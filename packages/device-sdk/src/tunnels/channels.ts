import type { SecureContext } from 'node:tls';
import type { ChannelOptions, ClientDuplexStream } from '@grpc/grpc-js';
import { type device, formatHostPort } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { channelTo } from '../grpc/channel.ts';

export type TunnelCall = ClientDuplexStream<device.TunnelRequestInit, device.TunnelResponse>;

interface Channel {
  client: InstanceType<typeof DeviceLinkService>;
  calls: number;
}

/** Push servers take so many calls on one connection. */
const callsPerConnection = 8;

const bulkOptions: ChannelOptions = {
  // What may be on its way to the device, unread: over long distances the speed of a tunnel is this per round trip.
  'grpc-node.flow_control_window': 262_144,
  // More would be taken for sent while nothing has left.
  'grpc.per_rpc_retry_buffer_size': 16_384,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 15_000,
};

/**
 * Connections to push servers that carry nothing but tunnels, so that no command waits behind their data. Each is shared by
 * a few tunnels and closed after the last one.
 */
export class TunnelChannels {
  /** `undefined`: no TLS. */
  readonly #secureContext: SecureContext | undefined;
  readonly #open = new Map<string, Channel[]>();

  constructor(secureContext: SecureContext | undefined) {
    this.#secureContext = secureContext;
  }

  /** Number of connections. */
  get size(): number {
    return [...this.#open.values()].reduce((sum, channels) => sum + channels.length, 0);
  }

  call({ address, port }: device.Server): TunnelCall {
    const key = formatHostPort(address, port);
    const channels = this.#open.get(key) ?? [];
    this.#open.set(key, channels);
    let channel = channels.find(({ calls }) => calls < callsPerConnection);
    if (!channel) {
      channel = { client: this.#connect(address, port), calls: 0 };
      channels.push(channel);
    }
    channel.calls += 1;
    const call = channel.client.tunnel();
    call.once('status', () => this.#release(key, channel));
    return call;
  }

  #connect(address: string, port: number): InstanceType<typeof DeviceLinkService> {
    const [target, credentials, options] = channelTo(address, port, this.#secureContext, 'pushServer');
    return new DeviceLinkService(target, credentials, { ...options, ...bulkOptions });
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

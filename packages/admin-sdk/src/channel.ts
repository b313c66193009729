import { type ChannelCredentials, type ChannelOptions, credentials, Metadata } from '@grpc/grpc-js';
import { CommandService, FleetService, invalidArgument, limits } from '@pushfleet/protocol';

export interface AdminClientOptions {
  /** `host:port` of a balancer's admin API (port 13299). */
  address: string;
  /** API token. Its role decides what the client may do. */
  token: string;
  /** PEM of the CA that signed the balancer's certificate. Without it the system's CAs are trusted. */
  ca?: Buffer | string;
  /** No TLS: the token goes in the clear. For balancers on the same machine. */
  plaintext?: boolean;
}

/** One HTTP/2 connection to one balancer, and what every call on it carries. */
export interface AdminChannel {
  readonly address: string;
  readonly commands: InstanceType<typeof CommandService>;
  readonly fleet: InstanceType<typeof FleetService>;
  readonly metadata: Metadata;
}

const channelOptions: ChannelOptions = {
  // Finds a balancer that vanished without a word while a push waits for its outcome.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': limits.controlMessageBytes,
};

export function openChannel(options: AdminClientOptions): AdminChannel {
  if (!/^.+:\d{1,5}$/.test(options.address)) throw invalidArgument('address', 'host:port');
  if (options.token === '') throw invalidArgument('token', 'an API token');
  const commands = new CommandService(options.address, channelCredentials(options), channelOptions);
  const fleet = new FleetService(options.address, credentials.createInsecure(), {
    channelOverride: commands.getChannel(),
  });
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${options.token}`);
  return { address: options.address, commands, fleet, metadata };
}

function channelCredentials({ ca, plaintext }: AdminClientOptions): ChannelCredentials {
  if (plaintext === true) return credentials.createInsecure();
  return credentials.createSsl(ca === undefined ? null : Buffer.from(ca));
}

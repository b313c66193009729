import { type ChannelOptions, credentials, Metadata } from '@grpc/grpc-js';
import {
  CommandService,
  EventService,
  FleetService,
  invalidArgument,
  limits,
  MaintenanceService,
  serverIdentity,
} from '@pushfleet/protocol';

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
  readonly maintenance: InstanceType<typeof MaintenanceService>;
  readonly events: InstanceType<typeof EventService>;
  readonly metadata: Metadata;
  /** Aborted when the client is closed: grpc-js lets calls that are under way go on without their channel. */
  readonly closing: AbortController;
}

const channelOptions: ChannelOptions = {
  // Finds a balancer that vanished without a word while a push waits for its outcome.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': limits.controlMessageBytes,
};

export function openChannel(options: AdminClientOptions): AdminChannel {
  const { address, token } = options;
  const host = /^(?:\[(.+)\]|([^:]+)):\d{1,5}$/.exec(address);
  if (host === null) throw invalidArgument('address', 'host:port');
  if (token === '') throw invalidArgument('token', 'an API token');
  const commands = openCommands(options, host[1] ?? host[2] ?? '');
  // All services share one connection, that of the commands.
  const shared = [credentials.createInsecure(), { channelOverride: commands.getChannel() }] as const;
  const fleet = new FleetService(address, ...shared);
  const maintenance = new MaintenanceService(address, ...shared);
  const events = new EventService(address, ...shared);
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return { address, commands, fleet, maintenance, events, metadata, closing: new AbortController() };
}

function openCommands({ address, ca, plaintext }: AdminClientOptions, host: string): AdminChannel['commands'] {
  if (plaintext === true) return new CommandService(address, credentials.createInsecure(), channelOptions);
  const identity = serverIdentity(host);
  const roots = ca === undefined ? null : Buffer.from(ca);
  const secure = credentials.createSsl(roots, null, null, identity.verify);
  return new CommandService(address, secure, { ...channelOptions, ...identity.options });
}

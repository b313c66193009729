import { Channel, type ChannelCredentials, type ChannelOptions, credentials, Metadata } from '@grpc/grpc-js';
import { balancerIdentity, invalidArgument, limits } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  MaintenanceService,
  OverviewService,
  TokenService,
  TunnelService,
} from '@pushfleet/protocol/admin';
import { BalancerChoice, ChosenChannel, hostOf } from './balancer-choice.ts';
import { type Clock, systemClock } from './clock.ts';
import { ConnectingChannel } from './connecting-channel.ts';
import { findProxy } from './proxy.ts';

export interface AdminClientOptions {
  /**
   * `host:port` of a balancer's admin API (port 13299), or those of several: where one cannot be reached or stops, the next
   * one is asked.
   */
  address: string | readonly string[];
  /** API token. */
  token: string;
  /** PEM of the CA that signed the balancer's certificate. Without it the system's CAs are trusted. */
  ca?: Buffer | string;
  /** No TLS: the token goes in the clear. For balancers on the same machine. */
  plaintext?: boolean;
  /** Time until a call that says no other is given up, in milliseconds. Default 60,000; `Infinity`: none. */
  timeoutMs?: number;
}

/** One HTTP/2 connection to one balancer at a time, another for tunnels, with the token that every call carries. */
export interface AdminChannel {
  readonly balancers: BalancerChoice;
  readonly commands: InstanceType<typeof CommandService>;
  readonly fleet: InstanceType<typeof FleetService>;
  readonly maintenance: InstanceType<typeof MaintenanceService>;
  readonly events: InstanceType<typeof EventService>;
  readonly overview: InstanceType<typeof OverviewService>;
  readonly apiTokens: InstanceType<typeof TokenService>;
  /** Connects when the first tunnel is opened. Nothing else waits behind the data of tunnels. */
  readonly tunnels: InstanceType<typeof TunnelService>;
  readonly metadata: Metadata;
  /** Time until a call that says no other is given up, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Aborted when the client is closed: grpc-js lets calls that are under way go on without their channel. */
  readonly closing: AbortController;
}

const channelOptions: ChannelOptions = {
  // Finds a balancer that vanished without a word while a push waits for its outcome.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // A balancer that was restarted is found again within seconds; grpc-js would wait for up to two minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  'grpc.max_receive_message_length': limits.controlMessageBytes,
  // A connection attempt that is given up is not shared with anybody.
  'grpc.use_local_subchannel_pool': 1,
};

const tunnelOptions: ChannelOptions = {
  // Bytes that may be on their way to here, unread: over long distances the speed of a tunnel is this per round trip.
  'grpc-node.flow_control_window': 262_144,
  // More would be taken for sent while nothing has left.
  'grpc.per_rpc_retry_buffer_size': 16_384,
};

export function openChannel(options: AdminClientOptions, clock: Clock = systemClock): AdminChannel {
  const { address, token, timeoutMs = 60_000 } = options;
  const balancers = new BalancerChoice(typeof address === 'string' ? [address] : address);
  assertTimeout(timeoutMs);
  // The library's own words would repeat it.
  if (!/^[\x20-\x7e]+$/.test(token)) throw invalidArgument('token', 'an API token, one line of ASCII');
  // All services but that of tunnels share one connection.
  const shared = clientsOver({ balancers, options, clock }, channelOptions);
  const tunnels = clientsOver({ balancers, options, clock }, { ...channelOptions, ...tunnelOptions });
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return {
    balancers,
    commands: new CommandService(...shared),
    fleet: new FleetService(...shared),
    maintenance: new MaintenanceService(...shared),
    events: new EventService(...shared),
    overview: new OverviewService(...shared),
    apiTokens: new TokenService(...shared),
    tunnels: new TunnelService(...tunnels),
    metadata,
    timeoutMs,
    clock,
    closing: new AbortController(),
  };
}

/** The arguments of the constructors of gRPC clients. */
function clientsOver(
  { balancers, options, clock }: { balancers: BalancerChoice; options: AdminClientOptions; clock: Clock },
  given: ChannelOptions,
) {
  const channelOverride = new ChosenChannel(balancers, (address) => {
    const { secure, more } = secureBy(options, hostOf(address));
    const proxied = { 'grpc.enable_http_proxy': findProxy(address) ? 1 : 0 };
    return new ConnectingChannel(() => new Channel(address, secure, { ...given, ...proxied, ...more }), { clock });
  });
  return [balancers.address, credentials.createInsecure(), { channelOverride }] as const;
}

function secureBy(
  { ca, plaintext }: AdminClientOptions,
  host: string,
): { secure: ChannelCredentials; more: ChannelOptions } {
  if (plaintext === true) return { secure: credentials.createInsecure(), more: {} };
  const identity = balancerIdentity(host);
  const roots = ca === undefined ? null : Buffer.from(ca);
  return { secure: credentials.createSsl(roots, null, null, identity.verify), more: identity.options };
}

/** @throws PushfleetError INVALID_ARGUMENT */
export function assertTimeout(timeoutMs: unknown): void {
  if (typeof timeoutMs === 'number' && timeoutMs >= 0) return;
  throw invalidArgument('timeoutMs', 'milliseconds, 0 or more; Infinity for none');
}

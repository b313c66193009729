import type { Socket } from 'node:net';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import { balancerIdentity, formatHostPort, limits, serverIdentity } from '@pushfleet/protocol';
import { type ServerKind, sessionsOf, type TlsSessions } from '../tls-sessions.ts';

/** A channel is one connection, made for one use and closed after it: what is shared or kept only costs memory. */
const channelOptions: ChannelOptions = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
  'grpc.enable_channelz': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.max_receive_message_length': limits.frameBytes,
};

/** The arguments of a grpc-js client's constructor. */
export type ChannelArguments = [target: string, credentials: ChannelCredentials, options: ChannelOptions];

/** Without `secureContext`: no TLS. */
export function channelTo(
  host: string,
  port: number,
  secureContext: SecureContext | undefined,
  kind: ServerKind,
): ChannelArguments {
  const target = formatHostPort(host, port);
  if (secureContext === undefined) return [target, credentials.createInsecure(), channelOptions];
  const identity = kind === 'balancer' ? balancerIdentity(host) : serverIdentity(host);
  const secure = credentials.createFromSecureContext(secureContext, identity.verify);
  resumeSessions(secure, host, sessionsOf(secureContext, kind));
  return [target, secure, { ...channelOptions, ...identity.options }];
}

/** The members of grpc-js' credentials that are not public; it has no other way to offer a TLS session. Tests hold it to this. */
interface CredentialsInternals {
  _createSecureConnector(...target: unknown[]): {
    connectionOptions: ConnectionOptions;
    connect(socket: Socket): Promise<{ socket: Socket }>;
  };
}

function resumeSessions(secure: ChannelCredentials, host: string, sessions: TlsSessions): void {
  const internals = secure as unknown as CredentialsInternals;
  const create = internals._createSecureConnector.bind(secure);
  internals._createSecureConnector = (...target) => {
    const connector = create(...target);
    const connect = connector.connect.bind(connector);
    connector.connect = async (socket) => {
      Object.assign(connector.connectionOptions, sessions.offer(host));
      const connected = await connect(socket);
      sessions.keep(connected.socket);
      return connected;
    };
    return connector;
  };
}

import type { SecureContext } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import { formatHostPort, limits, serverIdentity } from '@pushfleet/protocol';

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
export function channelTo(host: string, port: number, secureContext: SecureContext | undefined): ChannelArguments {
  const target = formatHostPort(host, port);
  if (secureContext === undefined) return [target, credentials.createInsecure(), channelOptions];
  const identity = serverIdentity(host);
  const secure = credentials.createFromSecureContext(secureContext, identity.verify);
  return [target, secure, { ...channelOptions, ...identity.options }];
}

import { type ChannelOptions, credentials } from '@grpc/grpc-js';
import { limits } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import { type ClusterCredentials, clusterServerName } from '@pushfleet/runtime';

const options: ChannelOptions = {
  'grpc.ssl_target_name_override': clusterServerName,
  'grpc.default_authority': clusterServerName,
  // Busy with data, either end may be late with its answer to a ping.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': limits.controlMessageBytes,
  // More would be taken for sent while nothing has left.
  'grpc.per_rpc_retry_buffer_size': 16_384,
  'grpc-node.flow_control_window': 262_144,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
};

/** A client of a worker whose connection carries nothing but tunnels: no command waits behind their data. */
export function createTunnelClient(
  address: string,
  { ca, key, cert }: ClusterCredentials,
): InstanceType<typeof NodeControlService> {
  return new NodeControlService(address, credentials.createSsl(ca, key, cert), options);
}

import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { ChannelOptions } from '@grpc/grpc-js';
import type { device } from '@pushfleet/protocol';
import { AssignmentService, DeviceLinkService } from '@pushfleet/protocol/device';
import { askOverGrpc, enrollOverGrpc } from '../grpc/balancer.ts';
import { channelTo } from '../grpc/channel.ts';
import type { ConnectToPushServer } from '../grpc/link.ts';
import { askOverHttps, enrollOverHttps } from '../https/balancer.ts';
import type { DeviceNetwork } from '../network.ts';
import { serverNameOf } from '../tls.ts';
import { sessionsOf } from '../tls-sessions.ts';

const tunnelOptions: ChannelOptions = {
  // What may be on its way to the device, unread: over long distances the speed of a tunnel is this per round trip.
  'grpc-node.flow_control_window': 262_144,
  // More would be taken for sent while nothing has left.
  'grpc.per_rpc_retry_buffer_size': 16_384,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 15_000,
};

/**
 * The network of sockets. A device with an MQTT link needs no gRPC: it asks balancers over HTTPS.
 * @param secureContext For all that is not `plaintextLink`.
 */
export function createNetwork(isGrpc: boolean, secureContext: SecureContext, plaintextLink: boolean): DeviceNetwork {
  const linkContext = plaintextLink ? undefined : secureContext;
  const toBalancer = (balancer: URL) => connectToBalancer(balancer, secureContext);
  const toPushServer =
    (own: ChannelOptions = {}): ConnectToPushServer =>
    ({ address, port }) => {
      const [target, credentials, options] = channelTo(address, port, linkContext, 'pushServer');
      return new DeviceLinkService(target, credentials, { ...options, ...own });
    };
  return {
    ask: isGrpc ? askOverGrpc(toBalancer) : askOverHttps(secureContext),
    enroll: isGrpc ? enrollOverGrpc(toBalancer) : enrollOverHttps(secureContext),
    connectToPushServer: toPushServer(),
    openSocket: (server, opened) => openSocket(server, linkContext, opened),
    connectForTunnels: toPushServer(tunnelOptions),
    openTarget: ({ host, port }, opened) => connectTcp({ host, port, allowHalfOpen: true, noDelay: true }, opened),
  };
}

function connectToBalancer(balancer: URL, secureContext: SecureContext): InstanceType<typeof AssignmentService> {
  const host = balancer.hostname.replace(/^\[|\]$/g, '');
  const tls = balancer.protocol === 'https:' ? secureContext : undefined;
  const port = Number(balancer.port) || (tls === undefined ? 80 : 443);
  return new AssignmentService(...channelTo(host, port, tls, 'balancer'));
}

function openSocket({ address, port }: device.Server, secureContext: SecureContext | undefined, opened: () => void) {
  if (secureContext === undefined) return connectTcp({ host: address, port }, opened).setNoDelay(true);
  const sessions = sessionsOf(secureContext, 'pushServer');
  const options = { host: address, port, secureContext, ALPNProtocols: ['mqtt'], ...serverNameOf(address) };
  const socket = connectTls({ ...options, ...sessions.offer(address) }, () => {
    sessions.keep(socket);
    opened();
  });
  return socket.setNoDelay(true);
}

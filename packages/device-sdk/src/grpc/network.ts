import type { SecureContext } from 'node:tls';
import type { device } from '@pushfleet/protocol';
import { AssignmentService, DeviceLinkService } from '@pushfleet/protocol/device';
import { channelTo } from './channel.ts';

/** How a device with a gRPC link reaches its servers. Each client has a channel of its own. */
export interface GrpcNetwork {
  connectToBalancer(balancer: URL): InstanceType<typeof AssignmentService>;
  connectToPushServer(server: device.Server): InstanceType<typeof DeviceLinkService>;
}

/** @param secureContext For all that is not `plaintextLink`. */
export function createGrpcNetwork(secureContext: SecureContext, plaintextLink: boolean): GrpcNetwork {
  const linkContext = plaintextLink ? undefined : secureContext;
  return {
    connectToBalancer: (balancer) => {
      const host = balancer.hostname.replace(/^\[|\]$/g, '');
      const tls = balancer.protocol === 'https:' ? secureContext : undefined;
      const port = Number(balancer.port) || (tls === undefined ? 80 : 443);
      return new AssignmentService(...channelTo(host, port, tls, 'balancer'));
    },
    connectToPushServer: ({ address, port }) =>
      new DeviceLinkService(...channelTo(address, port, linkContext, 'pushServer')),
  };
}

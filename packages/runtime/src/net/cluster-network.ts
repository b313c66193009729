import type { ChannelCredentials, ChannelOptions, Client } from '@grpc/grpc-js';
import type { Live } from '../live.ts';
import { type ClusterCredentials, clusterChannelOptions, clusterServerName } from '../tls/credentials.ts';
import { liveChannelCredentials } from '../tls/live-channel-credentials.ts';
import { ClusterListener, type ClusterListenerOptions } from './cluster-listener.ts';

/** A port on which a member of the cluster answers the others. */
export type ClusterPort = Pick<ClusterListener, 'port' | 'listen' | typeof Symbol.asyncDispose>;

/** A service's client of grpc-js. */
export type ClientOf<Service extends Client> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: ChannelOptions,
) => Service;

/** How members of the cluster reach one another. */
export interface ClusterNetwork {
  /** A port that does not listen yet. */
  createPort(options: Omit<ClusterListenerOptions, 'cluster'>): ClusterPort;
  /** A client of one member; connects when it is used first. @param address `host:port` */
  connect<Service extends Client>(service: ClientOf<Service>, address: string, options?: ChannelOptions): Service;
}

/** Mutual TLS over TCP: both sides show certificates of the cluster's own CA, each connection the one that is current when it begins. */
export function createClusterNetwork(cluster: Live<ClusterCredentials>): ClusterNetwork {
  return {
    createPort: (options) => new ClusterListener({ ...options, cluster }),
    connect: (service, address, options) =>
      new service(address, liveChannelCredentials(cluster), {
        ...clusterChannelOptions,
        'grpc.default_authority': clusterServerName,
        ...options,
      }),
  };
}

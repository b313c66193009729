import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ChannelCredentials, ChannelOptions, Client } from '@grpc/grpc-js';
import type { MemberGate, WantedMember } from '../cluster/member-gate.ts';
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

/** Address of a member of the cluster, and the one that is meant to be there. */
export interface MemberAddress {
  /** `host:port` */
  address: string;
  member: WantedMember;
}

/** How members of the cluster reach one another. */
export interface ClusterNetwork {
  /** A port that does not listen yet. Its handlers learn from `callerOf` who calls. */
  createPort(options: Omit<ClusterListenerOptions, 'cluster' | 'gate'>): ClusterPort;
  /** A client of one member; connects when it is used first, and to nobody else. */
  connect<Service extends Client>(service: ClientOf<Service>, to: MemberAddress, options?: ChannelOptions): Service;
}

/**
 * Mutual TLS over TCP: both sides show certificates of the cluster's own CA, which name them; each connection the one that is
 * current when it begins.
 */
export function createClusterNetwork(cluster: Live<ClusterCredentials>, gate: MemberGate): ClusterNetwork {
  return {
    createPort: (options) => new ClusterListener({ ...options, cluster, gate }),
    connect: (service, { address, member }, options) =>
      new service(address, liveChannelCredentials(cluster, { checkServerIdentity: checkMember(gate, member) }), {
        ...clusterChannelOptions,
        'grpc.default_authority': clusterServerName,
        ...options,
      }),
  };
}

function checkMember(gate: MemberGate, wanted: WantedMember) {
  return (_host: string, certificate: PeerCertificate): Error | undefined => {
    const fault = checkServerIdentity(clusterServerName, certificate);
    if (fault) return fault;
    const refusal = gate.judgeServer(new X509Certificate(certificate.raw), wanted);
    if (refusal) gate.refuse(refusal);
    return refusal && new Error(refusal.detail);
  };
}

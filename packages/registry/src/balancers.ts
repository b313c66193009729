import type { HeartbeatAnswer, HeartbeatVerdict, RegistryPosition } from './nodes.ts';

/** One life of a balancer, as it announces itself to the others. */
export interface BalancerRecord {
  /** Made anew at each start. */
  balancerId: string;
  /** The `host:port` of its PeerService. */
  peerAddress: string;
  /** Versions of pushfleet and of Node.js that it runs. Absent: its version does not say. */
  software?: { version: string; node: string };
}

/** Tells a balancer, as `HeartbeatAnswer` tells push servers, whether what the registry has confirmed may be missing. */
export interface AnnouncementAnswer extends HeartbeatAnswer {
  verdict: Extract<HeartbeatVerdict, 'ok' | 'lost' | 'restarted'>;
}

/** Which balancers there are. Times are by the write clock. Every operation is atomic. */
export interface Balancers {
  /**
   * Lists the balancer, or keeps it listed, for `ttlMs` from now. At most `mostBalancers` are kept: beyond that those are
   * dropped whose time ends first.
   *
   * @param known The position that the registry answered last. Without one, no loss is told.
   */
  announce(balancer: BalancerRecord, ttlMs: number, known?: RegistryPosition): Promise<AnnouncementAnswer>;
  /** Takes the balancer out before its time has ended. It may not be there. */
  withdraw(balancer: BalancerRecord): Promise<void>;
  /** Those whose time has not ended, in the order of their ids. */
  list(): Promise<BalancerRecord[]>;
}

export const mostBalancers = 64;

import type { NodeId } from '@pushfleet/protocol';

export interface PlannedMove {
  from: NodeId;
  to: NodeId;
  devices: number;
  /** How many of them have been sent a redirect. */
  redirected: number;
}

export interface RebalanceRecord {
  id: string;
  state: 'running' | 'done' | 'aborted';
  cause: 'asked' | 'spread' | 'node joined';
  moves: PlannedMove[];
  startedAtMs: number;
  endedAtMs?: number;
}

/** The last rebalance, whether under way or ended. */
export interface Rebalances {
  get(): Promise<RebalanceRecord | undefined>;
  /** Writes it, unless somebody with a greater lease token has written before: then `false`. */
  put(record: RebalanceRecord, leaseToken: number): Promise<boolean>;
  /** Asks whoever runs it to abort it. `false`: none is running. */
  requestAbort(): Promise<boolean>;
  /** Asks whoever holds the lease to start one. */
  requestStart(): Promise<void>;
  /** The requests that are open. A start is forgotten by the next `put`, an abort by the next one that is not `running`. */
  requests(): Promise<{ start: boolean; abort: boolean }>;
}

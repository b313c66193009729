import type { BootId, DeviceId, NodeId, WorkerId } from '@pushfleet/protocol';

/** One process of a push server, as its supervisor announces it. */
export interface WorkerRecord {
  workerId: WorkerId;
  bootId: BootId;
  pid: number;
  /** Where its NodeControl answers, `host:port`. */
  controlAddress: string;
  live: number;
  capacity: number;
}

/** A push server, as its supervisor announces it. */
export interface NodeRecord {
  nodeId: NodeId;
  /** Of the supervisor; a worker has its own. */
  bootId: BootId;
  status: 'starting' | 'ready' | 'draining';
  /** Address for remote hosts. */
  address: string;
  port: number;
  /** How many links all its workers together can hold. */
  capacity: number;
  workers: WorkerRecord[];
}

/** How long a push server has been silent: below 5 s alive, from 5 s suspect (no new devices), from 15 s dead. */
export type Liveness = 'alive' | 'suspect' | 'dead';

export interface ListedNode extends NodeRecord {
  liveness: Liveness;
  silentMs: number;
  /** Sum of the workers' live links. */
  live: number;
  /** Places kept for devices that were assigned and have not come yet. */
  reserved: number;
}

/** When a silent push server counts as suspect and as dead. */
export interface LivenessLimits {
  suspectAfterMs: number;
  deadAfterMs: number;
}

/**
 * Which push servers there are. Silence is measured by the registry's own clock, never by two machines' clocks.
 * Every operation is atomic.
 */
export interface Nodes {
  /** Announces a push server. One that holds the same node id under another boot id is fenced off by it. */
  register(node: NodeRecord): Promise<void>;
  /**
   * Heartbeat: renews the record and settles the reservations of the devices that have `arrived` since the last beat,
   * in one step, so that no device counts twice or not at all. A record that the registry has lost is written anew.
   * `fenced`: another boot id holds the node id; nothing was written.
   */
  beat(node: NodeRecord, arrived: readonly DeviceId[]): Promise<'ok' | 'fenced'>;
  /** Takes a push server out, with its reservations. `false`: another boot id holds the node id; nothing changed. */
  retire(nodeId: NodeId, bootId: BootId): Promise<boolean>;
  /** All of them, dead ones included, in the order of their ids. */
  list(): Promise<ListedNode[]>;
}

import type { BootId, NodeId } from '@pushfleet/protocol';
import type { DesiredState } from './group-pushes.ts';
import type { MaintenanceRequest } from './maintenance.ts';

/**
 * How far one push server has come. `chosen`: it is its turn, and its restart is about to be requested under `maintenanceId`;
 * `starting`: it has restarted, and is not yet ready; `left-out`: it is not restarted.
 */
export type RollingRestartStepState =
  | 'waiting'
  | 'chosen'
  | 'draining'
  | 'restarting'
  | 'starting'
  | 'ready'
  | 'failed'
  | 'left-out';

/** One push server of a rolling restart. */
export interface RollingRestartStep {
  nodeId: NodeId;
  state: RollingRestartStepState;
  /** Why it failed or was left out; for people. */
  reason: string;
  /** Devices that were expected to leave when it was planned. */
  devices: number;
  /** Room for them that other push servers were expected to have. */
  room: number;
  /** Devices that were told where to go. */
  moved: number;
  /** Links that were still up when it said so last. */
  remaining: number;
  /** Its restart, once it is chosen. */
  maintenanceId?: string;
  /** Boot ids of the workers that are to be replaced. */
  workersBefore?: BootId[];
  startedAtMs?: number;
  endedAtMs?: number;
}

export interface RollingRestartRecord extends Omit<MaintenanceRequest, 'kind'> {
  id: string;
  /** `rebalancing`: all have restarted, and the load is evened out. */
  state: 'running' | 'rebalancing' | 'done' | 'failed' | 'cancelled';
  /** Why it failed; for people. */
  reason: string;
  /** Devices may be left without a push server meanwhile. */
  ignoreCapacity: boolean;
  /** In their order. */
  steps: RollingRestartStep[];
  /** Rebalances that it has asked for. */
  rebalances: number;
  startedAtMs: number;
  endedAtMs?: number;
}

/** The part of it that whoever carries it out writes. */
export function recordOf(view: RollingRestartRecord & { desiredState?: DesiredState }): RollingRestartRecord {
  const { desiredState: _, ...record } = view;
  return record;
}

export interface RollingRestartView extends RollingRestartRecord {
  /** Whoever leads brings it there once the push server whose turn it is has restarted. */
  desiredState: DesiredState;
}

/** The last rolling restart, whether under way or ended; it is under way until `endedAtMs` is set. */
export interface RollingRestarts {
  /** Keeps it, unless one is under way: then `known`: that one, and nothing is written. Atomic. */
  begin(record: RollingRestartRecord): Promise<{ kind: 'begun' | 'known'; view: RollingRestartView }>;
  get(): Promise<RollingRestartView | undefined>;
  /**
   * Writes how it goes. `undefined`: it is no longer the one that is under way, or somebody with a greater lease token has
   * written; nothing was written now.
   */
  advance(record: RollingRestartRecord, leaseToken: number): Promise<RollingRestartView | undefined>;
  /** Answers the last one. One that has ended stays as it is, and `cancelled` stays, whatever is asked for afterwards. */
  setDesiredState(desiredState: DesiredState): Promise<RollingRestartView | undefined>;
}

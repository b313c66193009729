import { randomUUID } from 'node:crypto';
import type { NodeId } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';

export interface MaintenanceRequest {
  kind: 'drain' | 'restart';
  ratePerSecond: number;
  /** Links that are left after this time are closed. */
  deadlineMs: number;
}

/** In the order in which they come; see maintenance_service.proto. */
export type MaintenancePhase = 'requested' | 'moving' | 'waiting' | 'restarting' | 'done';

export interface MaintenanceRecord extends MaintenanceRequest {
  nodeId: NodeId;
  id: string;
  phase: MaintenancePhase;
  moved: number;
  remaining: number;
  startedAtMs: number;
  endedAtMs?: number;
}

/** Drains and restarts of push servers: requested by balancers, carried out by the push server. Survives both. */
export interface Maintenance {
  /**
   * Asks for one, unless one is under way: then that one is answered. A drained push server may be asked to restart.
   * @param id One that the caller has chosen: as long as it is the last one, asking again asks for nothing new.
   */
  request(node: NodeId, request: MaintenanceRequest, id?: string): Promise<MaintenanceRecord>;
  /** The last one, under way or done; `undefined` too after `cancel`. */
  get(node: NodeId): Promise<MaintenanceRecord | undefined>;
  /** Writes how it goes. `false`: it is no longer the current one, and what it did is to be undone. */
  advance(record: MaintenanceRecord): Promise<boolean>;
  /** Ends and forgets it. `false`: there was none. */
  cancel(node: NodeId): Promise<boolean>;
}

/** The record of maintenance that has just been requested. */
export function requestedRecord(
  nodeId: NodeId,
  request: MaintenanceRequest,
  id: string = randomUUID(),
): MaintenanceRecord {
  const { kind, ratePerSecond, deadlineMs } = request;
  const begin = {
    id,
    phase: 'requested',
    moved: 0,
    remaining: 0,
    startedAtMs: systemClock.wallMs(),
  } as const;
  return { nodeId, kind, ratePerSecond, deadlineMs, ...begin };
}

import { randomUUID } from 'node:crypto';
import type { NodeId } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import type { MaintenanceRecord, MaintenanceRequest } from './maintenance.ts';

/** What is written when maintenance is requested. */
export function requestedRecord(nodeId: NodeId, request: MaintenanceRequest): MaintenanceRecord {
  const { kind, ratePerSecond, deadlineMs } = request;
  const begin = {
    id: randomUUID(),
    phase: 'requested',
    moved: 0,
    remaining: 0,
    startedAtMs: systemClock.wallMs(),
  } as const;
  return { nodeId, kind, ratePerSecond, deadlineMs, ...begin };
}

import { randomUUID } from 'node:crypto';
import type { NodeId } from '@pushfleet/protocol';
import type { MaintenanceRecord, MaintenanceRequest } from './maintenance.ts';

/** What is written when maintenance is ordered. */
export function orderedRecord(nodeId: NodeId, request: MaintenanceRequest): MaintenanceRecord {
  const { kind, ratePerSecond, deadlineMs } = request;
  const begin = { id: randomUUID(), phase: 'ordered', moved: 0, remaining: 0, startedAtMs: Date.now() } as const;
  return { nodeId, kind, ratePerSecond, deadlineMs, ...begin };
}

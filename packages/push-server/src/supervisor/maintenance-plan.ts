import type { MaintenancePhase, MaintenanceRecord } from '@pushfleet/registry';

/** The state of the push server, as far as a maintenance depends on it. */
export interface MaintainedState {
  /** The devices are being redirected because of a maintenance. */
  evacuating: boolean;
  /** Links that are still up. */
  live: number;
  /** The deadline has passed. */
  overdue: boolean;
}

export type MaintenanceStep =
  /** Redirects the devices; `phase` is the one that is reached by it. */
  | { kind: 'evacuate'; phase: MaintenancePhase }
  | { kind: 'close-links'; phase: 'waiting' }
  | { kind: 'replace-workers' }
  /** Takes devices again. */
  | { kind: 'resume'; phase?: 'done' }
  /** Only stores the progress. */
  | { kind: 'report'; phase: MaintenancePhase };

/**
 * The next step of a maintenance. It follows from the stored record and the present state, not from earlier steps, so that a
 * supervisor which has just started continues where another one ended.
 */
export function planMaintenance(
  record: MaintenanceRecord | undefined,
  maintained: MaintainedState,
): MaintenanceStep | undefined {
  if (!record) return maintained.evacuating ? { kind: 'resume' } : undefined;
  switch (record.phase) {
    case 'requested':
      return { kind: 'evacuate', phase: 'moving' };
    case 'moving':
    case 'waiting':
      return whileEvacuating(record, record.phase, maintained);
    case 'restarting':
      // Workers live and die with their supervisor: a new one has new workers.
      return maintained.evacuating ? { kind: 'replace-workers' } : { kind: 'resume', phase: 'done' };
    case 'done':
      return onceDone(record, maintained);
    default:
      return record.phase satisfies never;
  }
}

function whileEvacuating(
  { kind }: MaintenanceRecord,
  phase: 'moving' | 'waiting',
  { evacuating, live, overdue }: MaintainedState,
): MaintenanceStep {
  if (!evacuating) return { kind: 'evacuate', phase };
  if (live === 0) return { kind: 'report', phase: kind === 'restart' ? 'restarting' : 'done' };
  return overdue ? { kind: 'close-links', phase: 'waiting' } : { kind: 'report', phase };
}

function onceDone({ kind }: MaintenanceRecord, { evacuating }: MaintainedState): MaintenanceStep | undefined {
  if (kind === 'drain') return evacuating ? undefined : { kind: 'evacuate', phase: 'done' };
  return evacuating ? { kind: 'resume' } : undefined;
}

/** Whether the maintenance keeps the push server from taking devices. */
export function keepsDevicesOff(record: MaintenanceRecord | undefined): boolean {
  return record !== undefined && (record.kind === 'drain' || record.phase !== 'done');
}

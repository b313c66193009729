import type { MaintenancePhase, MaintenanceRecord } from '@pushfleet/registry';

/** What a maintenance finds of the push server. */
export interface Maintained {
  /** It is sending its devices away because of a maintenance. */
  emptying: boolean;
  /** Links that are still up. */
  live: number;
  /** The deadline has passed. */
  overdue: boolean;
}

export type MaintenanceStep =
  /** Sends the devices away; the phase that is reached by it. */
  | { kind: 'empty'; phase: MaintenancePhase }
  | { kind: 'close-rest'; phase: 'waiting' }
  | { kind: 'replace-workers' }
  /** Takes devices again. */
  | { kind: 'resume'; phase?: 'done' }
  /** Only tells how far it is. */
  | { kind: 'report'; phase: MaintenancePhase };

/**
 * What a maintenance asks for next. It follows from what is stored and from what is, not from what was done before, so
 * that a supervisor which has just started continues where another one ended.
 */
export function planMaintenance(
  record: MaintenanceRecord | undefined,
  maintained: Maintained,
): MaintenanceStep | undefined {
  if (!record) return maintained.emptying ? { kind: 'resume' } : undefined;
  switch (record.phase) {
    case 'requested':
      return { kind: 'empty', phase: 'moving' };
    case 'moving':
    case 'waiting':
      return whileEmptying(record, record.phase, maintained);
    case 'restarting':
      // Workers live and die with their supervisor: a new one has new workers.
      return maintained.emptying ? { kind: 'replace-workers' } : { kind: 'resume', phase: 'done' };
    case 'done':
      return onceDone(record, maintained);
    default:
      return record.phase satisfies never;
  }
}

function whileEmptying(
  { kind }: MaintenanceRecord,
  phase: 'moving' | 'waiting',
  { emptying, live, overdue }: Maintained,
): MaintenanceStep {
  if (!emptying) return { kind: 'empty', phase };
  if (live === 0) return { kind: 'report', phase: kind === 'restart' ? 'restarting' : 'done' };
  return overdue ? { kind: 'close-rest', phase: 'waiting' } : { kind: 'report', phase };
}

function onceDone({ kind }: MaintenanceRecord, { emptying }: Maintained): MaintenanceStep | undefined {
  if (kind === 'drain') return emptying ? undefined : { kind: 'empty', phase: 'done' };
  return emptying ? { kind: 'resume' } : undefined;
}

/** Whether it keeps the push server from taking devices. */
export function holds(record: MaintenanceRecord | undefined): boolean {
  return record !== undefined && (record.kind === 'drain' || record.phase !== 'done');
}

import type { admin } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { count } from '../output/age.ts';

export function describeMaintenance({ nodeId, phase, moved, remaining }: admin.Maintenance): string {
  const step = phase.slice('MAINTENANCE_PHASE_'.length).toLowerCase();
  return `${nodeId}: ${step}, ${count(moved, 'device')} told to leave, ${count(remaining, 'link')} left`;
}

/** `12.3 s` */
export function formatDuration(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** By the clocks of two machines, where it goes on. */
export function durationOf({ startedAtMs, endedAtMs }: { startedAtMs: number; endedAtMs: number }): string {
  return formatDuration(Math.max(0, (endedAtMs || systemClock.wallMs()) - startedAtMs));
}

export function toldOf({ moves }: admin.Rebalance): number {
  return moves.reduce((sum, { told }) => sum + told, 0);
}

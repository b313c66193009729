import type { DistributionPoint, PushServerSettings } from '@pushfleet/registry';
import type { WorkerPlan } from './capacity.ts';

/** How a push server should be. */
export interface Wanted {
  settings: PushServerSettings;
  groups: DistributionPoint['groups'];
  /** The workers that `max connections` takes. */
  workers: WorkerPlan;
  /** A maintenance keeps it from taking devices. */
  held: boolean;
}

/** How it is. */
export interface Actual {
  /** `undefined`: none run. */
  workers: WorkerPlan | undefined;
  groups: DistributionPoint['groups'];
  /** Where it takes devices. */
  port: number | undefined;
  /** Why it sends its devices away. */
  emptying: 'switch-off' | 'maintenance' | undefined;
  /** It has no devices left, or has waited long enough for them to go. */
  emptied: boolean;
  /** A port that could not be opened, and until when it is left alone. */
  refused: { port: number; untilMs: number } | undefined;
}

/** One thing to do, that brings the push server nearer to how it should be. */
export type Step =
  | { kind: 'start-workers'; plan: WorkerPlan }
  | { kind: 'resize'; plan: WorkerPlan }
  | { kind: 'rescope'; groups: DistributionPoint['groups'] }
  /** Takes devices there from now on, and moves those that it has. */
  | { kind: 'take-port'; port: number }
  /** A port that could not be opened is wanted no more. */
  | { kind: 'forget-refusal' }
  | { kind: 'empty' }
  /** Ends the emptying: those that are still here may stay. */
  | { kind: 'stay' }
  | { kind: 'stop-workers' };

/** The next step; `undefined`: all is as it should be, or takes its time. Address and weight need none. */
export function nextStep(wanted: Wanted | undefined, actual: Actual, nowMs: number): Step | undefined {
  return wanted?.settings.enabled ? towardsOn(wanted, actual, nowMs) : towardsOff(actual);
}

function towardsOff({ workers, emptying, emptied }: Actual): Step | undefined {
  if (!workers) return undefined;
  // A maintenance that has begun to empty it goes on doing so; what is left is the same.
  if (emptying === undefined) return { kind: 'empty' };
  return emptied ? { kind: 'stop-workers' } : undefined;
}

function towardsOn(wanted: Wanted, actual: Actual, nowMs: number): Step | undefined {
  const { workers, groups, held } = wanted;
  if (!actual.workers) return { kind: 'start-workers', plan: workers };
  if (actual.emptying === 'switch-off' && !held) return { kind: 'stay' };
  if (!isSamePlan(workers, actual.workers)) return { kind: 'resize', plan: workers };
  if (groups.join('\n') !== actual.groups.join('\n')) return { kind: 'rescope', groups };
  if (held || actual.emptying !== undefined) return undefined;
  return towardsPort(wanted.settings.port, actual, nowMs);
}

function towardsPort(port: number, { port: current, refused }: Actual, nowMs: number): Step | undefined {
  if (port === current) return refused && { kind: 'forget-refusal' };
  if (refused?.port === port && nowMs < refused.untilMs) return undefined;
  return { kind: 'take-port', port };
}

function isSamePlan(one: WorkerPlan, other: WorkerPlan): boolean {
  return one.workers === other.workers && one.capacityPerWorker === other.capacityPerWorker;
}

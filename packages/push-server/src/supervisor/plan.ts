import type { DistributionPoint, PushServerSettings } from '@pushfleet/registry';
import type { WorkerPlan } from './capacity.ts';

/** The wanted state of a push server. */
export interface WantedState {
  settings: PushServerSettings;
  groups: DistributionPoint['groups'];
  /** The workers that `max connections` needs. */
  workers: WorkerPlan;
  /** A maintenance keeps it from taking devices. */
  held: boolean;
}

/** The actual state of a push server. */
export interface ActualState {
  /** `undefined`: no workers run. */
  workers: WorkerPlan | undefined;
  groups: DistributionPoint['groups'];
  /** The port on which it takes devices. */
  port: number | undefined;
  /** Why it redirects its devices; `undefined`: it does not. */
  evacuating: 'switch-off' | 'maintenance' | undefined;
  /** No devices are left, or they had enough time to go. */
  evacuated: boolean;
  /** A port that could not be opened, and until when it is left alone. */
  refused: { port: number; untilMs: number } | undefined;
}

/** One step from the actual state towards the wanted one. */
export type Step =
  | { kind: 'start-workers'; plan: WorkerPlan }
  | { kind: 'resize'; plan: WorkerPlan }
  | { kind: 'rescope'; groups: DistributionPoint['groups'] }
  /** Takes devices on the port from now on, and redirects those that it has to it. */
  | { kind: 'take-port'; port: number }
  /** A port that could not be opened is wanted no more. */
  | { kind: 'forget-refusal' }
  | { kind: 'evacuate' }
  /** Ends the evacuation: the devices that are still here may stay. */
  | { kind: 'cancel-evacuation' }
  | { kind: 'stop-workers' };

/** The next step; `undefined`: the states are equal, or time will make them so. Address and weight need no step. */
export function nextStep(wanted: WantedState | undefined, actual: ActualState, nowMs: number): Step | undefined {
  return wanted?.settings.enabled ? towardsOn(wanted, actual, nowMs) : towardsOff(actual);
}

function towardsOff({ workers, evacuating, evacuated }: ActualState): Step | undefined {
  if (!workers) return undefined;
  // A maintenance that has begun to empty it goes on doing so; what is left is the same.
  if (evacuating === undefined) return { kind: 'evacuate' };
  return evacuated ? { kind: 'stop-workers' } : undefined;
}

function towardsOn(wanted: WantedState, actual: ActualState, nowMs: number): Step | undefined {
  const { workers, groups, held } = wanted;
  if (!actual.workers) return { kind: 'start-workers', plan: workers };
  if (actual.evacuating === 'switch-off' && !held) return { kind: 'cancel-evacuation' };
  if (!isSamePlan(workers, actual.workers)) return { kind: 'resize', plan: workers };
  if (groups.join('\n') !== actual.groups.join('\n')) return { kind: 'rescope', groups };
  if (held || actual.evacuating !== undefined) return undefined;
  return towardsPort(wanted.settings.port, actual, nowMs);
}

function towardsPort(port: number, { port: current, refused }: ActualState, nowMs: number): Step | undefined {
  if (port === current) return refused && { kind: 'forget-refusal' };
  if (refused?.port === port && nowMs < refused.untilMs) return undefined;
  return { kind: 'take-port', port };
}

function isSamePlan(one: WorkerPlan, other: WorkerPlan): boolean {
  return one.workers === other.workers && one.capacityPerWorker === other.capacityPerWorker;
}

import type { Outcome, Progress, Statistics } from './gen/common.ts';
import type { CommandResult } from './gen/device.ts';

const inFlight: ReadonlySet<Outcome> = new Set<Outcome>([
  'OUTCOME_UNSPECIFIED',
  'OUTCOME_QUEUED',
  'OUTCOME_ROUTED',
  'OUTCOME_DELIVERED',
  'OUTCOME_RUNNING',
]);

/** The command is over: its outcome never changes again. */
export function hasEnded(outcome: Outcome): boolean {
  return !inFlight.has(outcome);
}

/** The device has said that it has the command. */
export function isConfirmed(outcome: Outcome): boolean {
  return outcome === 'OUTCOME_DELIVERED' || outcome === 'OUTCOME_RUNNING';
}

/** The contents of a device's result; what is empty is absent. */
export interface SaidResult {
  outcome: Outcome;
  /** The reason, as long as the device made it. */
  reason: string;
  output?: Uint8Array;
  progress?: Progress;
  statistics?: Statistics;
  alreadyEnded?: boolean;
}

/** `undefined`: it says nothing. */
export function readResult({ running, succeeded, failed, rejected, cancelled }: CommandResult): SaidResult | undefined {
  if (running) {
    const progress = running.progress ? { progress: running.progress } : {};
    return { outcome: 'OUTCOME_RUNNING', reason: '', ...progress, ...statisticsOf(running) };
  }
  if (succeeded) {
    const { output, alreadyEnded } = succeeded;
    const said = { ...outputOf(output), ...statisticsOf(succeeded), ...(alreadyEnded ? { alreadyEnded } : {}) };
    return { outcome: 'OUTCOME_SUCCEEDED', reason: '', ...said };
  }
  if (failed) return { outcome: 'OUTCOME_FAILED', reason: failed.reason, ...outputOf(failed.output) };
  if (rejected) return { outcome: 'OUTCOME_REJECTED', reason: rejected.reason };
  return cancelled ? { outcome: 'OUTCOME_CANCELLED', reason: cancelled.reason } : undefined;
}

/** Why a command ended as CANCELLED that was never written to a link. */
export function withdrawnReason(why = ''): string {
  return `withdrawn before it was sent${why === '' ? '' : `: ${why}`}`;
}

function outputOf(output: Uint8Array): { output?: Uint8Array } {
  return output.length > 0 ? { output } : {};
}

function statisticsOf({ statistics }: { statistics: Statistics | null }): { statistics?: Statistics } {
  return statistics ? { statistics } : {};
}

/** Why a command is REJECTED that the device's link can never carry. `limit`: what stands against it, in words. */
export function tooLargeReason(limit = ''): string {
  return limit === '' ? 'too large for the device' : `too large for the device: ${limit}`;
}

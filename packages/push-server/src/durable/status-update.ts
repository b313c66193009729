import {
  CloseReason,
  type CommandId,
  type common,
  cutText,
  type DeviceId,
  type device,
  type Epoch,
  limits,
  type node,
  parseCloseReason,
  readResult,
  tooLargeReason,
  withdrawnReason,
} from '@pushfleet/protocol';
import { attemptWeight, type StatusUpdate, type StoredStatus } from '@pushfleet/registry';
import type { FailedAttempt, ReportEffect } from '../session/session.ts';

type Update = StatusUpdate extends infer One ? (One extends StatusUpdate ? Omit<One, 'device' | 'id'> : never) : never;

/** The status update that a session's report on a durable command makes; `undefined`: none, the registry finds out by itself. */
export function statusUpdateOf(effect: ReportEffect): StatusUpdate | undefined {
  const { report } = effect;
  const update = readReport(effect);
  if (update === undefined) return undefined;
  return { device: report.deviceId as DeviceId, id: report.commandId as CommandId, ...update };
}

/** Whether the registry has the command in the status that the update sets. */
export function isApplied(update: StatusUpdate, status: StoredStatus | undefined): boolean {
  switch (update.kind) {
    case 'delivered':
      return status?.outcome === 'OUTCOME_DELIVERED';
    case 'running':
      return status?.outcome === 'OUTCOME_RUNNING';
    case 'ended':
      return status?.outcome === update.outcome;
    case 'released':
      return status?.outcome === 'OUTCOME_QUEUED';
    case 'attempt-failed':
      return status?.reason === update.reason;
    default:
      return update satisfies never;
  }
}

/** The memory that an update occupies, roughly. */
export function statusUpdateBytes(update: StatusUpdate): number {
  const envelope = 512;
  if (update.kind !== 'running' && update.kind !== 'ended') return envelope;
  const output = update.kind === 'ended' ? (update.output?.length ?? 0) : 0;
  const counters = update.statistics ? JSON.stringify(update.statistics.counters).length : 0;
  return envelope + output + counters;
}

function readReport(effect: ReportEffect): Update | undefined {
  const { report, epoch, why } = effect;
  switch (report.report) {
    case 'delivered':
      return { kind: 'delivered' };
    case 'result':
      return updateOfResult(report.result);
    case 'unsent':
      return readUnsent(report.unsent.cause, epoch, why);
    case 'linkLost':
      return effect.failed && attemptFailed(epoch, effect.failed, endedUponReason(report.linkLost.reason));
    // The registry gives the command to the device's next session.
    case 'notHere':
      return undefined;
    default:
      return report satisfies never;
  }
}

function updateOfResult(result: device.CommandResult): Update | undefined {
  const effect = readResult(result);
  if (effect === undefined) return undefined;
  const { outcome, reason, progress, ...rest } = effect;
  if (outcome !== 'OUTCOME_RUNNING') return { ...ended(outcome, reason), ...rest };
  return { kind: 'running', ...(progress ? { progress: withinLimits(progress) } : {}), ...rest };
}

function readUnsent(cause: node.UnsentCause, epoch: Epoch | undefined, why: string): Update | undefined {
  switch (cause) {
    case 'UNSENT_CAUSE_QUEUE_FULL':
    case 'UNSENT_CAUSE_LINK_LOST':
      return epoch === undefined ? undefined : { kind: 'released', epoch };
    case 'UNSENT_CAUSE_EXPIRED':
      return ended('OUTCOME_EXPIRED', 'the time to deliver passed while the command waited for the link');
    case 'UNSENT_CAUSE_UNSUPPORTED':
      return ended('OUTCOME_REJECTED', `unsupported: ${why}`);
    case 'UNSENT_CAUSE_CANCELLED':
      return ended('OUTCOME_CANCELLED', withdrawnReason(why));
    case 'UNSENT_CAUSE_TOO_LARGE':
      return attemptFailed(epoch, { weight: attemptWeight.impossible, alone: true }, tooLargeReason(why));
    case 'UNSENT_CAUSE_UNSPECIFIED':
      return undefined;
    default:
      return cause satisfies never;
  }
}

function attemptFailed(epoch: Epoch | undefined, failed: FailedAttempt, reason: string): Update | undefined {
  return epoch === undefined ? undefined : { kind: 'attempt-failed', epoch, ...failed, reason };
}

function endedUponReason(reason: string): string {
  const known = parseCloseReason(reason);
  const text = known ? `${known}: ${CloseReason[known].text}` : reason;
  return `the device's link ended each time it was sent this command (${text})`;
}

function ended(outcome: StoredStatus['outcome'], reason: string): Extract<Update, { kind: 'ended' }> {
  return { kind: 'ended', outcome, reason: cutText(reason, limits.reasonChars) };
}

function withinLimits({ percent, message }: common.Progress): common.Progress {
  return { percent: Math.min(100, percent), message: cutText(message, limits.reasonChars) };
}

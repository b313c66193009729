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

type Note = StatusUpdate extends infer One ? (One extends StatusUpdate ? Omit<One, 'device' | 'id'> : never) : never;

/** What the registry is told of a durable command; `undefined`: nothing, it finds out by itself. */
export function noteOf(said: ReportEffect): StatusUpdate | undefined {
  const { report } = said;
  const note = readReport(said);
  if (note === undefined) return undefined;
  return { device: report.deviceId as DeviceId, id: report.commandId as CommandId, ...note };
}

/** True where the registry has the command as the note says. */
export function isNoted(note: StatusUpdate, status: StoredStatus | undefined): boolean {
  switch (note.kind) {
    case 'delivered':
      return status?.outcome === 'OUTCOME_DELIVERED';
    case 'running':
      return status?.outcome === 'OUTCOME_RUNNING';
    case 'ended':
      return status?.outcome === note.outcome;
    case 'released':
      return status?.outcome === 'OUTCOME_QUEUED';
    case 'attempt-failed':
      return status?.reason === note.reason;
    default:
      return note satisfies never;
  }
}

/** About what a note occupies. */
export function noteBytes(note: StatusUpdate): number {
  const envelope = 512;
  if (note.kind !== 'running' && note.kind !== 'ended') return envelope;
  const output = note.kind === 'ended' ? (note.output?.length ?? 0) : 0;
  const counters = note.statistics ? JSON.stringify(note.statistics.counters).length : 0;
  return envelope + output + counters;
}

function readReport(said: ReportEffect): Note | undefined {
  const { report, epoch, why } = said;
  switch (report.report) {
    case 'delivered':
      return { kind: 'delivered' };
    case 'result':
      return noteOfResult(report.result);
    case 'unsent':
      return readUnsent(report.unsent.cause, epoch, why);
    case 'linkLost':
      return said.failed && attemptFailed(epoch, said.failed, endedUponReason(report.linkLost.reason));
    // The registry gives it to the device's next session.
    case 'notHere':
      return undefined;
    default:
      return report satisfies never;
  }
}

function noteOfResult(result: device.CommandResult): Note | undefined {
  const said = readResult(result);
  if (said === undefined) return undefined;
  const { outcome, reason, progress, ...rest } = said;
  if (outcome !== 'OUTCOME_RUNNING') return { ...ended(outcome, reason), ...rest };
  return { kind: 'running', ...(progress ? { progress: withinLimits(progress) } : {}), ...rest };
}

function readUnsent(cause: node.UnsentCause, epoch: Epoch | undefined, why: string): Note | undefined {
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

function attemptFailed(epoch: Epoch | undefined, failed: FailedAttempt, reason: string): Note | undefined {
  return epoch === undefined ? undefined : { kind: 'attempt-failed', epoch, ...failed, reason };
}

function endedUponReason(reason: string): string {
  const known = parseCloseReason(reason);
  const text = known ? `${known}: ${CloseReason[known].text}` : reason;
  return `the device's link ended each time it was sent this command (${text})`;
}

function ended(outcome: StoredStatus['outcome'], reason: string): Extract<Note, { kind: 'ended' }> {
  return { kind: 'ended', outcome, reason: cutText(reason, limits.reasonChars) };
}

function withinLimits({ percent, message }: common.Progress): common.Progress {
  return { percent: Math.min(100, percent), message: cutText(message, limits.reasonChars) };
}

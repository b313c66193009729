import { type common, type device, limits } from '@pushfleet/protocol';
import type { CommandState, LiveState, Status } from './command-state.ts';

/** The end of a direct command; what is said of it until then and stays true goes into it. */
export function end(
  outcome: common.Outcome,
  reason: string,
  atMs: number,
  before: Partial<Status> = {},
  result: Pick<Status, 'output' | 'statistics' | 'alreadyEnded'> = {},
): CommandState {
  const status: Status = { outcome, reason: reason.slice(0, limits.reasonChars), atMs };
  const statistics = result.statistics ?? before.statistics;
  if (result.output?.length) status.output = result.output;
  if (statistics) status.statistics = statistics;
  if (result.alreadyEnded) status.alreadyEnded = true;
  if (before.cancelRequested) status.cancelRequested = true;
  return { kind: 'ended', status };
}

/** Why a command ended as CANCELLED that the device never got. */
export function withdrawn(reason = ''): string {
  return `withdrawn before it was sent${reason === '' ? '' : `: ${reason}`}`;
}

/** The state after what the device says. */
export function onResult(state: LiveState, result: device.CommandResult, nowMs: number): CommandState {
  const before = 'status' in state ? state.status : undefined;
  switch (result.outcome) {
    case 'running':
      return onRunning(state, result.running, nowMs);
    case 'succeeded':
      return end('OUTCOME_SUCCEEDED', '', nowMs, before, readSucceeded(result.succeeded));
    case 'failed':
      return end('OUTCOME_FAILED', result.failed?.reason ?? '', nowMs, before, readOutput(result.failed?.output));
    case 'rejected':
      return end('OUTCOME_REJECTED', result.rejected?.reason ?? '', nowMs, before);
    case 'cancelled':
      return end('OUTCOME_CANCELLED', result.cancelled?.reason ?? '', nowMs, before);
    case undefined:
      return state;
    default:
      return result.outcome satisfies never;
  }
}

/** Said again, it brings news of what runs, or nothing; that it began stays when it was. */
function onRunning(state: LiveState, said: device.Running | null | undefined, nowMs: number): CommandState {
  const before: Partial<Status> = 'status' in state ? state.status : {};
  const isNews = Boolean(said?.progress || said?.statistics);
  const known = before.outcome === 'OUTCOME_RUNNING';
  if (known && !isNews && state.kind === 'confirmed') return state;
  const status: Status = { outcome: 'OUTCOME_RUNNING', reason: '', atMs: known ? (before.atMs ?? nowMs) : nowMs };
  const progress = said?.progress ?? before.progress;
  const statistics = said?.statistics ?? before.statistics;
  if (progress) status.progress = progress;
  if (statistics) status.statistics = statistics;
  if (before.cancelRequested) status.cancelRequested = true;
  return { kind: 'confirmed', status };
}

function readSucceeded(
  said: device.Succeeded | null | undefined,
): Pick<Status, 'output' | 'statistics' | 'alreadyEnded'> {
  if (!said) return {};
  const { output, statistics, alreadyEnded } = said;
  return { output, alreadyEnded, ...(statistics ? { statistics } : {}) };
}

function readOutput(output: Uint8Array | undefined): Pick<Status, 'output'> {
  return output ? { output } : {};
}

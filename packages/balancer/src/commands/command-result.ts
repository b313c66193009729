import { type common, cutText, type device, limits, readResult, type SaidResult } from '@pushfleet/protocol';
import type { Moment } from '@pushfleet/runtime';
import type { CommandState, LiveState, Status } from './command-state.ts';

/** The end of a direct command; what is said of it until then and stays true goes into it. */
export function end(
  outcome: common.Outcome,
  reason: string,
  { wallMs: atMs }: Moment,
  before: Partial<Status> = {},
  result: Pick<Status, 'output' | 'statistics' | 'alreadyEnded'> = {},
): CommandState {
  const status: Status = { outcome, reason: cutText(reason, limits.reasonChars), atMs };
  const statistics = result.statistics ?? before.statistics;
  if (result.output?.length) status.output = result.output;
  if (statistics) status.statistics = statistics;
  if (result.alreadyEnded) status.alreadyEnded = true;
  if (before.cancelRequested) status.cancelRequested = true;
  return { kind: 'ended', status };
}

/** The state after what the device says. */
export function onResult(state: LiveState, result: device.CommandResult, now: Moment): CommandState {
  const said = readResult(result);
  if (said === undefined) return state;
  if (said.outcome === 'OUTCOME_RUNNING') return onRunning(state, said, now);
  return end(said.outcome, said.reason, now, 'status' in state ? state.status : undefined, said);
}

/** Said again, it brings news of what runs, or nothing; that it began stays when it was. */
function onRunning(state: LiveState, said: SaidResult, now: Moment): CommandState {
  const before: Partial<Status> = 'status' in state ? state.status : {};
  const isNews = Boolean(said.progress || said.statistics);
  const known = before.outcome === 'OUTCOME_RUNNING';
  if (known && !isNews && state.kind === 'confirmed') return state;
  const status: Status = {
    outcome: 'OUTCOME_RUNNING',
    reason: '',
    atMs: known ? (before.atMs ?? now.wallMs) : now.wallMs,
  };
  const progress = said.progress ?? before.progress;
  const statistics = said.statistics ?? before.statistics;
  if (progress) status.progress = progress;
  if (statistics) status.statistics = statistics;
  if (before.cancelRequested) status.cancelRequested = true;
  return { kind: 'confirmed', status };
}

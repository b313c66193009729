import type { GroupPushRecord, GroupPushRequest, GroupPushView } from '@pushfleet/registry';
import { abortReason } from './abort-rule.ts';
import type { Tally } from './outcomes.ts';

/** What decides over a group push. */
export interface Situation extends Pick<GroupPushView, 'desiredState'> {
  tally: Tally;
  request: Pick<GroupPushRequest, 'abortFailedPercent' | 'abortAfter'>;
  /** There are devices whose commands have not gone out. */
  isLeft: boolean;
}

export type Standing = Pick<GroupPushRecord, 'state' | 'reason'>;

/**
 * Where a group push stands now. One that is cancelled or aborted stays so. One of which all commands are out can only be
 * cancelled: there is nothing left to be held back.
 */
export function nextStanding(
  { state, reason }: Standing,
  { desiredState, tally, request, isLeft }: Situation,
): Standing {
  switch (state) {
    case 'cancelled':
    case 'aborted':
    case 'done':
      return { state, reason };
    case 'running':
    case 'paused': {
      if (desiredState === 'cancelled') return { state: 'cancelled', reason: '' };
      if (!isLeft) return { state: 'running', reason: '' };
      const failed = abortReason(request, tally);
      if (failed !== undefined) return { state: 'aborted', reason: failed };
      return { state: desiredState === 'paused' ? 'paused' : 'running', reason: '' };
    }
    default:
      return state satisfies never;
  }
}

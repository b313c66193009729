import { hasEnded, type OutcomeName } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';

/** What `--wait` may say. */
export const waitNames = ['accepted', 'connected', 'delivered', 'finished'] as const;
export type WaitName = (typeof waitNames)[number];

/** What it means to the API, which knows nothing of `connected`: that looks at what the command waits for. */
export const apiWaits = {
  accepted: 'WAIT_ACCEPTED',
  connected: 'WAIT_FINISHED',
  delivered: 'WAIT_DELIVERED',
  finished: 'WAIT_FINISHED',
} as const satisfies Record<WaitName, admin.Wait>;

/** How far a command got; NOT_ACCEPTED: the balancer refused it, and nothing was sent. */
export type PushOutcome = OutcomeName | 'NOT_ACCEPTED';

const reached: Record<WaitName, readonly PushOutcome[]> = {
  accepted: ['QUEUED', 'ROUTED', 'DELIVERED', 'RUNNING', 'SUCCEEDED'],
  connected: ['QUEUED', 'SUCCEEDED'],
  delivered: ['DELIVERED', 'RUNNING', 'SUCCEEDED'],
  finished: ['SUCCEEDED'],
};

/** The command got as far as the caller wants. */
export function isReached(outcome: PushOutcome, wait: WaitName): boolean {
  return reached[wait].includes(outcome);
}

/** There is nothing left to wait for, be that good or bad. */
export function isSettled(outcome: PushOutcome, wait: WaitName): boolean {
  return isReached(outcome, wait) || isOver(outcome);
}

/** The outcome never changes again. */
export function isOver(outcome: PushOutcome): boolean {
  return outcome === 'NOT_ACCEPTED' || hasEnded(outcome === 'OUTCOME_UNKNOWN' ? outcome : `OUTCOME_${outcome}`);
}

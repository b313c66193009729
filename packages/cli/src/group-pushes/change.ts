import type { GroupPushes } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { systemClock, timeoutSignal } from '@pushfleet/runtime';
import { type GroupPushState, isAllOut, stateOf } from './group-push.ts';

/** What may be asked of a group push, and the state that shows that it was taken up. */
export const changes = {
  pause: 'paused',
  resume: 'running',
  cancel: 'cancelled',
} as const satisfies Partial<Record<keyof GroupPushes, GroupPushState>>;
export type Change = keyof typeof changes;

const patienceMs = 5_000;

/**
 * Asks for the change and waits for the balancer that runs the push to take it up, which may be another one than the one
 * that was asked. Answers how the push stands then, or after 5 s.
 */
export async function changeGroupPush(
  client: Pick<GroupPushes, Change | 'watch'>,
  id: string,
  change: Change,
): Promise<admin.GroupPush> {
  let last = await client[change](id);
  const signal = timeoutSignal(systemClock, patienceMs);
  try {
    for await (const now of client.watch(id, { signal })) {
      last = now;
      if (stateOf(now) === changes[change] || isIdle(now, change)) break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return last;
}

/** It changes nothing: there is nothing left to be held back, or nothing at all. */
function isIdle(push: admin.GroupPush, change: Change): boolean {
  return push.endedAtMs > 0 || (change === 'pause' && isAllOut(push));
}

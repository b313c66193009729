import { type AdminClient, type GroupPushes, outcomeName } from '@pushfleet/admin-sdk';
import { type admin, common } from '@pushfleet/protocol';
import { isAllOut } from '../group-pushes/group-push.ts';
import { countsOf, renderCounts, settledOf, sumOf } from './counts.ts';
import { type PushResult, troubleRows, wholeTableRows } from './outcomes.ts';
import type { PushEntry } from './push-entry.ts';
import { isOver, isReached, type PushOutcome, type WaitName } from './wait.ts';

/** The part of an AdminClient that this needs. */
export type Watcher = Pick<GroupPushes, 'watch'>;

export interface GroupFollow {
  wait: WaitName;
  onProgress: (now: admin.GroupPush) => void;
  signal: AbortSignal;
}

/**
 * A durable command is QUEUED at first, also where the device is connected: only what stands still for so long waits for
 * a device that is away.
 */
const quietMs = 2_000;

/** Waits as far as `wait` says, or until the signal fires; answers how the push stands then. */
export async function followGroupPush(
  client: Watcher,
  begun: admin.GroupPush,
  { wait, onProgress, signal }: GroupFollow,
): Promise<admin.GroupPush> {
  const quiet = new AbortController();
  const either = AbortSignal.any([signal, quiet.signal]);
  let last = begun;
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const now of client.watch(begun.groupPushId, { signal: either })) {
      const isSettledNow = isGroupSettled(now, wait);
      if (isSettledNow && !mayYetMove(now, wait)) return now;
      if (!isSettledNow || hasMoved(last, now)) {
        clearTimeout(timer);
        timer = undefined;
      }
      if (isSettledNow) timer ??= setTimeout(() => quiet.abort(), quietMs);
      last = now;
      onProgress(now);
    }
  } catch (error) {
    if (!either.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  return last;
}

function mayYetMove(push: admin.GroupPush, wait: WaitName): boolean {
  return push.endedAtMs === 0 && wait === 'connected' && (countsOf(push).QUEUED ?? 0) > 0;
}

function hasMoved(before: admin.GroupPush, now: admin.GroupPush): boolean {
  return renderCounts(countsOf(before)) !== renderCounts(countsOf(now));
}

/** It has ended, or every command is out and got as far as is waited for. */
export function isGroupSettled(push: admin.GroupPush, wait: WaitName): boolean {
  if (push.endedAtMs > 0) return true;
  return isAllOut(push) && settledOf(countsOf(push), wait) === push.devices;
}

/** Only those lines of a large group that say something. */
export async function groupResult(client: AdminClient, push: admin.GroupPush, wait: WaitName): Promise<PushResult> {
  const counts = countsOf(push);
  const isSmall = sumOf(counts) <= wholeTableRows;
  const outcomes = isSmall ? [] : Object.values(common.Outcome).filter((one) => isTrouble(outcomeName(one), wait));
  const listed: PushEntry[] = [];
  for await (const outcome of client.groupPushes.outcomes({
    groupPushId: push.groupPushId,
    outcomes,
    pageSize: troubleRows,
  })) {
    listed.push(toGroupEntry(outcome));
    if (listed.length === troubleRows) break;
  }
  return { counts, listed, wait };
}

/** One line for each device, whatever there are. */
export function allGroupEntries(client: AdminClient, groupPushId: string): Promise<PushEntry[]> {
  return Array.fromAsync(client.groupPushes.outcomes({ groupPushId }), toGroupEntry);
}

function toGroupEntry({ deviceId, commandId, outcome, reason }: admin.DeviceOutcome): PushEntry {
  const name = outcomeName(outcome);
  return { id: deviceId, outcome: name, reason, ...(isOver(name) ? {} : { commandId }) };
}

function isTrouble(outcome: PushOutcome, wait: WaitName): boolean {
  return outcome !== 'UNSPECIFIED' && !isReached(outcome, wait);
}

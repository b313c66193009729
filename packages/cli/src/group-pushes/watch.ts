import { type AdminClient, type GroupPushes, outcomeName } from '@pushfleet/admin-sdk';
import { type admin, common } from '@pushfleet/protocol';
import { type Clock, systemClock, timeoutSignal, visibleText } from '@pushfleet/runtime';
import {
  countsOf,
  isOver,
  isReached,
  type PushOutcome,
  renderCounts,
  settledOf,
  sumOf,
  type WaitName,
} from '../outcomes/outcomes.ts';
import type { ProgressView } from '../outcomes/progress.ts';
import {
  isAllReached,
  type PushEntry,
  type PushResult,
  renderResult,
  troubleRows,
  wholeTableRows,
} from '../outcomes/render.ts';
import { paintFor, print, printJson, say } from '../output/print.ts';
import { type GroupPushState, groupPushJson, isAllOut, stateOf } from './render.ts';

/** The part of an AdminClient that this needs. */
export type Watcher = Pick<GroupPushes, 'watch'>;

export interface GroupWatchOptions {
  wait: WaitName;
  onProgress: (now: admin.GroupPush) => void;
  signal: AbortSignal;
  clock?: Pick<Clock, 'after'>;
}

/**
 * A durable command is QUEUED at first, also where the device is connected: only what stands still for so long waits for
 * a device that is away.
 */
const quietMs = 2_000;

/** Waits as far as `wait` says, or until the signal fires; answers how the push stands then. */
export async function watchGroupPush(
  client: Watcher,
  begun: admin.GroupPush,
  { wait, onProgress, signal, clock = systemClock }: GroupWatchOptions,
): Promise<admin.GroupPush> {
  const quiet = new AbortController();
  const either = AbortSignal.any([signal, quiet.signal]);
  let last = begun;
  let timer: Disposable | undefined;
  try {
    for await (const now of client.watch(begun.groupPushId, { signal: either })) {
      const isSettledNow = isGroupSettled(now, wait);
      if (isSettledNow && !mayYetMove(now, wait)) return now;
      if (!isSettledNow || hasMoved(last, now)) {
        timer?.[Symbol.dispose]();
        timer = undefined;
      }
      if (isSettledNow) timer ??= clock.after(quietMs, () => quiet.abort());
      last = now;
      onProgress(now);
    }
  } catch (error) {
    if (!either.aborted) throw error;
  } finally {
    timer?.[Symbol.dispose]();
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
async function groupResult(client: AdminClient, push: admin.GroupPush, wait: WaitName): Promise<PushResult> {
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
function allGroupEntries(client: AdminClient, groupPushId: string): Promise<PushEntry[]> {
  return Array.fromAsync(client.groupPushes.outcomes({ groupPushId }), toGroupEntry);
}

function toGroupEntry({ deviceId, commandId, outcome, reason }: admin.DeviceOutcome): PushEntry {
  const name = outcomeName(outcome);
  return { id: deviceId, outcome: name, reason, ...(isOver(name) ? {} : { commandId }) };
}

function isTrouble(outcome: PushOutcome, wait: WaitName): boolean {
  return outcome !== 'UNSPECIFIED' && !isReached(outcome, wait);
}

/** Changes that may be asked of a group push, each with the state that shows that it was taken up. */
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

interface ShownAs {
  wait: WaitName;
  json: true | undefined;
}

/** Prints the outcomes of a group push, and sets the exit status by them. */
export async function showGroupPush(
  client: AdminClient,
  last: admin.GroupPush,
  { wait, json }: ShownAs,
): Promise<void> {
  const { groupPushId, reason, endedAtMs } = last;
  const counts = countsOf(last);
  if (json) printJson({ ...groupPushJson(last), devices: await allGroupEntries(client, groupPushId) });
  else print(renderResult(await groupResult(client, last, wait), paintFor(process.stdout)));
  const state = stateOf(last);
  const isStopped = state === 'aborted' || state === 'cancelled';
  if (isStopped) say(`It was ${state}${reason && `: ${visibleText(reason)}`}`);
  if (endedAtMs === 0) say(`It goes on; to follow it: pushfleet group-pushes watch ${groupPushId}`);
  if (isStopped || !isAllOut(last) || !isAllReached({ counts, wait })) process.exitCode = 2;
}

export function groupProgress(
  push: admin.GroupPush,
  wait: WaitName,
): Omit<ProgressView, 'ratePerSecond' | 'elapsedMs'> {
  const { devices, allFound } = push;
  const state = stateOf(push);
  return { devices, allFound, counts: countsOf(push), wait, ...(state === 'running' ? {} : { state }) };
}

import { hasEnded, type OutcomeName, outcomeName } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';

/** Values of `--wait`. */
export const waitNames = ['accepted', 'connected', 'delivered', 'finished'] as const;
export type WaitName = (typeof waitNames)[number];

/** The API's wait for each. It knows nothing of `connected`, which looks at what the command waits for. */
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

/** Whether the command got as far as the caller wants. */
export function isReached(outcome: PushOutcome, wait: WaitName): boolean {
  return reached[wait].includes(outcome);
}

/** Whether there is nothing left to wait for, be that good or bad. */
export function isSettled(outcome: PushOutcome, wait: WaitName): boolean {
  return isReached(outcome, wait) || isOver(outcome);
}

/** Whether the outcome never changes again. */
export function isOver(outcome: PushOutcome): boolean {
  return outcome === 'NOT_ACCEPTED' || hasEnded(outcome === 'OUTCOME_UNKNOWN' ? outcome : `OUTCOME_${outcome}`);
}

/** How many devices stand at each outcome. */
export type OutcomeCounts = Partial<Record<PushOutcome, number>>;

export function addCount(counts: OutcomeCounts, outcome: PushOutcome, number: number): void {
  const sum = (counts[outcome] ?? 0) + number;
  if (sum > 0) counts[outcome] = sum;
  else delete counts[outcome];
}

export function countOutcomes(entries: readonly { outcome: PushOutcome }[]): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (const { outcome } of entries) addCount(counts, outcome, 1);
  return counts;
}

export function countsOf({ counts }: Pick<admin.GroupPush, 'counts'>): OutcomeCounts {
  const found: OutcomeCounts = {};
  for (const { outcome, devices } of counts) addCount(found, outcomeName(outcome), devices);
  return found;
}

export function sumOf(counts: OutcomeCounts): number {
  return Object.values(counts).reduce((sum, number) => sum + number, 0);
}

/** How many devices are not waited for any more. */
export function settledOf(counts: OutcomeCounts, wait: WaitName): number {
  return pairs(counts).reduce((sum, [outcome, number]) => sum + (isSettled(outcome, wait) ? number : 0), 0);
}

/** `8,000 SUCCEEDED, 12 FAILED`, the most frequent one first. */
export function renderCounts(counts: OutcomeCounts, separator = ', '): string {
  return pairs(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, number]) => `${number} ${outcome}`)
    .join(separator);
}

function pairs(counts: OutcomeCounts): [PushOutcome, number][] {
  return Object.entries(counts) as [PushOutcome, number][];
}

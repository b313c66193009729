import { outcomeName } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import type { PushEntry } from './push-entry.ts';
import { isSettled, type PushOutcome, type WaitName } from './wait.ts';

/** How many devices stand at each outcome. */
export type OutcomeCounts = Partial<Record<PushOutcome, number>>;

export function addCount(counts: OutcomeCounts, outcome: PushOutcome, number: number): void {
  const sum = (counts[outcome] ?? 0) + number;
  if (sum > 0) counts[outcome] = sum;
  else delete counts[outcome];
}

export function countOutcomes(entries: readonly PushEntry[]): OutcomeCounts {
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

/** How many are not waited for any more. */
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

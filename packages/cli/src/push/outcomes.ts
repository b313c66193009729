import { cutText } from '@pushfleet/protocol';
import { count } from '../output/age.ts';
import type { Paint, Style } from '../output/style.ts';
import { type Column, renderTable } from '../output/table.ts';
import { countOutcomes, type OutcomeCounts, renderCounts, sumOf } from './counts.ts';
import type { PushEntry } from './push-entry.ts';
import { isOver, isReached, type PushOutcome, type WaitName } from './wait.ts';

/** A larger table helps nobody: then only devices that did not reach what was waited for are listed. */
export const wholeTableRows = 60;
export const troubleRows = 100;

/** What became of a push: devices that are worth a line, and how many stand at each outcome. */
export interface PushResult {
  counts: OutcomeCounts;
  listed: readonly PushEntry[];
  wait: WaitName;
}

/** Of devices that were named. */
export function resultOf(entries: readonly PushEntry[], wait: WaitName): PushResult {
  const troubled = entries.filter(({ outcome }) => !isReached(outcome, wait));
  const listed = entries.length <= wholeTableRows ? entries : troubled.slice(0, troubleRows);
  return { counts: countOutcomes(entries), listed, wait };
}

export function isAllReached({ counts, wait }: Pick<PushResult, 'counts' | 'wait'>): boolean {
  return troubledOf(counts, wait) === 0;
}

/** A table of devices and a line that sums it up. */
export function renderResult({ counts, listed, wait }: PushResult, paint: Paint): string {
  const troubled = listed.filter(({ outcome }) => !isReached(outcome, wait)).length;
  const left = troubledOf(counts, wait) - troubled;
  const sum = `${count(sumOf(counts), 'device')}: ${renderCounts(counts)}`;
  return [
    ...(listed.length > 0 ? [renderTable(columnsFor(listed, wait), listed, paint), ''] : []),
    ...(left > 0 ? [`… and ${left} more that did not get there; --json lists all`] : []),
    paint(isAllReached({ counts, wait }) ? 'green' : 'yellow', sum),
  ].join('\n');
}

function troubledOf(counts: OutcomeCounts, wait: WaitName): number {
  const entries = Object.entries(counts) as [PushOutcome, number][];
  return entries.reduce((sum, [outcome, number]) => sum + (isReached(outcome, wait) ? 0 : number), 0);
}

function columnsFor(entries: readonly PushEntry[], wait: WaitName): Column<PushEntry>[] {
  const style = ({ outcome }: PushEntry): Style => {
    if (isReached(outcome, wait)) return 'green';
    return isOver(outcome) ? 'red' : 'yellow';
  };
  const columns: Column<PushEntry>[] = [
    { title: 'DEVICE', text: ({ id }) => id },
    { title: 'OUTCOME', text: ({ outcome }) => outcome, style },
  ];
  // Only where it is of use: to follow what has not ended.
  if (entries.some(({ outcome, commandId }) => commandId && !isOver(outcome))) {
    columns.push({ title: 'COMMAND', text: ({ commandId = '' }) => commandId });
  }
  columns.push({ title: 'REASON', text: describeReason });
  if (entries.some(({ output, outputBase64 }) => output ?? outputBase64)) {
    columns.push({ title: 'OUTPUT', text: describeOutput });
  }
  return columns;
}

function describeReason({ reason, alreadyEnded }: PushEntry): string {
  return alreadyEnded && reason === '' ? 'it had ended before' : reason;
}

const outputChars = 80;

/** Its beginning, on one line. */
function describeOutput({ output, outputBase64 }: PushEntry): string {
  const text = output?.trim().replaceAll(/\s+/g, ' ') ?? (outputBase64 ? `${outputBase64} (base64)` : '');
  return text.length > outputChars ? `${cutText(text, outputChars)}…` : text;
}

import { count } from '../output/age.ts';
import type { Paint, Style } from '../output/style.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { PushEntry, WaitName } from './push-sync.ts';

type Outcome = PushEntry['outcome'];

/** The outcomes that satisfy a caller who waits for less than the end. */
const reached: Record<WaitName, readonly Outcome[]> = {
  accepted: ['ROUTED', 'DELIVERED', 'RUNNING', 'SUCCEEDED'],
  delivered: ['DELIVERED', 'RUNNING', 'SUCCEEDED'],
  finished: ['SUCCEEDED'],
};

export function isReached({ outcome }: PushEntry, wait: WaitName): boolean {
  return reached[wait].includes(outcome);
}

/** How many devices had each outcome. */
export function countOutcomes(entries: readonly PushEntry[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of entries) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** A larger table helps nobody: then only devices that did not reach what was waited for are listed. */
const wholeTableRows = 60;
const troubleRows = 100;

/** A table of devices and a line that sums it up. */
export function renderOutcomes(entries: readonly PushEntry[], wait: WaitName, paint: Paint): string {
  const troubled = entries.filter((entry) => !isReached(entry, wait));
  const listed = entries.length <= wholeTableRows ? entries : troubled.slice(0, troubleRows);
  const left = entries.length <= wholeTableRows ? 0 : troubled.length - listed.length;
  return [
    ...(listed.length > 0 ? [renderTable(columnsFor(wait), listed, paint), ''] : []),
    ...(left > 0 ? [`… and ${left} more that did not get there; --json lists all`] : []),
    summarize(entries, paint, troubled.length === 0),
  ].join('\n');
}

function summarize(entries: readonly PushEntry[], paint: Paint, isGood: boolean): string {
  const parts = Object.entries(countOutcomes(entries)).map(([outcome, number]) => `${number} ${outcome}`);
  return paint(isGood ? 'green' : 'yellow', `${count(entries.length, 'device')}: ${parts.join(', ')}`);
}

function columnsFor(wait: WaitName): Column<PushEntry>[] {
  const style = (entry: PushEntry): Style => (isReached(entry, wait) ? 'green' : 'red');
  return [
    { title: 'DEVICE', text: ({ id }) => id },
    { title: 'OUTCOME', text: ({ outcome }) => outcome, style },
    { title: 'REASON', text: ({ reason }) => reason },
  ];
}

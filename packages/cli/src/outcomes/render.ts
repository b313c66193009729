import { outcomeName, type PushAnswer } from '@pushfleet/admin-sdk';
import { type common, cutText } from '@pushfleet/protocol';
import { describeRefusal } from '../output/failure.ts';
import { count } from '../output/format.ts';
import type { Paint, Style } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';
import {
  countOutcomes,
  isOver,
  isReached,
  type OutcomeCounts,
  type PushOutcome,
  renderCounts,
  sumOf,
  type WaitName,
} from './outcomes.ts';

/** The result of the push to one device. */
export interface PushEntry {
  id: string;
  outcome: PushOutcome;
  /** In words; empty where the outcome says it all. */
  reason: string;
  /** Present while the command can still be asked for: it is durable, or has not ended. */
  commandId?: string;
  /** The output of the device's result, where it is text. */
  output?: string;
  /** The output where it is no text. */
  outputBase64?: string;
  /** The task that was to be stopped had ended before. */
  alreadyEnded?: true;
}

export function toEntry({ request, response, error }: PushAnswer): PushEntry {
  const id = request.deviceId ?? '';
  if (error) return { id, outcome: 'NOT_ACCEPTED', reason: describeRefusal(error) };
  const { status, commandId } = response;
  const outcome = outcomeName(status?.outcome ?? 'OUTCOME_UNSPECIFIED');
  const isKept = (request.ttlMs ?? 0) > 0 || !isOver(outcome);
  return { id, outcome, reason: status?.reason ?? '', ...(isKept ? { commandId } : {}), ...answerOf(status) };
}

/** The answer of the device besides the outcome. */
export function answerOf(status: common.CommandStatus | null | undefined) {
  return { ...outputOf(status?.output), ...(status?.alreadyEnded ? { alreadyEnded: true as const } : {}) };
}

function outputOf(output: Buffer | undefined): Pick<PushEntry, 'output' | 'outputBase64'> {
  if (!output || output.length === 0) return {};
  try {
    return { output: new TextDecoder('utf-8', { fatal: true }).decode(output) };
  } catch {
    return { outputBase64: Buffer.from(output).toString('base64') };
  }
}

/** A larger table helps nobody: then only devices that did not reach what was waited for are listed. */
export const wholeTableRows = 60;
export const troubleRows = 100;

/** The result of a push: devices that are worth a line, and how many stand at each outcome. */
export interface PushResult {
  counts: OutcomeCounts;
  listed: readonly PushEntry[];
  wait: WaitName;
}

/** The result of a push to devices that were named. */
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

/** The beginning of the output, on one line. */
function describeOutput({ output, outputBase64 }: PushEntry): string {
  const text = output?.trim().replaceAll(/\s+/g, ' ') ?? (outputBase64 ? `${outputBase64} (base64)` : '');
  return text.length > outputChars ? `${cutText(text, outputChars)}…` : text;
}

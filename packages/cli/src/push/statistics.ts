import { type AdminClient, outcomeName } from '@pushfleet/admin-sdk';
import { type common, limits } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { describeCounters } from '../command-records/command-record.ts';
import { formatTimeOfDay } from '../output/age.ts';
import { print, printJson, printJsonLine, say } from '../output/print.ts';
import { paintFor } from '../output/style.ts';
import { type Column, renderTable } from '../output/table.ts';
import { isOver } from './wait.ts';

export interface StatisticsAsked {
  deviceId: string;
  getStatistics: common.GetStatisticsInit;
}

/** Asks once. */
export async function readStatistics(client: AdminClient, asked: StatisticsAsked, json: boolean): Promise<void> {
  const { deviceId, getStatistics } = asked;
  const { status } = await client.commands.push({ deviceId, operation: { getStatistics } });
  if (status?.outcome !== 'OUTCOME_SUCCEEDED') return reportEnd(deviceId, status);
  if (json) printJson(toJson(status.statistics));
  else print(renderTable(columns, Object.entries(status.statistics?.counters ?? {}), paintFor(process.stdout)));
}

export interface WatchedStatistics {
  json: boolean;
  /** How many to show. */
  count: number;
  signal: AbortSignal;
}

/** Shows them as they come; tells the device to stop once there were enough, or the signal fires. */
export async function watchStatistics(
  client: AdminClient,
  { deviceId, getStatistics }: StatisticsAsked,
  { json, count, signal }: WatchedStatistics,
): Promise<void> {
  const pushed = await client.commands.push({
    deviceId,
    operation: { getStatistics },
    wait: 'WAIT_ACCEPTED',
    finishWithinMs: limits.finishWithinMaxMs,
  });
  const { commandId } = pushed;
  if (isEnded(pushed.status)) return reportEnd(deviceId, pushed.status);
  const shown = new SampleLog(json);
  try {
    for await (const { status } of client.commands.watch({ deviceId, commandId }, { signal })) {
      shown.take(status?.statistics);
      if (isEnded(status)) return reportEnd(deviceId, status);
      if (shown.count >= count) break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await client.commands.cancel({ deviceId, commandId, reason: 'nobody watches any more' });
}

/** Prints each sample once: a watch tells them again with whatever else changes. */
class SampleLog {
  count = 0;
  readonly #json: boolean;
  #lastAtMs = 0;

  constructor(json: boolean) {
    this.#json = json;
  }

  take(statistics: common.Statistics | null | undefined): void {
    if (!statistics || statistics.atMs === this.#lastAtMs) return;
    this.#lastAtMs = statistics.atMs;
    this.count += 1;
    if (this.#json) printJsonLine(toJson(statistics));
    else print(describeSample(statistics));
  }
}

/** `12:30:05.120  infected=0 scanned=1200`, in UTC. */
function describeSample(statistics: common.Statistics): string {
  return `${formatTimeOfDay(statistics.atMs)}  ${describeCounters(statistics)}`;
}

function toJson(statistics: common.Statistics | null | undefined) {
  return { counters: statistics?.counters ?? {}, atMs: statistics?.atMs ?? null };
}

function isEnded(status: common.CommandStatus | null | undefined): boolean {
  return status ? isOver(outcomeName(status.outcome)) : false;
}

/** The device did not answer, or the watching ended without us. */
function reportEnd(deviceId: string, status: common.CommandStatus | null | undefined): void {
  const outcome = outcomeName(status?.outcome ?? 'OUTCOME_UNSPECIFIED');
  say(`${deviceId}: ${outcome}${status?.reason ? `: ${visibleText(status.reason)}` : ''}`);
  if (outcome !== 'SUCCEEDED') process.exitCode = 2;
}

const columns: Column<[string, number]>[] = [
  { title: 'COUNTER', text: ([name]) => name },
  { title: 'VALUE', text: ([, value]) => String(value), align: 'right' },
];

import { type AdminClient, outcomeName } from '@pushfleet/admin-sdk';
import { type common, limits, parseDeviceId } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { Command } from 'commander';
import { describeCounters } from '../commands/render.ts';
import { openClient } from '../connection/open-client.ts';
import { checked, duration, wholeNumber } from '../options/option-values.ts';
import { isOver } from '../outcomes/outcomes.ts';
import { CommandFailure } from '../output/failure.ts';
import { formatTimeOfDay } from '../output/format.ts';
import { paintFor, print, printJson, printJsonLine, say } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { CommandContext } from '../stop.ts';

const help = `
With --every they are shown as they come, for up to an hour, until Ctrl-C, which tells the device to stop.
Exit status: 0 if the device answered, 2 if it did not, 1 if nothing was tried.

Examples:
  $ pushfleet push statistics laptop-17 --application antivirus
  $ pushfleet push statistics laptop-17 --application antivirus --counter scanned --counter infected --every 1s`;

interface StatisticsFlags {
  application: string;
  counter?: string[];
  every?: number;
  count?: number;
  json?: true;
}

export function pushStatisticsCommand({ environment, stop }: CommandContext): Command {
  return new Command('statistics')
    .description('read counters of an application of a device, once or again and again')
    .argument('<device>', 'its id', checked(parseDeviceId))
    .requiredOption('--application <id>', 'the application, as the device knows it')
    .option('--counter <name>', 'only this counter; may be given several times (default: all)', collectCounter)
    .option('--every <duration>', 'again and again, e.g. every 1s', duration())
    .option('--count <times>', 'with --every: end after so many', wholeNumber())
    .option('--json', 'an object with `counters` and `atMs`; with --every one per line')
    .addHelpText('after', help)
    .action(async (deviceId: string, flags: StatisticsFlags) => {
      const { application, counter = [], every = 0, count = Number.POSITIVE_INFINITY, json = false } = flags;
      if (flags.count !== undefined && every === 0) throw new CommandFailure('--count needs --every, e.g. --every 1s');
      const getStatistics = { applicationId: application, counters: counter, intervalMs: every };
      using client = openClient(environment);
      const asked = { deviceId, getStatistics };
      if (every === 0) await readStatistics(client, asked, json);
      else await watchStatistics(client, asked, { json, count, signal: stop() });
    });
}

function collectCounter(name: string, names: string[] = []): string[] {
  return [...names, name];
}

interface StatisticsAsked {
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

interface WatchedStatistics {
  json: boolean;
  /** How many to show. */
  count: number;
  signal: AbortSignal;
}

/** Shows them as they come; tells the device to stop once there were enough, or the signal fires. */
async function watchStatistics(
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
  const shown = new SamplePrinter(json);
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
class SamplePrinter {
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

import { limits, parseDeviceId } from '@pushfleet/protocol';
import { Command } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { checked } from '../options/checked.ts';
import { duration } from '../options/duration.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { CommandFailure } from '../output/failure.ts';
import { checkOperation } from '../push/check-operation.ts';
import { readStatistics, watchStatistics } from '../push/statistics.ts';
import type { CommandContext } from './context.ts';

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
    .option('--counter <name>', 'only this counter; may be given several times (default: all)', collect)
    .option(
      '--every <duration>',
      'again and again, e.g. every 1s',
      duration(limits.statisticsIntervalMaxMs, limits.statisticsIntervalMinMs),
    )
    .option('--count <times>', 'with --every: end after so many', wholeNumber())
    .option('--json', 'an object with `counters` and `atMs`; with --every one per line')
    .addHelpText('after', help)
    .action(async (deviceId: string, flags: StatisticsFlags) => {
      const { application, counter = [], every = 0, count = Number.POSITIVE_INFINITY, json = false } = flags;
      if (flags.count !== undefined && every === 0) throw new CommandFailure('--count needs --every, e.g. --every 1s');
      const getStatistics = { applicationId: application, counters: counter, intervalMs: every };
      checkOperation({ getStatistics });
      using client = openClient(environment);
      const asked = { deviceId, getStatistics };
      if (every === 0) await readStatistics(client, asked, json);
      else await watchStatistics(client, asked, { json, count, signal: stop() });
    });
}

function collect(name: string, names: string[] = []): string[] {
  return [...names, name];
}

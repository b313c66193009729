import type { AdminClient } from '@pushfleet/admin-sdk';
import { Command, Option } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { listDevices } from '../devices/list-devices.ts';
import { CommandFailure } from '../output/failure.ts';
import { print, printJson } from '../output/print.ts';
import { createProgress } from '../output/progress.ts';
import { paintFor } from '../output/style.ts';
import { countOutcomes, isReached, renderOutcomes } from '../push/outcomes.ts';
import { type PushEntry, pushSync, type WaitName, waits } from '../push/push-sync.ts';
import type { CommandContext } from './context.ts';

const help = `
Outcomes: SUCCEEDED, FAILED and REJECTED are the device's own words; NOT_CONNECTED: the device is away, nothing was
sent; EXPIRED: it did not reach the device in time; OUTCOME_UNKNOWN: it was sent and the link broke before the result;
NOT_ACCEPTED: refused before anything was sent, e.g. because there is no such device.

Exit status: 0 if every device succeeded (or got as far as --wait says), 2 if one did not, 1 if nothing was tried.

Examples:
  $ pushfleet push sync demo-01 demo-02
  $ pushfleet push sync --group "HQ/Floor 2" --wait delivered
  $ pushfleet push sync --group HQ --json | jq .outcomes`;

interface SyncFlags {
  group?: string;
  wait: WaitName;
  json?: true;
}

export function pushCommand({ environment }: CommandContext): Command {
  const sync = new Command('sync')
    .description('force devices to synchronize with the Administration Server now')
    .argument('[device...]', 'ids of devices')
    .option('-g, --group <path>', 'all devices of this group and its subgroups, instead of ids')
    .addOption(new Option('--wait <level>', 'how far to wait').choices(Object.keys(waits)).default('finished'))
    .option('--json', 'an object with `outcomes` (count by outcome) and `devices` (array of {id, outcome, reason})')
    .addHelpText('after', help)
    .action(async (ids: string[], flags: SyncFlags) => {
      if (ids.length > 0 === (flags.group !== undefined)) {
        throw new CommandFailure('name devices, or a group with --group; `pushfleet push sync --help` shows how');
      }
      using client = openClient(environment);
      const devices = await chooseDevices(client, ids, flags.group);
      const entries = await pushWithProgress(client, devices, flags.wait);
      if (flags.json) printJson({ outcomes: countOutcomes(entries), devices: entries });
      else print(renderOutcomes(entries, flags.wait, paintFor(process.stdout)));
      if (!entries.every((entry) => isReached(entry, flags.wait))) process.exitCode = 2;
    });
  return new Command('push').description('tell devices what to do').addCommand(sync);
}

async function chooseDevices(client: AdminClient, ids: string[], group: string | undefined): Promise<string[]> {
  if (ids.length > 0 === (group !== undefined)) {
    throw new CommandFailure('name devices, or a group with --group; `pushfleet push sync --help` shows how');
  }
  if (group === undefined) return [...new Set(ids)];
  const members = await listDevices(client, { group });
  if (members.length === 0) throw new CommandFailure(`group ${group} has no devices; there is nothing to push to`);
  return members.map(({ deviceId }) => deviceId);
}

async function pushWithProgress(client: AdminClient, ids: string[], wait: WaitName): Promise<PushEntry[]> {
  const progress = createProgress('Pushing', ids.length);
  try {
    return await pushSync(client, ids, { wait, onProgress: (answered) => progress.show(answered) });
  } finally {
    progress.clear();
  }
}

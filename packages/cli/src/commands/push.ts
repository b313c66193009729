import { Command } from 'commander';
import { deliveryHelp } from '../push/delivery-options.ts';
import { outcomesHelp, withPushOptions } from '../push/push-options.ts';
import { type PushFlags, runPush } from '../push/run-push.ts';
import type { CommandContext } from './context.ts';
import { pushCustomCommand } from './push-custom.ts';
import { pushStatisticsCommand } from './push-statistics.ts';
import { pushStopTaskCommand, pushTaskCommand } from './push-task.ts';

const syncExamples = `
Examples:
  $ pushfleet push sync demo-01 demo-02
  $ pushfleet push sync --group "HQ/Floor 2" --wait delivered
  $ pushfleet push sync --group HQ --ttl 7d                 # devices that are away get it on their return, once
  $ pushfleet push sync --group HQ --label ring=early --rate 200 --abort-failed 10
  $ pushfleet push sync --group HQ --json | jq .outcomes`;

export function pushCommand(context: CommandContext): Command {
  const push = new Command('push').description('tell devices what to do');
  for (const create of [syncCommand, pushTaskCommand, pushStopTaskCommand, pushStatisticsCommand, pushCustomCommand]) {
    push.addCommand(create(context));
  }
  return push;
}

function syncCommand(context: CommandContext): Command {
  const command = new Command('sync')
    .description('force devices to synchronize with the Administration Server now')
    .argument('[device...]', 'ids of devices')
    .option('--reason <text>', 'why, for the log of the devices', 'pushfleet push sync');
  return withPushOptions(command)
    .addHelpText('after', `${outcomesHelp}${deliveryHelp}\n${syncExamples}`)
    .action((ids: string[], { reason, ...flags }: PushFlags & { reason: string }) =>
      runPush(context, ids, flags, { forceSync: { reason } }),
    );
}

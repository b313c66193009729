import type { AdminClient } from '@pushfleet/admin-sdk';
import { type admin, type common, parseGroupPushId } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked, enumeration } from '../options/option-values.ts';
import { LiveLine } from '../outcomes/progress.ts';
import { paintFor, print, printJson } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import {
  groupPushJson,
  isAllOut,
  outcomeNames,
  parseOutcomeName,
  printDeviceOutcomes,
  renderGroupPush,
  renderGroupPushes,
  stateOf,
} from './render.ts';
import { type Change, changeGroupPush, groupProgress, showGroupPush, watchGroupPush } from './watch.ts';

const help = `
What \`pushfleet push … --group\` began. It goes on whatever becomes of the command and of the balancer; it is known for a
day after it has ended.

Examples:
  $ pushfleet group-pushes list
  $ pushfleet group-pushes watch <id>            # the progress, then the outcomes; Ctrl-C ends the watching only
  $ pushfleet group-pushes outcomes <id> --outcome failed --outcome not-connected
  $ pushfleet group-pushes cancel <id>`;

export function groupPushesCommand(context: CommandContext): Command {
  const group = new Command('group-pushes')
    .description('show, follow and stop what groups were told')
    .addHelpText('after', help);
  for (const create of [listCommand, getCommand, watchCommand, outcomesCommand]) group.addCommand(create(context));
  group.addCommand(changeCommand(context, 'pause', 'send no more commands until it is resumed'));
  group.addCommand(changeCommand(context, 'resume', 'go on with one that was paused'));
  group.addCommand(changeCommand(context, 'cancel', 'send no more, and withdraw what has not ended'));
  return group;
}

function listCommand({ environment }: CommandContext): Command {
  return new Command('list')
    .description('list them, the newest first')
    .option('--json', 'an array of {groupPushId, group, operation, state, outcomes, …}')
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const pushes = await client.groupPushes.list();
      if (json) return printJson(pushes.map(groupPushJson));
      print(
        pushes.length > 0
          ? renderGroupPushes(pushes, systemClock.wallMs(), paintFor(process.stdout))
          : 'There are none.',
      );
    });
}

function ofOne(name: string, description: string): Command {
  return new Command(name).description(description).argument('<id>', 'of the group push', checked(parseGroupPushId));
}

function getCommand({ environment }: CommandContext): Command {
  return ofOne('get', 'show how one goes')
    .option('--json', 'an object with `groupPushId`, `state`, `outcomes`, …')
    .action(async (id: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      show(await client.groupPushes.get(id), json);
    });
}

const watchHelp = `
Exit status: 0 if every device succeeded, 2 if not.`;

function watchCommand({ environment, stop }: CommandContext): Command {
  return ofOne('watch', 'follow one until every command has ended; Ctrl-C ends the watching only')
    .option('--json', 'an object with `state`, `outcomes` and `devices`, once it has ended')
    .addHelpText('after', watchHelp)
    .action(async (id: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      const last = await watchWithProgress(client, await client.groupPushes.get(id), stop());
      await showGroupPush(client, last, { wait: 'finished', json });
    });
}

async function watchWithProgress(
  client: AdminClient,
  push: admin.GroupPush,
  signal: AbortSignal,
): Promise<admin.GroupPush> {
  using line = new LiveLine();
  const onProgress = (now: admin.GroupPush) => line.show(groupProgress(now, 'finished'));
  return await watchGroupPush(client.groupPushes, push, { wait: 'finished', signal, onProgress });
}

function outcomesCommand({ environment }: CommandContext): Command {
  return ofOne('outcomes', 'list what has become of each device’s command')
    .addOption(
      enumeration(
        '--outcome <name>',
        'only devices that stand there; may be given several times',
        outcomeNames,
        collectOutcome,
      ),
    )
    .option('--json', 'one JSON object per line: {id, commandId, outcome, reason, atMs}')
    .action(async (id: string, { outcome = [], json }: { outcome?: common.Outcome[]; json?: true }) => {
      using client = openClient(environment);
      await printDeviceOutcomes(client.groupPushes.outcomes({ groupPushId: id, outcomes: outcome }), json === true);
    });
}

function changeCommand({ environment }: CommandContext, change: Change, description: string): Command {
  return ofOne(change, description)
    .option('--json', 'as `get`')
    .action(async (id: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      const now = await changeGroupPush(client.groupPushes, id, change);
      if (json) printJson(groupPushJson(now));
      else print(`${id}: ${stateOf(now)}${isAllOut(now) ? ', all commands are out' : ''}`);
    });
}

function collectOutcome(name: string, outcomes: common.Outcome[] = []): common.Outcome[] {
  const outcome = parseOutcomeName(name);
  if (!outcome) throw new InvalidArgumentError(`It must be one of ${outcomeNames.join(', ')}.`);
  return [...outcomes, outcome];
}

function show(push: admin.GroupPush, json: true | undefined): void {
  if (json) printJson(groupPushJson(push));
  else print(renderGroupPush(push));
}

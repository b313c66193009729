import { type admin, parseCommandId, parseDeviceId } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked } from '../options/option-values.ts';
import { isOver } from '../outcomes/outcomes.ts';
import { paintFor, print, printJson, printJsonLine } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { commandJson, describeStanding, outcomeOf, renderCommand, renderCommands } from './render.ts';

const help = `
A command with --ttl is known to every balancer, for a day after it has ended. A direct one is known to the balancer that
took it, while it is under way and for a moment after.

Examples:
  $ pushfleet commands list laptop-17            # what waits for it, in the order in which it is sent
  $ pushfleet commands list laptop-17 --ended    # and what has become of the last ones
  $ pushfleet commands watch laptop-17 <command-id>
  $ pushfleet commands cancel laptop-17 <command-id> --reason "not needed any more"`;

export function commandsCommand(context: CommandContext): Command {
  const group = new Command('commands')
    .description('show, follow and withdraw what devices were told')
    .addHelpText('after', help);
  for (const create of [listCommand, getCommand, watchCommand, cancelCommand]) group.addCommand(create(context));
  return group;
}

function listCommand({ environment }: CommandContext): Command {
  return new Command('list')
    .description('list the durable commands of a device that have not ended')
    .argument('<device>', 'its id', checked(parseDeviceId))
    .option('--ended', 'behind them those that have ended and are kept, the last one first')
    .option('--json', 'an array of {commandId, operation, outcome, …}')
    .action(async (deviceId: string, { ended, json }: { ended?: true; json?: true }) => {
      using client = openClient(environment);
      const commands = await client.commands.list(deviceId, { includeEnded: ended === true });
      if (json) return printJson(commands.map(commandJson));
      if (commands.length === 0) return print(ended ? 'None waits, and none that has ended is kept.' : 'None waits.');
      print(renderCommands(commands, systemClock.wallMs(), paintFor(process.stdout)));
    });
}

function ofOne(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<device>', 'its id', checked(parseDeviceId))
    .argument('<command>', 'the id of the command', checked(parseCommandId));
}

function getCommand({ environment }: CommandContext): Command {
  return ofOne('get', 'show where a command stands')
    .option('--json', 'an object with `commandId`, `operation`, `outcome`, `reason`, times, …')
    .action(async (deviceId: string, commandId: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      show(await client.commands.get({ deviceId, commandId }), json);
    });
}

const watchHelp = `
Exit status: 0 if it succeeded, 2 if it ended otherwise.`;

function watchCommand({ environment, stop }: CommandContext): Command {
  return ofOne('watch', 'follow a command until it has ended, with its progress; Ctrl-C ends the watching only')
    .option('--json', 'one JSON object per line, for each change')
    .addHelpText('after', watchHelp)
    .action(async (deviceId: string, commandId: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      const signal = stop();
      let last: admin.CommandRecord | undefined;
      try {
        for await (const now of client.commands.watch({ deviceId, commandId }, { signal })) {
          last = now;
          if (json) printJsonLine(commandJson(now));
          else print(describeStanding(now));
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      if (last && isOver(outcomeOf(last)) && outcomeOf(last) !== 'SUCCEEDED') process.exitCode = 2;
    });
}

const cancelHelp = `
One that waits is never sent. One that is on its way or with the device is followed by the wish to give it up; what
becomes of it is its outcome: \`pushfleet commands watch\` tells.`;

function cancelCommand({ environment }: CommandContext): Command {
  return ofOne('cancel', 'withdraw a command')
    .option('--reason <text>', 'why, for the log of the device', '')
    .option('--json', 'as `get`')
    .addHelpText('after', cancelHelp)
    .action(async (deviceId: string, commandId: string, { reason, json }: { reason: string; json?: true }) => {
      using client = openClient(environment);
      const command = await client.commands.cancel({ deviceId, commandId, reason });
      if (json) printJson(commandJson(command));
      else print(`${commandId}: ${describeStanding(command)}`);
    });
}

function show(command: admin.CommandRecord, json: true | undefined): void {
  if (json) printJson(commandJson(command));
  else print(renderCommand(command));
}

import { readProgramVersion } from '@pushfleet/runtime';
import { Command } from 'commander';
import { backupCommand, restoreCommand } from './backup/command.ts';
import { commandsCommand } from './commands/command.ts';
import { completionCommand } from './completion/command.ts';
import { knownIdsCommand } from './completion/known-ids.ts';
import { consoleCommand } from './console/command.ts';
import { demoFleetCommand, devCommand } from './dev/command.ts';
import { devicesCommand } from './devices/command.ts';
import { distributionPointsCommand } from './distribution-points/command.ts';
import { doctorCommand } from './doctor/command.ts';
import { eventsCommand } from './events/command.ts';
import { applyCommand } from './fleet-file/command.ts';
import { groupPushesCommand } from './group-pushes/command.ts';
import { groupsCommand } from './groups/command.ts';
import { loadtestCommand } from './loadtest/command.ts';
import { drainCommand, restartCommand, undrainCommand } from './maintenance/drain.ts';
import { rebalanceCommand } from './maintenance/rebalance.ts';
import { rollingRestartCommand } from './maintenance/rolling-restart.ts';
import { enrollCommand, revokeCommand } from './members/command.ts';
import { nodesCommand } from './nodes/command.ts';
import { commanderOutput } from './output/print.ts';
import { pushCommand } from './push/command.ts';
import { balancerCommand, initCommand, pushServerCommand } from './servers/command.ts';
import type { CommandContext } from './stop.ts';
import { tokensCommand } from './tokens/command.ts';
import { topCommand } from './top/command.ts';
import { tunnelCommand } from './tunnels/command.ts';

const help = `
The commands under "Administer" reach a cluster through PUSHFLEET_ADMIN_ADDRESS (default 127.0.0.1:13299),
PUSHFLEET_CA_FILE and PUSHFLEET_ADMIN_TOKEN_FILE; the two files default to those in .pushfleet of this directory.

Begin with:
  $ pushfleet dev             # a whole cluster on this machine, with 30 demo devices
  $ pushfleet push sync --group Demo   # in a second terminal, in the same directory`;

/** The one binary. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('pushfleet')
    .description('A clustered push gateway: live links to every managed device, commands over gRPC.')
    .version(readProgramVersion(), '-V, --version', 'the version of this program')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand(false)
    .showHelpAfterError('(--help explains)')
    .addHelpText('after', help);
  const add = (command: Command) => program.addCommand(command);
  program.commandsGroup('Run:');
  for (const create of [devCommand, initCommand, enrollCommand, revokeCommand, balancerCommand, pushServerCommand])
    add(create(context));
  program.commandsGroup('Administer:');
  for (const create of [pushCommand, commandsCommand, groupPushesCommand, topCommand, nodesCommand, applyCommand])
    add(create(context));
  for (const create of [groupsCommand, distributionPointsCommand, devicesCommand]) add(create(context));
  for (const create of [drainCommand, undrainCommand, restartCommand, rollingRestartCommand]) add(create(context));
  for (const create of [rebalanceCommand, eventsCommand, tokensCommand, consoleCommand, tunnelCommand])
    add(create(context));
  program.commandsGroup('Measure:');
  add(loadtestCommand(context));
  program.commandsGroup('This program:');
  for (const create of [doctorCommand, backupCommand, restoreCommand, completionCommand]) add(create(context));
  for (const create of [demoFleetCommand, knownIdsCommand]) program.addCommand(create(context), { hidden: true });
  return withOutput(program);
}

function withOutput(command: Command): Command {
  for (const each of command.commands) withOutput(each);
  return command.configureOutput(commanderOutput);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { applyCommand } from './commands/apply.ts';
import { balancerCommand } from './commands/balancer.ts';
import { commandsCommand } from './commands/commands.ts';
import type { CommandContext } from './commands/context.ts';
import { demoFleetCommand } from './commands/demo-fleet.ts';
import { devCommand } from './commands/dev.ts';
import { devicesCommand } from './commands/devices.ts';
import { distributionPointsCommand } from './commands/distribution-points.ts';
import { drainCommand, restartCommand, undrainCommand } from './commands/drain.ts';
import { eventsCommand } from './commands/events.ts';
import { groupPushesCommand } from './commands/group-pushes.ts';
import { groupsCommand } from './commands/groups.ts';
import { initCommand } from './commands/init.ts';
import { nodesCommand } from './commands/nodes.ts';
import { pushCommand } from './commands/push.ts';
import { pushServerCommand } from './commands/push-server.ts';
import { rebalanceCommand } from './commands/rebalance.ts';
import { rollingRestartCommand } from './commands/rolling-restart.ts';
import { tunnelCommand } from './commands/tunnel.ts';
import { commanderOutput } from './output/print.ts';

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
    .version(version(), '-V, --version', 'the version of this program')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand(false)
    .showHelpAfterError('(--help explains)')
    .addHelpText('after', help);
  const add = (command: Command) => program.addCommand(command);
  program.commandsGroup('Run:');
  for (const create of [devCommand, initCommand, balancerCommand, pushServerCommand]) add(create(context));
  program.commandsGroup('Administer:');
  for (const create of [pushCommand, commandsCommand, groupPushesCommand, nodesCommand, applyCommand])
    add(create(context));
  for (const create of [groupsCommand, distributionPointsCommand, devicesCommand]) add(create(context));
  for (const create of [drainCommand, undrainCommand, restartCommand, rollingRestartCommand]) add(create(context));
  for (const create of [rebalanceCommand, eventsCommand, tunnelCommand]) add(create(context));
  program.addCommand(demoFleetCommand(context), { hidden: true });
  return withOutput(program);
}

function withOutput(command: Command): Command {
  for (const each of command.commands) withOutput(each);
  return command.configureOutput(commanderOutput);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as object;
  return 'version' in manifest ? String(manifest.version) : 'unknown';
}

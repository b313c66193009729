import { parseGroupPath } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked, checkedEach } from '../options/option-values.ts';
import { count } from '../output/format.ts';
import { print, printJson } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';

const help = `
Groups are a tree: "HQ/Floor 2" is a subgroup of "HQ". Every device is in one group; distribution points serve groups
with their subgroups. Without a command, they are listed.

Examples:
  $ pushfleet groups put "HQ/Floor 2"
  $ pushfleet groups move "HQ/Floor 2" "Annex/Floor 1"
  $ pushfleet groups delete HQ`;

export function groupsCommand(context: CommandContext): Command {
  return new Command('groups')
    .description('list and change the tree of administration groups')
    .usage('[command] [options]')
    .helpCommand(false)
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(putCommand(context))
    .addCommand(moveCommand(context))
    .addCommand(deleteCommand(context))
    .addHelpText('after', help);
}

function listCommand({ environment }: CommandContext): Command {
  return new Command('list')
    .description('list all groups (default)')
    .option('--json', 'an array of paths')
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const paths = (await client.groups.list()).map(({ path }) => path);
      if (json) printJson(paths);
      else print(paths.length > 0 ? paths.map(visibleText).join('\n') : 'There are no groups.');
    });
}

function putCommand({ environment }: CommandContext): Command {
  return new Command('put')
    .description('create groups, and those above them, where they are missing')
    .argument('<path...>', 'names from the top, joined by "/"', checkedEach(parseGroupPath))
    .option('--json', 'an array of paths')
    .action(async (paths: string[], { json }: { json?: true }) => {
      using client = openClient(environment);
      for (const path of paths) await client.groups.put(path);
      if (json) printJson(paths);
      else print(`there now: ${paths.join(', ')}`);
    });
}

const moveHelp = `
Subgroups, devices and the scopes that name them go along. The new path must not be there yet. A move that was
interrupted is completed by the same command again.`;

function moveCommand({ environment }: CommandContext): Command {
  return new Command('move')
    .description('move a group with all below it to another path')
    .argument('<path>', 'where it is', checked(parseGroupPath))
    .argument('<new-path>', 'where it is to be', checked(parseGroupPath))
    .option('--json', 'an object {path, newPath, movedDevices}')
    .addHelpText('after', moveHelp)
    .action(async (path: string, newPath: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      const movedDevices = await client.groups.move({ path, newPath });
      if (json) printJson({ path, newPath, movedDevices });
      else print(`moved ${path} to ${newPath}, with ${count(movedDevices, 'device')}`);
    });
}

function deleteCommand({ environment }: CommandContext): Command {
  return new Command('delete')
    .description('delete a group that no subgroup, device or scope uses')
    .argument('<path>', 'the group', checked(parseGroupPath))
    .option('--json', 'an object {deleted}')
    .action(async (path: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      await client.groups.delete(path);
      if (json) printJson({ deleted: path });
      else print(`deleted ${path}`);
    });
}

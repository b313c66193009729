import type { DeviceFilter } from '@pushfleet/admin-sdk';
import { parseDeviceId, parseGroupPath, parseNodeId } from '@pushfleet/protocol';
import { Command, Option } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked, checkedEach, labelOption } from '../options/option-values.ts';
import { print, printJson } from '../output/print.ts';
import { loadDeviceSecret } from '../state/secrets.ts';
import type { CommandContext } from '../stop.ts';
import { enrollTokenCommand, enrollTokensCommand, revokeEnrollTokenCommand } from './enroll-token.ts';
import { importCommand } from './import.ts';
import { listDevices, renderDevices, toDeviceRow } from './render.ts';

const help = `
Without a command, they are listed; a device without a link is away: it has no live connection to any push server.

Examples:
  $ pushfleet devices
  $ pushfleet devices --group "HQ/Floor 2" --label os=linux
  $ pushfleet devices --search laptop --no-connected
  $ pushfleet devices --node dp-1 --link mqtt
  $ pushfleet devices --json | jq -r '.[] | select(.session == null) | .deviceId'
  $ pushfleet devices import -f devices.csv
  $ pushfleet devices move laptop-17 laptop-18 "HQ/Floor 3"
  $ pushfleet devices enroll-token --group "HQ/Floor 2" --count 30 --ttl 7d --out floor-2.token`;

export function devicesCommand(context: CommandContext): Command {
  return new Command('devices')
    .description('list and change the managed devices')
    .usage('[command] [options]')
    .helpCommand(false)
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(getCommand(context))
    .addCommand(putCommand(context))
    .addCommand(importCommand(context))
    .addCommand(moveCommand(context))
    .addCommand(deleteCommand(context))
    .addCommand(disconnectCommand(context))
    .addCommand(enrollTokenCommand(context))
    .addCommand(enrollTokensCommand(context))
    .addCommand(revokeEnrollTokenCommand(context))
    .addHelpText('after', help);
}

interface ListFlags {
  group?: string;
  subgroups: boolean;
  label?: Record<string, string>;
  search?: string;
  connected?: boolean;
  node?: string;
  link?: 'grpc' | 'mqtt';
  json?: true;
}

function listCommand({ environment }: CommandContext): Command {
  return new Command('list')
    .description('list devices, with their live links (default)')
    .option('-g, --group <path>', 'only devices of this group and its subgroups', checked(parseGroupPath))
    .option('--no-subgroups', 'only devices of the group itself')
    .addOption(labelOption('only devices with this label'))
    .option('--search <text>', 'only devices whose id has this in it')
    .option('--connected', 'only devices with a live link')
    .option('--no-connected', 'only devices that are away')
    .option('--node <id>', 'only devices with a live link to this push server', checked(parseNodeId))
    .addOption(new Option('--link <kind>', 'only devices with a live link of this kind').choices(['grpc', 'mqtt']))
    .option('--json', 'an array of {deviceId, group, labels, linkKinds, session}; session is null while it is away')
    .action(async ({ json, ...flags }: ListFlags) => {
      using client = openClient(environment);
      const filter = toFilter(flags);
      const devices = await listDevices(client, filter);
      if (json) printJson(devices);
      else print(devices.length > 0 ? renderDevices(devices) : describeNone(filter));
    });
}

/** Options that are absent are no conditions. */
function toFilter({ group, subgroups, label, search, connected, node, link }: Omit<ListFlags, 'json'>): DeviceFilter {
  const given = { group, labels: label, search, connected, nodeId: node, linkKind: link };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return { excludeSubgroups: !subgroups, ...(Object.fromEntries(present) as DeviceFilter) };
}

function describeNone({ group, labels, excludeSubgroups: _, ...wishes }: DeviceFilter): string {
  if (Object.keys(wishes).length > 0) return 'No device meets these conditions.';
  if (labels) return 'No device has these labels.';
  return group === undefined ? 'There are no devices.' : `No device is in ${group}.`;
}

function getCommand({ environment }: CommandContext): Command {
  return new Command('get')
    .description('show one device')
    .argument('<device>', 'its id', checked(parseDeviceId))
    .option('--json', 'an object {deviceId, group, labels, linkKinds, session}')
    .action(async (id: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      const device = toDeviceRow(await client.devices.get(id));
      if (json) printJson(device);
      else print(renderDevices([device]));
    });
}

/** Devices that one call moves, at most. */
const movedAtOnce = 1_000;

function moveCommand({ environment }: CommandContext): Command {
  return new Command('move')
    .description('put devices into another group')
    .argument('<device...>', 'ids of devices, and at the end the path of the group')
    .option('--json', 'an object {moved, group}')
    .addHelpText('after', '\nExample:\n  $ pushfleet devices move laptop-17 laptop-18 "HQ/Floor 3"')
    .action(async (words: string[], { json }: { json?: true }, command: Command) => {
      const [ids, group] = [words.slice(0, -1), words.at(-1) ?? ''];
      if (ids.length === 0) command.error('error: name one device at least, and the group that it moves to');
      using client = openClient(environment);
      for (let at = 0; at < ids.length; at += movedAtOnce) {
        await client.devices.move({ deviceIds: ids.slice(at, at + movedAtOnce), group });
      }
      if (json) printJson({ moved: ids.length, group });
      else print(`moved ${ids.join(', ')} to ${group}`);
    });
}

function deleteCommand({ environment }: CommandContext): Command {
  return new Command('delete')
    .description('forget devices: their links end, their tickets are void, commands that wait for them are cancelled')
    .argument('<device...>', 'ids of devices', checkedEach(parseDeviceId))
    .option('--json', 'an object {deleted}')
    .action(async (ids: string[], { json }: { json?: true }) => {
      using client = openClient(environment);
      for (const id of ids) await client.devices.delete(id);
      if (json) printJson({ deleted: ids });
      else print(`deleted ${ids.join(', ')}`);
    });
}

function disconnectCommand({ environment }: CommandContext): Command {
  return new Command('disconnect')
    .description('end the links of devices and make their tickets void: they come back only with their secrets')
    .argument('<device...>', 'ids of devices', checkedEach(parseDeviceId))
    .option('--json', 'an object {disconnected, away}: ids of those that had a link, and of those that had none')
    .addHelpText('after', '\nExample:\n  $ pushfleet devices disconnect laptop-17')
    .action(async (ids: string[], { json }: { json?: true }) => {
      using client = openClient(environment);
      const [disconnected, away]: [string[], string[]] = [[], []];
      for (const id of ids) ((await client.devices.disconnect(id)) ? disconnected : away).push(id);
      if (json) return printJson({ disconnected, away });
      if (disconnected.length > 0) print(`disconnected ${disconnected.join(', ')}`);
      if (away.length > 0) print(`not connected: ${away.join(', ')}; their earlier tickets are void`);
    });
}

const putHelp = `
What is not named is not kept: a device that is put without labels has none. Its secret stays, unless it gets another.

Examples:
  $ pushfleet devices put laptop-17 --group "HQ/Floor 2" --secret-file laptop-17.secret --make-secret
  $ pushfleet devices put laptop-17 --group "HQ/Floor 3" --label os=linux --label ring=early`;

interface PutFlags {
  group: string;
  label?: Record<string, string>;
  link?: ('grpc' | 'mqtt')[];
  secretFile?: string;
  makeSecret?: true;
  json?: true;
}

export function putCommand({ environment }: CommandContext): Command {
  return new Command('put')
    .description('create or replace a device')
    .argument('<device>', 'its id', checked(parseDeviceId))
    .requiredOption('-g, --group <path>', 'its group, which must exist', checked(parseGroupPath))
    .addOption(labelOption('a label'))
    .addOption(new Option('--link <kind...>', 'how it may be linked; default: both').choices(['grpc', 'mqtt']))
    .option('--secret-file <file>', 'its secret is in this file; without it, the device keeps the one that it has')
    .option('--make-secret', 'make the secret file if it is missing')
    .option('--json', 'an object {deviceId, group, labels, linkKinds, session}')
    .addHelpText('after', putHelp)
    .action(async (deviceId: string, { group, label, link, json, secretFile, makeSecret }: PutFlags) => {
      const secret =
        secretFile === undefined
          ? undefined
          : loadDeviceSecret(secretFile, { make: makeSecret ?? false, flag: '--make-secret' });
      using client = openClient(environment);
      const put = await client.devices.put({
        deviceId,
        group,
        ...(label ? { labels: label } : {}),
        ...(link ? { linkKinds: link } : {}),
        ...(secret === undefined ? {} : { secret }),
      });
      if (json) printJson(toDeviceRow(put));
      else print(renderDevices([toDeviceRow(put)]));
    });
}

import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { Command } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { count, formatAge } from '../output/age.ts';
import { print, printJson } from '../output/print.ts';
import { paintFor } from '../output/style.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

const help = `
A device without a link is away: it has no live connection to any push server.

Examples:
  $ pushfleet devices
  $ pushfleet devices --group "HQ/Floor 2"
  $ pushfleet devices --json | jq -r '.[] | select(.session == null) | .deviceId'`;

export function devicesCommand({ environment }: CommandContext): Command {
  return new Command('devices')
    .description('list the managed devices, with their live links')
    .option('-g, --group <path>', 'only devices of this group and its subgroups')
    .option('--json', 'an array of {deviceId, group, session}; session is null while the device is away')
    .addHelpText('after', help)
    .action(async ({ group, json }: { group?: string; json?: true }) => {
      using client = openClient(environment);
      const devices = await listDevices(client, group);
      if (json) printJson(devices);
      else printTable(devices, group);
    });
}

export type DeviceRow = ReturnType<typeof toRow>;

export async function listDevices(client: AdminClient, group?: string, signal?: AbortSignal): Promise<DeviceRow[]> {
  const filter = { ...(group === undefined ? {} : { group }), ...(signal ? { signal } : {}) };
  return Array.fromAsync(client.listDevices(filter), toRow);
}

function toRow({ deviceId, group, session }: admin.Device) {
  return { deviceId, group, session: session && toSession(session) };
}

function toSession({ nodeId, workerId, link, epoch, openedAtMs }: admin.Session) {
  return { nodeId, workerId, link, epoch, openedAtMs };
}

function printTable(devices: DeviceRow[], group: string | undefined): void {
  if (devices.length === 0) return print(group === undefined ? 'There are no devices.' : `No device is in ${group}.`);
  const connected = devices.filter(({ session }) => session).length;
  print(renderTable(columns, devices, paintFor(process.stdout)));
  print(`\n${count(devices.length, 'device')}, ${connected} connected`);
}

const away = '-';
const columns: Column<DeviceRow>[] = [
  { title: 'DEVICE', text: ({ deviceId }) => deviceId },
  { title: 'GROUP', text: ({ group }) => group },
  { title: 'LINK', text: ({ session }) => session?.link ?? away },
  { title: 'NODE', text: ({ session }) => (session ? `${session.nodeId} ${session.workerId}` : away) },
  {
    title: 'SINCE',
    text: ({ session }) => (session ? `${formatAge(Date.now() - session.openedAtMs)} ago` : away),
    style: ({ session }) => (session ? undefined : 'dim'),
  },
];

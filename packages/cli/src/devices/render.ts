import type { AdminClient, CallOptions, DeviceFilter } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { count, formatAge } from '../output/format.ts';
import { paintFor } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';

type DeviceRow = ReturnType<typeof toDeviceRow>;

export async function listDevices(
  client: AdminClient,
  filter: DeviceFilter = {},
  options: CallOptions = {},
): Promise<DeviceRow[]> {
  return Array.fromAsync(client.devices.list(filter, options), toDeviceRow);
}

export function toDeviceRow({ deviceId, group, labels, linkKinds, session }: admin.Device) {
  return { deviceId, group, labels, linkKinds: linkKinds.map(linkName), session: session && toSession(session) };
}

function toSession({ nodeId, workerId, link, epoch, openedAtMs }: admin.Session) {
  return { nodeId, workerId, link: linkName(link), epoch, openedAtMs };
}

/** `grpc` or `mqtt`. */
function linkName(kind: admin.LinkKind): string {
  return kind.replace('LINK_KIND_', '').toLowerCase();
}

/** The devices under titles, and how many there are. */
export function renderDevices(devices: readonly DeviceRow[]): string {
  const connected = devices.filter(({ session }) => session).length;
  const table = renderTable(columns, devices, paintFor(process.stdout));
  return `${table}\n\n${count(devices.length, 'device')}, ${connected} connected`;
}

const away = '-';
const columns: Column<DeviceRow>[] = [
  { title: 'DEVICE', text: ({ deviceId }) => deviceId },
  { title: 'GROUP', text: ({ group }) => group },
  { title: 'LINK', text: ({ session }) => session?.link ?? away },
  { title: 'NODE', text: ({ session }) => (session ? `${session.nodeId} ${session.workerId}` : away) },
  {
    title: 'SINCE',
    text: ({ session }) => (session ? `${formatAge(systemClock.wallMs() - session.openedAtMs)} ago` : away),
    style: ({ session }) => (session ? undefined : 'dim'),
  },
  { title: 'LABELS', text: ({ labels }) => renderLabels(labels) },
];

function renderLabels(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(' ');
}

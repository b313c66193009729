import { admin } from '@pushfleet/protocol/admin';
import { visibleText } from '@pushfleet/runtime';
import { formatTimeOfDay } from '../output/age.ts';

const prefix = 'EVENT_KIND_';

/** `device-moved` and the like: how kinds are written on the command line. */
export const kindNames: readonly string[] = Object.keys(admin.EventKind).slice(1).map(kindName);

function kindName(kind: string): string {
  return kind.slice(prefix.length).toLowerCase().replaceAll('_', '-');
}

export function parseKindName(name: string): admin.EventKind | undefined {
  return Object.values(admin.EventKind).find((kind) => kindName(kind) === name);
}

/** `12:30:05.120  device-moved  laptop-17  dp-2 w0  epoch …`, what there is of it. */
export function describeEvent({ kind, atMs, deviceId, nodeId, workerId, epoch, reason, tunnel }: admin.Event): string {
  const time = formatTimeOfDay(atMs);
  const place = [nodeId, workerId].filter((part) => part !== '').join(' ');
  const parts = [deviceId, place, epoch > 0 ? `epoch ${epoch}` : '', tunnelText(tunnel), reason].filter(
    (part) => part !== '',
  );
  return visibleText([time, kindName(kind).padEnd(longest), ...parts].join('  '));
}

const longest = Math.max(...kindNames.map(({ length }) => length));

/** Where it leads, and once it has ended what went through it. */
function tunnelText(tunnel: admin.TunnelRecord | null): string {
  if (!tunnel) return '';
  const { target, bytesToDevice, bytesFromDevice } = tunnel;
  const isUsed = bytesToDevice > 0 || bytesFromDevice > 0;
  return isUsed ? `${target} (${bytesToDevice} bytes to the device, ${bytesFromDevice} from it)` : target;
}

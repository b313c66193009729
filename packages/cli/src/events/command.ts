import type { EventFilter } from '@pushfleet/admin-sdk';
import { parseDeviceId } from '@pushfleet/protocol';
import { admin } from '@pushfleet/protocol/admin';
import { visibleText } from '@pushfleet/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked, enumeration, wholeNumber } from '../options/option-values.ts';
import { formatTimeOfDay } from '../output/format.ts';
import type { CommandContext } from '../stop.ts';
import { type ShowFlags, showEvents } from './show-events.ts';

const prefix = 'EVENT_KIND_';

/** `device-moved` and the like: how kinds are written on the command line. */
export const kindNames: readonly string[] = Object.keys(admin.EventKind).slice(1).map(kindName);

function kindName(kind: string): string {
  return kind.slice(prefix.length).toLowerCase().replaceAll('_', '-');
}

export function parseKindName(name: string): admin.EventKind | undefined {
  return Object.values(admin.EventKind).find((kind) => kindName(kind) === name);
}

const help = `
Times are in UTC. Goes on by itself when the balancer is away for a moment. Ctrl-C ends it; so does, with status 1, a
registry that has lost its data, and the events with it.

Examples:
  $ pushfleet events
  $ pushfleet events --kind node-suspect --kind node-dead
  $ pushfleet events --kind node-dead --count 1 && echo "a push server has died"`;

interface EventFlags extends ShowFlags {
  device?: string;
  kind?: admin.EventKind[];
}

export function eventsCommand({ environment, stop }: CommandContext): Command {
  return new Command('events')
    .description('show what happens in the cluster, as it happens')
    .option('-d, --device <id>', 'only events of this device', checked(parseDeviceId))
    .addOption(
      enumeration('-k, --kind <kind>', 'only events of this kind; may be given several times', kindNames, collectKind),
    )
    .option('--count <events>', 'end after so many', wholeNumber())
    .option('--json', 'one JSON object per line')
    .addHelpText('after', help)
    .action(async ({ device, kind, ...flags }: EventFlags) => {
      using client = openClient(environment);
      const filter: EventFilter = {
        ...(device === undefined ? {} : { deviceId: device }),
        ...(kind ? { kinds: kind } : {}),
      };
      await showEvents(stop, (signal) => client.events.watch(filter, { signal }), describeEvent, flags);
    });
}

function collectKind(name: string, kinds: admin.EventKind[] = []): admin.EventKind[] {
  const kind = parseKindName(name);
  if (!kind) throw new InvalidArgumentError(`It must be one of ${kindNames.join(', ')}.`);
  return [...kinds, kind];
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

/** The target of a tunnel, and once it has ended the bytes each way. */
function tunnelText(tunnel: admin.TunnelRecord | null): string {
  if (!tunnel) return '';
  const { target, bytesToDevice, bytesFromDevice } = tunnel;
  const isUsed = bytesToDevice > 0 || bytesFromDevice > 0;
  return isUsed ? `${target} (${bytesToDevice} bytes to the device, ${bytesFromDevice} from it)` : target;
}

import type { EventFilter } from '@pushfleet/admin-sdk';
import { type admin, parseDeviceId } from '@pushfleet/protocol';
import { Command, InvalidArgumentError } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { describeEvent, kindNames, parseKindName } from '../events/line.ts';
import { checked } from '../options/checked.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { print, printJsonLine } from '../output/print.ts';
import type { CommandContext } from './context.ts';

const help = `
Kinds: ${kindNames.slice(0, 4).join(', ')},
${kindNames.slice(4).join(', ')}.
Times are in UTC. Goes on by itself when the balancer is away for a moment. Ctrl-C ends it; so does, with status 1, a
registry that has lost its data, and the events with it.

Examples:
  $ pushfleet events
  $ pushfleet events --kind node-suspect --kind node-dead
  $ pushfleet events --kind node-dead --count 1 && echo "a push server has died"`;

interface EventFlags {
  device?: string;
  kind?: admin.EventKind[];
  count?: number;
  json?: true;
}

export function eventsCommand({ environment, stop }: CommandContext): Command {
  return new Command('events')
    .description('show what happens in the cluster, as it happens')
    .option('-d, --device <id>', 'only events of this device', checked(parseDeviceId))
    .option('-k, --kind <kind>', 'only events of this kind; may be given several times', collectKind)
    .option('--count <events>', 'end after so many', wholeNumber())
    .option('--json', 'one JSON object per line')
    .addHelpText('after', help)
    .action(async ({ device, kind, count = Number.POSITIVE_INFINITY, json }: EventFlags) => {
      using client = openClient(environment);
      const signal = stop();
      const filter: EventFilter = {
        ...(device === undefined ? {} : { deviceId: device }),
        ...(kind ? { kinds: kind } : {}),
      };
      let shown = 0;
      try {
        for await (const event of client.events.watch(filter, { signal })) {
          if (json) printJsonLine(event);
          else print(describeEvent(event));
          shown += 1;
          if (shown >= count) break;
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    });
}

function collectKind(name: string, kinds: admin.EventKind[] = []): admin.EventKind[] {
  const kind = parseKindName(name);
  if (!kind) throw new InvalidArgumentError(`It must be one of ${kindNames.join(', ')}.`);
  return [...kinds, kind];
}

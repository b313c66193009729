import type { WatchOptions } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { Command, InvalidArgumentError } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { describeEvent, kindNames, parseKindName } from '../events/line.ts';
import { print } from '../output/print.ts';
import type { CommandContext } from './context.ts';

const help = `
Kinds: ${kindNames.slice(0, 4).join(', ')},
${kindNames.slice(4).join(', ')}.
Times are in UTC. Goes on by itself when the balancer is away for a moment; Ctrl-C ends it.

Examples:
  $ pushfleet events
  $ pushfleet events --kind node-suspect --kind node-dead
  $ pushfleet events --kind registry-lost --json | while read -r _; do pushfleet apply -f fleet.yaml; done`;

interface EventFlags {
  device?: string;
  kind?: admin.EventKind[];
  json?: true;
}

export function eventsCommand({ environment, stop }: CommandContext): Command {
  return new Command('events')
    .description('show what happens in the cluster, as it happens')
    .option('-d, --device <id>', 'only events of this device')
    .option('-k, --kind <kind>', 'only events of this kind; may be given several times', collectKind)
    .option('--json', 'one JSON object per line')
    .addHelpText('after', help)
    .action(async ({ device, kind, json }: EventFlags) => {
      using client = openClient(environment);
      const signal = stop();
      const options: WatchOptions = {
        ...(device === undefined ? {} : { deviceId: device }),
        ...(kind ? { kinds: kind } : {}),
        signal,
      };
      try {
        for await (const event of client.watchEvents(options))
          print(json ? JSON.stringify(event) : describeEvent(event));
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

import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { print, printJson } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { listNodes, renderNodes } from './render.ts';

const help = `
Statuses: starting (also: not tried yet), ready, unreachable (devices or commands do not get through to it, or devices
would refuse its certificate: new devices go elsewhere), overloaded (more devices come than it can take: new ones go
elsewhere, or come later), draining (hands its devices over, or is kept empty), suspect
(silent for 5 s: gets no new devices), dead (silent for 15 s: its sessions are void), disabled (its settings say that it
is not to run), failed. A PROBLEM says what is wrong; it may be ready all the same, e.g. on its former port, or with less
capacity. The WEIGHT is shown where it is not 100: a push server of weight 200 gets twice the devices.

Examples:
  $ pushfleet nodes
  $ pushfleet nodes --json | jq '.[] | select(.status != "ready")'`;

export function nodesCommand({ environment }: CommandContext): Command {
  return new Command('nodes')
    .description('list the push servers, with their status and load')
    .option(
      '--json',
      'an array of {nodeId, status, problem, address, port, live, capacity, weight, acceptsPerSecond, workers}',
    )
    .addHelpText('after', help)
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const nodes = await listNodes(client);
      if (json) printJson(nodes);
      else print(nodes.length > 0 ? renderNodes(nodes) : 'No push server runs.');
    });
}

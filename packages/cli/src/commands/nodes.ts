import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { Command } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { print, printJson } from '../output/print.ts';
import { paintFor, type Style } from '../output/style.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

const help = `
Statuses: starting, ready, draining (hands its devices over), suspect (silent for 5 s: gets no new devices),
dead (silent for 15 s: its sessions are void).

Examples:
  $ pushfleet nodes
  $ pushfleet nodes --json | jq '.[] | select(.status != "ready")'`;

export function nodesCommand({ environment }: CommandContext): Command {
  return new Command('nodes')
    .description('list the push servers, with their status and load')
    .option('--json', 'an array of {nodeId, status, address, port, live, capacity, workers}')
    .addHelpText('after', help)
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const nodes = await listNodes(client);
      if (json) printJson(nodes);
      else print(nodes.length > 0 ? renderTable(columns, nodes, paintFor(process.stdout)) : 'No push server runs.');
    });
}

export type NodeRow = ReturnType<typeof toRow>;

export async function listNodes(client: AdminClient, options: { signal?: AbortSignal } = {}): Promise<NodeRow[]> {
  return (await client.listNodes(options)).map(toRow);
}

function toRow({ nodeId, status, address, port, live, capacity, workers }: admin.Node) {
  return {
    nodeId,
    status: status.slice('NODE_STATUS_'.length).toLowerCase(),
    address,
    port,
    live,
    capacity,
    workers: workers.map((worker) => ({
      workerId: worker.workerId,
      live: worker.live,
      capacity: worker.capacity,
      pid: worker.pid,
    })),
  };
}

const statusStyles: Record<string, Style> = { ready: 'green', starting: 'yellow', draining: 'yellow', suspect: 'red' };

const columns: Column<NodeRow>[] = [
  { title: 'NODE', text: ({ nodeId }) => nodeId },
  { title: 'STATUS', text: ({ status }) => status, style: ({ status }) => statusStyles[status] ?? 'red' },
  { title: 'ADDRESS', text: ({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}` },
  { title: 'LINKS', text: ({ live }) => String(live), align: 'right' },
  { title: 'CAPACITY', text: ({ capacity }) => String(capacity), align: 'right' },
  { title: 'LINKS BY WORKER', text: ({ workers }) => workers.map((w) => `${w.workerId}: ${w.live}`).join(', ') },
];

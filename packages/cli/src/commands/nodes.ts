import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { Command } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { problemName, statusName } from '../nodes/describe-status.ts';
import { print, printJson } from '../output/print.ts';
import { paintFor, type Style } from '../output/style.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

const help = `
Statuses: starting (also: not tried yet), ready, unreachable (devices or commands do not get through to it, or devices
would refuse its certificate: new devices go elsewhere), draining (hands its devices over, or is kept empty), suspect
(silent for 5 s: gets no new devices), dead (silent for 15 s: its sessions are void), disabled (its settings say that it
is not to run), failed. A PROBLEM says what is wrong; it may be ready all the same, e.g. on its former port, or with less
capacity. The WEIGHT is shown where it is not 100: a push server of weight 200 gets twice the devices.

Examples:
  $ pushfleet nodes
  $ pushfleet nodes --json | jq '.[] | select(.status != "ready")'`;

export function nodesCommand({ environment }: CommandContext): Command {
  return new Command('nodes')
    .description('list the push servers, with their status and load')
    .option('--json', 'an array of {nodeId, status, problem, address, port, live, capacity, weight, workers}')
    .addHelpText('after', help)
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const nodes = await listNodes(client);
      if (json) printJson(nodes);
      else
        print(
          nodes.length > 0 ? renderTable(columnsFor(nodes), nodes, paintFor(process.stdout)) : 'No push server runs.',
        );
    });
}

export type NodeRow = ReturnType<typeof toRow>;

export async function listNodes(client: AdminClient, options: { signal?: AbortSignal } = {}): Promise<NodeRow[]> {
  return (await client.nodes.list(options)).map(toRow);
}

function toRow(node: admin.Node) {
  const { nodeId, address, port, live, capacity, weight, workers } = node;
  return {
    nodeId,
    status: statusName(node),
    problem: problemOf(node),
    address,
    port,
    live,
    capacity,
    weight,
    workers: workers.map((worker) => ({
      workerId: worker.workerId,
      live: worker.live,
      capacity: worker.capacity,
      pid: worker.pid,
    })),
  };
}

/** In words; null: none. */
function problemOf(node: admin.Node): string | null {
  const name = problemName(node);
  return name === null || node.problemDetail === '' ? name : `${name}: ${node.problemDetail}`;
}

/** Columns that say something about at least one of them. */
function columnsFor(nodes: readonly NodeRow[]): Column<NodeRow>[] {
  return [
    ...columns,
    ...(nodes.some(({ weight }) => weight !== usualWeight) ? [weightColumn] : []),
    ...(nodes.some(({ problem }) => problem !== null) ? [problemColumn] : []),
  ];
}

const usualWeight = 100;
const statusStyles: Record<string, Style> = {
  ready: 'green',
  starting: 'yellow',
  draining: 'yellow',
  disabled: 'dim',
};

const columns: Column<NodeRow>[] = [
  { title: 'NODE', text: ({ nodeId }) => nodeId },
  { title: 'STATUS', text: ({ status }) => status, style: ({ status }) => statusStyles[status] ?? 'red' },
  { title: 'ADDRESS', text: ({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}` },
  { title: 'LINKS', text: ({ live }) => String(live), align: 'right' },
  { title: 'CAPACITY', text: ({ capacity }) => String(capacity), align: 'right' },
  { title: 'LINKS BY WORKER', text: ({ workers }) => workers.map((w) => `${w.workerId}: ${w.live}`).join(', ') },
];
const weightColumn: Column<NodeRow> = { title: 'WEIGHT', text: ({ weight }) => String(weight), align: 'right' };
const problemColumn: Column<NodeRow> = { title: 'PROBLEM', text: ({ problem }) => problem ?? '', style: () => 'red' };

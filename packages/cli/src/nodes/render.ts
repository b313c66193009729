import type { AdminClient, CallOptions } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { paintFor, type Style } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';

/** `certificate expired`; null: it has none. A newer balancer may know of ones that this program has no word for. */
export function problemName({ problem }: Pick<admin.Node, 'problem'>): string | null {
  if (problem === 'NODE_PROBLEM_UNSPECIFIED') return null;
  return wordsOf(problem, 'NODE_PROBLEM_');
}

/** `ready`, `unreachable`, … */
export function statusName({ status }: Pick<admin.Node, 'status'>): string {
  return wordsOf(status, 'NODE_STATUS_');
}

/** In words, with what is wrong: `unreachable, certificate expired: its certificate …`. */
export function describeStatus(node: admin.Node | undefined): string {
  if (!node) return 'it is not listed any more';
  const problem = problemName(node);
  const detail = node.problemDetail === '' ? '' : `: ${node.problemDetail}`;
  return problem === null ? statusName(node) : `${statusName(node)}, ${problem}${detail}`;
}

/** The value of an enum in words; a newer balancer may know of ones that this program has no word for. */
export function wordsOf(name: string | number, prefix: string): string {
  return typeof name === 'string' ? name.slice(prefix.length).toLowerCase().replaceAll('_', ' ') : `unknown (${name})`;
}

type NodeRow = ReturnType<typeof toRow>;

export async function listNodes(client: AdminClient, options: CallOptions = {}): Promise<NodeRow[]> {
  return (await client.nodes.list(options)).map(toRow);
}

function toRow(node: admin.Node) {
  const { nodeId, address, port, live, capacity, weight, acceptsPerSecond, workers } = node;
  return {
    nodeId,
    status: statusName(node),
    problem: problemOf(node),
    address,
    port,
    live,
    capacity,
    weight,
    acceptsPerSecond,
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

export function renderNodes(nodes: readonly NodeRow[]): string {
  return renderTable(columnsFor(nodes), nodes, paintFor(process.stdout));
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
  overloaded: 'yellow',
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

import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { problemName, statusName } from '../nodes/render.ts';
import { paintFor, type Style } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';

/** How the address check is written on the command line and in fleet files; `default`: as balancers are set. */
export const addressChecks = {
  default: 'ADDRESS_CHECK_UNSPECIFIED',
  on: 'ADDRESS_CHECK_ON',
  warn: 'ADDRESS_CHECK_WARN',
  off: 'ADDRESS_CHECK_OFF',
} as const satisfies Record<string, admin.AddressCheck>;

export type PointRow = ReturnType<typeof toPointRow>;

/** A distribution point with its settings, and the status that its push server reports. */
export function toPointRow(point: admin.DistributionPoint, node: admin.Node | undefined) {
  const {
    enabled = false,
    port = 0,
    address = '',
    maxConnections = 0,
    weight = 0,
    addressCheck,
  } = point.pushServer ?? {};
  return {
    distributionPointId: point.distributionPointId,
    groups: point.groups,
    pushServer: { enabled, port, address, maxConnections, weight, addressCheck: addressCheckName(addressCheck) },
    node: node ? toNode(node) : null,
  };
}

function addressCheckName(check: admin.AddressCheck | undefined): string {
  return Object.entries(addressChecks).find(([, wire]) => wire === check)?.[0] ?? 'default';
}

function toNode(node: admin.Node) {
  const { problemDetail, address, port, live, capacity } = node;
  return { status: statusName(node), problem: problemName(node), problemDetail, address, port, live, capacity };
}

export async function listPoints(client: AdminClient): Promise<PointRow[]> {
  const [points, nodes] = await Promise.all([client.distributionPoints.list(), client.nodes.list()]);
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  return points.map((point) => toPointRow(point, byId.get(point.distributionPointId)));
}

export function renderPoints(points: readonly PointRow[]): string {
  const problems = points.flatMap(({ distributionPointId, node }) =>
    node?.problem
      ? [visibleText(`${distributionPointId}: ${node.problem}${node.problemDetail && `: ${node.problemDetail}`}`)]
      : [],
  );
  return [renderTable(columns, points, paintFor(process.stdout)), ...problems].join('\n');
}

const columns: Column<PointRow>[] = [
  { title: 'POINT', text: ({ distributionPointId }) => distributionPointId },
  { title: 'RUN', text: ({ pushServer }) => (pushServer.enabled ? 'yes' : 'no') },
  { title: 'STATUS', text: statusText, style: statusStyle },
  {
    title: 'ADDRESS',
    text: ({ pushServer: { address, port } }) => (address ? formatAddress(address, port) : `:${port}`),
  },
  { title: 'LINKS', text: ({ node }) => String(node?.live ?? 0), align: 'right' },
  { title: 'MAX', text: ({ pushServer }) => String(pushServer.maxConnections), align: 'right' },
  { title: 'WEIGHT', text: ({ pushServer }) => String(pushServer.weight), align: 'right' },
  { title: 'SCOPE', text: ({ groups }) => groups.join(', ') },
];

function statusText({ node }: PointRow): string {
  if (!node) return 'not running';
  return node.problem ? `${node.status} (${node.problem})` : node.status;
}

function statusStyle({ node, pushServer }: PointRow): Style | undefined {
  if (node?.problem) return 'red';
  if (node?.status === 'ready') return 'green';
  return pushServer.enabled ? 'yellow' : 'dim';
}

function formatAddress(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

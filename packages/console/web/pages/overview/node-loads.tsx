import type { NodeLoad } from '../../api/messages.ts';
import { formatEnum, formatInteger, formatPercent } from '../../app/format.ts';
import { nodeWords } from '../../app/node-words.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { LoadBar } from '../../components/load-bar.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';

const fullShare = 0.9;

const columns: readonly DataColumn<NodeLoad>[] = [
  { id: 'node', label: 'Push server', render: ({ nodeId }) => <strong>{nodeId}</strong> },
  { id: 'status', label: 'Status', render: (node) => <NodeStatusBadges node={node} /> },
  { id: 'load', label: 'Load', render: (node) => <NodeLoadBar node={node} /> },
  { id: 'live', label: 'Links', isNumber: true, isSecondary: true, render: ({ live }) => formatInteger(live) },
  {
    ...{ id: 'capacity', label: 'Capacity', isNumber: true, isSecondary: true },
    render: ({ capacity }) => formatInteger(capacity),
  },
];

/** The load of each push server, beside one another. */
export function NodeLoads({ nodes }: { nodes: readonly NodeLoad[] }) {
  return (
    <DataTable
      label="Push servers"
      columns={columns}
      items={nodes}
      idOf={({ nodeId }) => nodeId}
      hrefOf={({ distributionPointId }) => `/distribution-points/${encodeURIComponent(distributionPointId)}`}
      empty="No push server runs yet. Open a distribution point and enable one."
    />
  );
}

function NodeLoadBar({ node: { nodeId, live, capacity } }: { node: NodeLoad }) {
  const share = capacity === 0 ? 0 : live / capacity;
  return (
    <div className="node-load">
      <LoadBar label={`Load of ${nodeId}`} value={live} max={capacity} tone={share > fullShare ? 'warn' : 'accent'}>
        {formatPercent(share)}
      </LoadBar>
    </div>
  );
}

/** Conditions that say the same as the status are left out. */
function NodeStatusBadges({ node }: { node: NodeLoad }) {
  const { label, tone } = nodeWords({ status: node.status, problem: 'NODE_PROBLEM_UNSPECIFIED' }, true);
  const further = node.conditions.map((one) => formatEnum(one, 'NODE_CONDITION')).filter((one) => one !== label);
  return (
    <span className="row">
      <StatusBadge tone={tone}>{label}</StatusBadge>
      {further.map((one) => (
        <StatusBadge key={one} tone="warn">
          {one}
        </StatusBadge>
      ))}
    </span>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { maintenanceQuery, nodesQuery } from '../../api/fleet.ts';
import type { Node } from '../../api/messages.ts';
import { formatInteger } from '../../app/format.ts';
import { nodeWords } from '../../app/node-words.ts';
import { useMay } from '../../app/session.tsx';
import { Button, ButtonLink } from '../../components/button.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { ProgressBar } from '../../components/load-bar.tsx';
import { Page } from '../../components/page.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { MaintenanceProgress, PhaseBadge } from './maintenance-card.tsx';
import { type RollingRestart as Rolling, useRollingRestart } from './use-rolling-restart.ts';

const parent = { to: '/distribution-points', label: 'Distribution points' };

/** Those first to which balancers do not get through; a restart may help them. */
const restartable: readonly Node['status'][] = [
  'NODE_STATUS_UNREACHABLE',
  'NODE_STATUS_READY',
  'NODE_STATUS_OVERLOADED',
];

/** All push servers, restarted one after the other. */
export function RollingRestart() {
  const { data: nodes = [] } = useQuery(nodesQuery);
  const rolling = useRollingRestart();
  const isAdmin = useMay('ROLE_ADMIN');
  const [chosen, setChosen] = useState<readonly Node[]>();
  const listed = chosen ?? nodes.filter(({ status }) => restartable.includes(status)).toSorted(byStatus);
  const isUnderWay = rolling.state === 'running' || rolling.state === 'stopping';
  const start = () => {
    setChosen(listed);
    rolling.start(listed.map(({ nodeId }) => nodeId));
  };
  const action = isUnderWay ? (
    <Button kind="danger" onPress={rolling.stop} isDisabled={rolling.state === 'stopping'}>
      Stop after this one
    </Button>
  ) : (
    <Button kind="primary" onPress={start} isDisabled={listed.length < 2}>
      Start rolling restart
    </Button>
  );
  return (
    <Page title="Rolling restart" parent={parent} actions={isAdmin && action}>
      <p>
        Each push server in turn tells its devices where to go, restarts and is ready again; only then comes the next
        one. Devices stay reachable throughout. Keep this page open: without it, the restart that is under way ends
        well, and those after it do not begin.
      </p>
      {listed.length < 2 && (
        <p className="message message-warn">It needs two push servers at least that take devices.</p>
      )}
      {rolling.error !== undefined && <ErrorMessage error={rolling.error} />}
      <Progress rolling={rolling} total={listed.length} />
      <DataTable
        label="Push servers in their order"
        columns={columnsOf(rolling, isUnderWay ? listed[rolling.restarted.length]?.nodeId : undefined, nodes)}
        items={listed}
        idOf={({ nodeId }) => nodeId}
        empty="No push server takes devices."
      />
      {rolling.state === 'done' && (
        <p className="row">
          The last ones came back empty. <ButtonLink href="/rebalance">Even out the load</ButtonLink>
        </p>
      )}
    </Page>
  );
}

function Progress({ rolling: { state, restarted }, total }: { rolling: Rolling; total: number }) {
  if (state === 'idle' && restarted.length === 0) return null;
  return (
    <ProgressBar
      label="Push servers restarted"
      value={restarted.length}
      max={total}
      tone={state === 'done' ? 'good' : state === 'failed' ? 'bad' : 'accent'}
    >
      {`${formatInteger(restarted.length)} of ${formatInteger(total)} restarted`}
    </ProgressBar>
  );
}

function columnsOf(rolling: Rolling, current: string | undefined, nodes: readonly Node[]): DataColumn<Node>[] {
  const now = (listed: Node) => nodes.find(({ nodeId }) => nodeId === listed.nodeId) ?? listed;
  return [
    { id: 'node', label: 'Push server', render: ({ nodeId }) => <strong>{nodeId}</strong> },
    {
      ...{ id: 'status', label: 'Status' },
      render: (node) => {
        const { label, tone } = nodeWords(now(node), true);
        return <StatusBadge tone={tone}>{label}</StatusBadge>;
      },
    },
    { id: 'links', label: 'Links', isNumber: true, render: (node) => formatInteger(now(node).live) },
    {
      ...{ id: 'progress', label: 'Restart' },
      render: ({ nodeId }) => {
        if (rolling.restarted.includes(nodeId)) return <StatusBadge tone="good">Restarted</StatusBadge>;
        return nodeId === current ? <Current nodeId={nodeId} /> : <span className="soft">–</span>;
      },
    },
  ];
}

function Current({ nodeId }: { nodeId: string }) {
  const { data: maintenance } = useQuery(maintenanceQuery(nodeId));
  if (!maintenance || maintenance.endedAt) return <StatusBadge tone="busy">Requested</StatusBadge>;
  return (
    <div className="stack">
      <PhaseBadge maintenance={maintenance} />
      <MaintenanceProgress maintenance={maintenance} />
    </div>
  );
}

function byStatus(one: Node, other: Node): number {
  return restartable.indexOf(one.status) - restartable.indexOf(other.status);
}

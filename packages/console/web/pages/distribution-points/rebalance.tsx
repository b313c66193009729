import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { rebalanceQuery } from '../../api/fleet.ts';
import type { PlanRebalanceResponse, Rebalance as RebalanceMessage, RebalanceMove } from '../../api/messages.ts';
import { formatDecimal, formatEnum, formatInteger } from '../../app/format.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { ProgressBar } from '../../components/load-bar.tsx';
import { Loading } from '../../components/loading.tsx';
import { notifyError } from '../../components/notices.tsx';
import { Card, Page } from '../../components/page.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { RelativeTime } from '../../components/time.tsx';

const parent = { to: '/distribution-points', label: 'Distribution points' };
const idOf = ({ fromNodeId, toNodeId }: RebalanceMove) => `${fromNodeId} ${toNodeId}`;

const planColumns: readonly DataColumn<RebalanceMove>[] = [
  { id: 'from', label: 'From', render: ({ fromNodeId }) => fromNodeId },
  { id: 'to', label: 'To', render: ({ toNodeId }) => toNodeId },
  { id: 'devices', label: 'Devices', isNumber: true, render: ({ devices }) => formatInteger(devices) },
];

const moveColumns: readonly DataColumn<RebalanceMove>[] = [
  ...planColumns.slice(0, 2),
  {
    ...{ id: 'progress', label: 'Moved' },
    render: (move) => (
      <ProgressBar
        label={`Moves from ${move.fromNodeId} to ${move.toNodeId}`}
        value={move.redirected}
        max={move.devices}
      >
        {`${formatInteger(move.redirected)} / ${formatInteger(move.devices)}`}
      </ProgressBar>
    ),
  },
];

/** Evening out the load: what it would do, and how the last one goes. */
export function Rebalance() {
  const queries = useQueryClient();
  const isAdmin = useMay('ROLE_ADMIN');
  const last = useQuery(rebalanceQuery);
  const isRunning = last.data?.rebalance?.state === 'REBALANCE_STATE_RUNNING';
  const plan = useQuery({
    queryKey: ['rebalance', 'plan'],
    queryFn: () => client.get<PlanRebalanceResponse>('/v1/rebalance/plan'),
    refetchInterval: 5_000,
  });
  const order = useMutation({
    mutationFn: (verb: 'start' | 'abort') =>
      client.request('POST', verb === 'start' ? '/v1/rebalance' : '/v1/rebalance/abort'),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['rebalance'] }),
  });
  const action = isRunning ? (
    <Button kind="danger" onPress={() => order.mutate('abort')} isDisabled={order.isPending}>
      Abort
    </Button>
  ) : (
    <Button
      kind="primary"
      onPress={() => order.mutate('start')}
      isDisabled={order.isPending || (plan.data?.moves.length ?? 0) === 0}
    >
      Start rebalance
    </Button>
  );
  return (
    <Page title="Rebalance" parent={parent} actions={isAdmin && action}>
      {plan.error && <ErrorMessage error={plan.error} />}
      {plan.isPending && <Loading />}
      {plan.data && !isRunning && <Plan plan={plan.data} />}
      {last.data?.rebalance && <Last rebalance={last.data.rebalance} />}
    </Page>
  );
}

function Plan({ plan: { moves, largestToMean } }: { plan: PlanRebalanceResponse }) {
  const devices = moves.reduce((sum, move) => sum + move.devices, 0);
  return (
    <Card title="Preview">
      <p>
        The fullest push server has {formatDecimal(largestToMean)} times the mean load.{' '}
        {devices === 0 ? 'It is even: there is nothing to move.' : `${formatInteger(devices)} devices would move.`}
      </p>
      {moves.length > 0 && (
        <DataTable label="Planned moves" columns={planColumns} items={moves} idOf={idOf} empty="None" />
      )}
    </Card>
  );
}

const stateTones = {
  REBALANCE_STATE_UNSPECIFIED: 'none',
  REBALANCE_STATE_RUNNING: 'busy',
  REBALANCE_STATE_DONE: 'good',
  REBALANCE_STATE_ABORTED: 'warn',
} as const;

function Last({ rebalance: { state, moves, cause, startedAt } }: { rebalance: RebalanceMessage }) {
  return (
    <Card
      title={state === 'REBALANCE_STATE_RUNNING' ? 'Under way' : 'Last rebalance'}
      actions={<StatusBadge tone={stateTones[state]}>{formatEnum(state, 'REBALANCE_STATE')}</StatusBadge>}
    >
      <p className="soft">
        {formatEnum(cause, 'REBALANCE_CAUSE')}
        {startedAt && (
          <>
            , <RelativeTime at={startedAt} />
          </>
        )}
      </p>
      <DataTable label="Moves" columns={moveColumns} items={moves} idOf={idOf} empty="Nothing was to be moved." />
    </Card>
  );
}

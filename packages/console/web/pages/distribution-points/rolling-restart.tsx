import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { rollingRestartQuery } from '../../api/fleet.ts';
import type {
  GetRollingRestartResponse,
  PlanRollingRestartResponse,
  RollingRestart as RollingRestartMessage,
  RollingRestartStep,
} from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { formatInteger } from '../../app/format.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Loading } from '../../components/loading.tsx';
import { notifyError } from '../../components/notices.tsx';
import { Card, Page } from '../../components/page.tsx';
import { TimeSpan } from '../../components/time.tsx';
import {
  isUnderWay,
  RollingRestartBadge,
  RollingRestartBar,
  StepBadge,
  StepProgress,
} from './rolling-restart-progress.tsx';

const parent = { to: '/distribution-points', label: 'Distribution points' };
const path = '/v1/rolling-restart';
const idOf = ({ nodeId }: RollingRestartStep) => nodeId;
/** Restarting one alone is a matter of its own page. */
const leastPushServers = 2;

const nodeColumn: DataColumn<RollingRestartStep> = {
  ...{ id: 'node', label: 'Push server' },
  render: ({ nodeId }) => <strong>{nodeId}</strong>,
};
const planColumns: readonly DataColumn<RollingRestartStep>[] = [
  nodeColumn,
  { id: 'devices', label: 'Devices that leave', isNumber: true, render: ({ devices }) => formatInteger(devices) },
  { id: 'room', label: 'Room elsewhere', isNumber: true, render: ({ room }) => formatInteger(room) },
  { id: 'note', label: 'Note', render: ({ reason }) => (reason === '' ? '–' : `Left out: ${reason}`) },
];
const stepColumns: readonly DataColumn<RollingRestartStep>[] = [
  nodeColumn,
  { id: 'state', label: 'State', render: (step) => <StepBadge step={step} /> },
  { id: 'progress', label: 'Devices', render: (step) => <StepProgress step={step} /> },
];

/** All push servers, restarted one after the other: what that would do, and how the last one goes, whoever has started it. */
export function RollingRestart() {
  const last = useQuery(rollingRestartQuery);
  const rolling = last.data?.rollingRestart;
  const isRunning = rolling !== undefined && isUnderWay(rolling);
  const plan = useQuery({
    queryKey: ['rolling-restart', 'plan'],
    queryFn: () => client.get<PlanRollingRestartResponse>(`${path}/plan`),
    refetchInterval: 5_000,
    enabled: last.data !== undefined && !isRunning,
  });
  const isAdmin = useMay('ROLE_ADMIN');
  const actions = isAdmin && (isRunning ? <RunningActions rolling={rolling} /> : <StartAction plan={plan.data} />);
  return (
    <Page title="Rolling restart" parent={parent} actions={actions}>
      <p>
        Each push server in turn tells its devices where to go, restarts and is ready again; only then comes the next
        one. Devices stay reachable throughout, and at the end the load is evened out. It goes on when this page is
        closed.
      </p>
      {last.error && <ErrorMessage error={last.error} />}
      {!isRunning && plan.error && <ErrorMessage error={plan.error} />}
      {last.isPending && <Loading />}
      {rolling && isRunning && <Progress rolling={rolling} />}
      {!isRunning && plan.data && <Plan plan={plan.data} />}
      {rolling && !isRunning && <Progress rolling={rolling} />}
    </Page>
  );
}

function StartAction({ plan }: { plan: PlanRollingRestartResponse | undefined }) {
  const queries = useQueryClient();
  const address = useAddress();
  const hasObstacle = plan !== undefined && plan.obstacle !== '';
  const isTooFew = (plan?.steps.filter(willRestart).length ?? 0) < leastPushServers;
  const begin = (ignoreCapacity: boolean) => client.request('POST', path, { body: { ignoreCapacity } });
  const look = () => queries.invalidateQueries({ queryKey: ['rolling-restart'] });
  const start = useMutation({ mutationFn: () => begin(false), onError: notifyError, onSettled: look });
  return (
    <>
      <Button
        kind={hasObstacle ? 'danger' : 'primary'}
        onPress={() => (hasObstacle ? address.change({ dialog: 'ignore' }, 'push') : start.mutate())}
        isDisabled={start.isPending || isTooFew}
      >
        Start rolling restart
      </Button>
      {hasObstacle && !isTooFew && address.get('dialog') === 'ignore' && (
        <ConfirmDialog
          title="Devices will be disconnected"
          verb="Start nevertheless"
          isDangerous
          onConfirm={async () => {
            await begin(true);
            void look();
          }}
          onClose={() => address.change({ dialog: '' })}
        >
          {`${plan.obstacle}. Devices without another push server are connected again when theirs is ready.`}
        </ConfirmDialog>
      )}
    </>
  );
}

function RunningActions({ rolling: { state } }: { rolling: RollingRestartMessage }) {
  const queries = useQueryClient();
  const address = useAddress();
  const keep = (now: GetRollingRestartResponse) => queries.setQueryData(rollingRestartQuery.queryKey, now);
  const ask = (verb: string) => client.request<GetRollingRestartResponse>('POST', `${path}/${verb}`);
  const order = useMutation({ mutationFn: ask, onSuccess: keep, onError: notifyError });
  const isCancelling = state === 'ROLLING_RESTART_STATE_CANCELLING';
  const isPaused = state === 'ROLLING_RESTART_STATE_PAUSED';
  return (
    <>
      <Button isDisabled={order.isPending || isCancelling} onPress={() => order.mutate(isPaused ? 'resume' : 'pause')}>
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <Button kind="danger" isDisabled={isCancelling} onPress={() => address.change({ dialog: 'cancel' }, 'push')}>
        Cancel
      </Button>
      {address.get('dialog') === 'cancel' && (
        <ConfirmDialog
          title="Cancel this rolling restart"
          verb="Cancel rolling restart"
          isDangerous
          onConfirm={async () => {
            keep(await ask('cancel'));
          }}
          onClose={() => address.change({ dialog: '' })}
        >
          The push server whose turn it is goes on until it is ready; those after it are left alone.
        </ConfirmDialog>
      )}
    </>
  );
}

function Plan({ plan: { steps, obstacle } }: { plan: PlanRollingRestartResponse }) {
  return (
    <Card title="Preview">
      {obstacle !== '' && <p className="message message-warn">{obstacle}</p>}
      <DataTable
        label="Push servers in their order"
        columns={steps.some(({ reason }) => reason !== '') ? planColumns : planColumns.slice(0, -1)}
        items={steps}
        idOf={idOf}
        empty="No push server takes devices."
      />
    </Card>
  );
}

function Progress({ rolling }: { rolling: RollingRestartMessage }) {
  const { reason, steps, startedAt, endedAt } = rolling;
  return (
    <Card
      title={isUnderWay(rolling) ? 'Under way' : 'Last rolling restart'}
      actions={<RollingRestartBadge rolling={rolling} />}
    >
      <RollingRestartBar rolling={rolling} />
      {reason !== '' && <p className="message message-bad">{reason}</p>}
      <DataTable label="Push servers" columns={stepColumns} items={steps} idOf={idOf} empty="None" />
      <TimeSpan startedAt={startedAt} endedAt={endedAt} />
    </Card>
  );
}

function willRestart({ state }: RollingRestartStep): boolean {
  return state === 'ROLLING_RESTART_STEP_STATE_WAITING';
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { client } from '../../api/client.ts';
import { isMaintained, maintenanceQuery, nodePath, nodesQuery, pointQuery } from '../../api/fleet.ts';
import type { Node, DistributionPoint as Point, Worker } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { formatInteger } from '../../app/format.ts';
import { problemText } from '../../app/node-words.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { LoadBar } from '../../components/load-bar.tsx';
import { Loading } from '../../components/loading.tsx';
import { notifyError } from '../../components/notices.tsx';
import { Card, Facts, Page } from '../../components/page.tsx';
import { LiveStatus } from '../../components/status-badge.tsx';
import { Tags } from '../../components/tags.tsx';
import { Observed, wantedText } from './distribution-points.tsx';
import { MaintenanceCard } from './maintenance-card.tsx';
import { MaintenanceDialog } from './maintenance-dialog.tsx';
import { PropertiesDialog } from './properties-dialog.tsx';

const parent = { to: '/distribution-points', label: 'Distribution points' };

/** One distribution point and its push server. */
export function DistributionPoint() {
  const { id = '' } = useParams();
  const point = useQuery({ ...pointQuery(id), refetchInterval: 5_000 });
  const nodes = useQuery(nodesQuery);
  const node = nodes.data?.find(({ nodeId }) => nodeId === id);
  return (
    <Page title={id} parent={parent} actions={point.data && <Actions id={id} node={node} />}>
      {point.error && <ErrorMessage error={point.error} />}
      {point.isPending && <Loading />}
      {point.data && (
        <>
          {node && <MaintenanceCard nodeId={id} />}
          <State point={point.data} node={node} />
          {node && node.workers.length > 0 && <Workers workers={node.workers} />}
        </>
      )}
      <Dialogs id={id} node={node} nodes={nodes.data ?? []} />
    </Page>
  );
}

function Actions({ id, node }: { id: string; node: Node | undefined }) {
  const address = useAddress();
  const queries = useQueryClient();
  const isAdmin = useMay('ROLE_ADMIN');
  const maintenance = useQuery({ ...maintenanceQuery(id), enabled: node !== undefined });
  const undrain = useMutation({
    mutationFn: () => client.request('POST', `${nodePath(id)}/undrain`),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries(),
  });
  if (!isAdmin) return null;
  const isUnderWay = maintenance.data !== undefined && isMaintained(maintenance.data);
  const open = (dialog: string) => address.change({ dialog }, 'push');
  return (
    <>
      {node?.status === 'NODE_STATUS_DRAINING' ? (
        <Button onPress={() => undrain.mutate()} isBusy={undrain.isPending}>
          End drain
        </Button>
      ) : (
        <Button isDisabled={!node || isUnderWay} onPress={() => open('drain')}>
          Drain
        </Button>
      )}
      <Button isDisabled={!node || isUnderWay} onPress={() => open('restart')}>
        Restart
      </Button>
      <Button kind="primary" onPress={() => open('properties')}>
        Properties
      </Button>
    </>
  );
}

function Dialogs({ id, node, nodes }: { id: string; node: Node | undefined; nodes: readonly Node[] }) {
  const address = useAddress();
  const isAdmin = useMay('ROLE_ADMIN');
  const dialog = address.get('dialog');
  const close = () => address.change({ dialog: '' });
  if (!isAdmin) return null;
  if (dialog === 'properties') return <PropertiesDialog id={id} onClose={close} />;
  if ((dialog === 'drain' || dialog === 'restart') && node) {
    return <MaintenanceDialog kind={dialog} node={node} nodes={nodes} onClose={close} />;
  }
  return null;
}

function State({ point, node }: { point: Point; node: Node | undefined }) {
  const { pushServer, groups } = point;
  const problem = node ? problemText(node) : '';
  return (
    <Card title="Push server">
      {problem !== '' && <p className="message message-warn">{problem}</p>}
      <Facts
        facts={[
          ['Wanted', wantedText(point)],
          [
            'Observed',
            <LiveStatus key="observed" of="Push server">
              <Observed point={point} node={node} />
            </LiveStatus>,
          ],
          ['Address for remote hosts', pushServer?.address || '–'],
          ['Max connections', pushServer ? formatInteger(pushServer.maxConnections) : '–'],
          ['Scope', <Tags key="scope" label="Scope" tags={groups} />],
          ['Links', node ? `${formatInteger(node.live)} of ${formatInteger(node.capacity)}` : '–'],
          ['Reserved', node ? formatInteger(node.reserved) : '–'],
          ['Accepts per second', node ? formatInteger(node.acceptsPerSecond) : '–'],
        ]}
      />
    </Card>
  );
}

const workerColumns: readonly DataColumn<Worker>[] = [
  { id: 'worker', label: 'Worker', render: ({ workerId }) => <code>{workerId}</code> },
  {
    ...{ id: 'load', label: 'Links' },
    render: ({ workerId, live, capacity }) => (
      <LoadBar label={`Links of ${workerId}`} value={live} max={capacity}>
        {`${formatInteger(live)} / ${formatInteger(capacity)}`}
      </LoadBar>
    ),
  },
  { id: 'pid', label: 'Process', isNumber: true, render: ({ pid }) => String(pid) },
];

function Workers({ workers }: { workers: readonly Worker[] }) {
  return (
    <Card title="Workers">
      <DataTable
        label="Workers"
        columns={workerColumns}
        items={workers}
        idOf={({ workerId }) => workerId}
        empty="None"
      />
    </Card>
  );
}

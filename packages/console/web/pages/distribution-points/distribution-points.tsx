import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { nodesQuery, pointsQuery, rollingRestartQuery } from '../../api/fleet.ts';
import type { DistributionPoint, Node } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { formatInteger } from '../../app/format.ts';
import { nodeWords } from '../../app/node-words.ts';
import { useMay } from '../../app/session.tsx';
import { Button, ButtonLink } from '../../components/button.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { LoadBar } from '../../components/load-bar.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card, Page } from '../../components/page.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Tags } from '../../components/tags.tsx';
import { CreatePointDialog } from './create-point-dialog.tsx';
import { isUnderWay, RollingRestartBadge, RollingRestartBar } from './rolling-restart-progress.tsx';

interface Row {
  point: DistributionPoint;
  node: Node | undefined;
}

const columns: readonly DataColumn<Row>[] = [
  { id: 'id', label: 'Distribution point', render: ({ point }) => <strong>{point.distributionPointId}</strong> },
  { id: 'wanted', label: 'Wanted', render: ({ point }) => wantedText(point) },
  { id: 'observed', label: 'Observed', render: ({ point, node }) => <Observed point={point} node={node} /> },
  {
    ...{ id: 'address', label: 'Address', isSecondary: true },
    render: ({ node }) => (node && node.address !== '' ? <code>{`${node.address}:${node.port}`}</code> : '–'),
  },
  { id: 'load', label: 'Links', isSecondary: true, render: ({ node }) => <Links node={node} /> },
  {
    ...{ id: 'scope', label: 'Scope', isSecondary: true },
    render: ({ point }) => <Tags label="Scope" tags={point.groups} />,
  },
];

/** All distribution points: what is wanted of each, and what is. */
export function DistributionPoints() {
  const points = useQuery(pointsQuery);
  const nodes = useQuery(nodesQuery);
  const address = useAddress();
  const isAdmin = useMay('ROLE_ADMIN');
  const rows = (points.data ?? []).map((point) => ({
    point,
    node: nodes.data?.find(({ nodeId }) => nodeId === point.distributionPointId),
  }));
  const actions = (
    <>
      <ButtonLink href="/rebalance">Rebalance</ButtonLink>
      <ButtonLink href="/rolling-restart">Rolling restart</ButtonLink>
      {isAdmin && (
        <Button kind="primary" onPress={() => address.change({ dialog: 'new' }, 'push')}>
          Add
        </Button>
      )}
    </>
  );
  return (
    <Page title="Distribution points" actions={actions}>
      <UnderWay />
      {points.error && <ErrorMessage error={points.error} />}
      {points.isPending && <Loading />}
      {points.data && (
        <DataTable
          label="Distribution points"
          columns={columns}
          items={rows}
          idOf={({ point }) => point.distributionPointId}
          hrefOf={({ point }) => `/distribution-points/${encodeURIComponent(point.distributionPointId)}`}
          empty="There are no distribution points yet."
        />
      )}
      {isAdmin && address.get('dialog') === 'new' && (
        <CreatePointDialog
          known={rows.map(({ point }) => point.distributionPointId)}
          onClose={() => address.change({ dialog: '' })}
        />
      )}
    </Page>
  );
}

/** Whoever looks is told of a rolling restart that somebody else has started. */
function UnderWay() {
  const { data } = useQuery(rollingRestartQuery);
  const rolling = data?.rollingRestart;
  if (!rolling || !isUnderWay(rolling)) return null;
  return (
    <Card title="Rolling restart" actions={<RollingRestartBadge rolling={rolling} />}>
      <RollingRestartBar rolling={rolling} />
      <p>
        <Link to="/rolling-restart">Show it</Link>
      </p>
    </Card>
  );
}

export function wantedText({ pushServer }: DistributionPoint): string {
  return pushServer?.enabled ? `Run on port ${pushServer.port}` : 'Off';
}

export function Observed({ point, node }: Row) {
  const { label, tone } = nodeWords(node, point.pushServer?.enabled === true);
  return <StatusBadge tone={tone}>{label}</StatusBadge>;
}

function Links({ node }: { node: Node | undefined }) {
  if (node === undefined || node.capacity === 0) return '–';
  return (
    <LoadBar label={`Links of ${node.nodeId}`} value={node.live} max={node.capacity}>
      {`${formatInteger(node.live)} / ${formatInteger(node.capacity)}`}
    </LoadBar>
  );
}

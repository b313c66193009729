import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import type { DeviceOutcome, GroupPush, ListGroupPushOutcomesResponse, Outcome } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { outcomeWords } from '../../app/outcomes.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card } from '../../components/page.tsx';
import { Pager, pageField } from '../../components/pager.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { hasEnded, isFailure } from './group-push-progress.tsx';

const failures = (Object.keys(outcomeWords) as Outcome[]).filter(isFailure);
const pageSize = 50;

const columns: readonly DataColumn<DeviceOutcome>[] = [
  { id: 'device', label: 'Device', render: ({ deviceId }) => <strong>{deviceId}</strong> },
  {
    ...{ id: 'outcome', label: 'Outcome' },
    render: ({ outcome }) => <StatusBadge tone={outcomeWords[outcome].tone}>{outcomeWords[outcome].label}</StatusBadge>,
  },
  { id: 'reason', label: 'Reason', render: ({ reason }) => reason || '–' },
];

/** The devices that did not succeed, each with the reason. */
export function Failures({ push }: { push: GroupPush }) {
  const address = useAddress();
  const pageToken = address.get(pageField);
  const count = push.counts.reduce((sum, { outcome, devices }) => sum + (isFailure(outcome) ? devices : 0), 0);
  const { data, error } = useQuery({
    queryKey: ['group-pushes', push.groupPushId, 'failures', pageToken],
    queryFn: () =>
      client.get<ListGroupPushOutcomesResponse>(`/v1/group-pushes/${encodeURIComponent(push.groupPushId)}/outcomes`, {
        ...{ outcomes: failures, pageSize, pageToken },
      }),
    enabled: count > 0,
    refetchInterval: hasEnded(push) ? false : 2_000,
  });
  return (
    <Card title="Did not succeed">
      {error && <ErrorMessage error={error} />}
      {count > 0 && !data && !error && <Loading />}
      {(count === 0 || data) && (
        <DataTable
          label="Devices that did not succeed"
          columns={columns}
          items={count === 0 ? [] : (data?.outcomes ?? [])}
          idOf={({ deviceId }) => deviceId}
          hrefOf={({ deviceId }) => `/devices/${encodeURIComponent(deviceId)}`}
          empty="No device so far."
        />
      )}
      {data && (
        <Pager of="devices" pageToken={pageToken} nextPageToken={data.nextPageToken} count={data.outcomes.length} />
      )}
    </Card>
  );
}

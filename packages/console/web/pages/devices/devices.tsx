import './devices.css';
import { Plus } from 'lucide-react';
import { useDevices } from '../../api/devices.ts';
import type { Device } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { formatLinkKind } from '../../app/format.ts';
import { labelList } from '../../app/labels.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { Pager, pageField } from '../../components/pager.tsx';
import { PresenceBadge } from '../../components/status-badge.tsx';
import { Tags } from '../../components/tags.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { CreateDeviceDialog } from './create-device-dialog.tsx';
import { DeviceFilters, deviceQuery, isFiltered } from './device-filters.tsx';

const pageSize = 50;

const columns: readonly DataColumn<Device>[] = [
  { id: 'device', label: 'Device', render: ({ deviceId }) => <span className="device-id">{deviceId}</span> },
  { id: 'presence', label: 'Presence', render: ({ session }) => <PresenceBadge isConnected={session !== undefined} /> },
  { id: 'node', label: 'Push server', render: ({ session }) => session?.nodeId ?? <None /> },
  {
    ...{ id: 'link', label: 'Link', isSecondary: true },
    render: ({ session }) => (session ? formatLinkKind(session.link) : <None />),
  },
  {
    ...{ id: 'since', label: 'Since', isSecondary: true },
    render: ({ session }) => (session?.openedAt ? <RelativeTime at={session.openedAt} /> : <None />),
  },
  { id: 'group', label: 'Group', isSecondary: true, render: ({ group }) => group },
  {
    ...{ id: 'labels', label: 'Labels', isSecondary: true },
    render: ({ labels }) => <Tags label="Labels" tags={labelList(labels)} />,
  },
];

/** All devices that the token may see: search and filters are the balancer's, page by page. */
export function Devices() {
  const address = useAddress();
  const mayChange = useMay('ROLE_ADMIN');
  const pageToken = address.get(pageField);
  const { data, error, isPlaceholderData } = useDevices({ ...deviceQuery(address), pageSize, pageToken });
  return (
    <Page
      title="Devices"
      actions={
        mayChange && (
          <Button kind="primary" onPress={() => address.change({ dialog: 'create' }, 'push')}>
            <Plus size={16} aria-hidden />
            New device
          </Button>
        )
      }
    >
      <DeviceFilters />
      {error && <ErrorMessage error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <div className="stack" aria-busy={isPlaceholderData} data-stale={isPlaceholderData || undefined}>
          <DataTable
            label="Devices"
            columns={columns}
            items={data.devices}
            idOf={({ deviceId }) => deviceId}
            hrefOf={({ deviceId }) => `/devices/${encodeURIComponent(deviceId)}`}
            empty={
              data.nextPageToken !== ''
                ? 'No device so far fits these filters: the next page goes on.'
                : isFiltered(address)
                  ? 'No device fits these filters.'
                  : 'There are no devices yet. Make one here, or import many with `pushfleet devices import`.'
            }
          />
          <Pager of="devices" pageToken={pageToken} nextPageToken={data.nextPageToken} count={data.devices.length} />
        </div>
      )}
      {address.get('dialog') === 'create' && mayChange && (
        <CreateDeviceDialog onClose={() => address.change({ dialog: undefined })} />
      )}
    </Page>
  );
}

function None() {
  return <span className="soft">–</span>;
}

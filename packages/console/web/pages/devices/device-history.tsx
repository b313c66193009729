import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { devicePath } from '../../api/devices.ts';
import type { DeviceMove, DeviceMoveKind } from '../../api/messages.ts';
import { formatEnum, formatLinkKind, formatTime } from '../../app/format.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card } from '../../components/page.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';

export const historyKey = (deviceId: string) => ['device-history', deviceId] as const;

const columns: readonly DataColumn<DeviceMove>[] = [
  { id: 'time', label: 'Time', render: ({ time }) => (time ? formatTime(time) : '–') },
  { id: 'kind', label: 'What', render: ({ kind }) => <StatusBadge tone={toneOf(kind)}>{nameOf(kind)}</StatusBadge> },
  { id: 'node', label: 'Push server', render: ({ nodeId }) => nodeId },
  {
    ...{ id: 'link', label: 'Link', isSecondary: true },
    render: ({ linkKind }) => (linkKind === 'LINK_KIND_UNSPECIFIED' ? '–' : formatLinkKind(linkKind)),
  },
  { id: 'reason', label: 'Reason', isSecondary: true, render: ({ reason }) => reason },
];

/** Where the device has been. */
export function DeviceHistory({ deviceId }: { deviceId: string }) {
  const { data, error } = useQuery({
    queryKey: historyKey(deviceId),
    queryFn: ({ signal }) => client.get<{ moves: DeviceMove[] }>(`${devicePath(deviceId)}/history`, {}, signal),
  });
  return (
    <Card title="History">
      {error && <ErrorMessage error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <DataTable
          label="History"
          columns={columns}
          items={data.moves.map((move, index) => ({ ...move, index }))}
          idOf={(move) => `${(move as DeviceMove & { index: number }).index}`}
          empty="Nothing is known of its earlier links."
        />
      )}
    </Card>
  );
}

function nameOf(kind: DeviceMoveKind): string {
  return formatEnum(kind, 'DEVICE_MOVE_KIND');
}

function toneOf(kind: DeviceMoveKind): Tone {
  if (kind === 'DEVICE_MOVE_KIND_CONNECTED') return 'good';
  return kind === 'DEVICE_MOVE_KIND_DISCONNECTED' ? 'none' : 'busy';
}

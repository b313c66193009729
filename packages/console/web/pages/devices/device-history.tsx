import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { devicePath } from '../../api/devices.ts';
import { formatEnum, formatLinkKind, formatTime } from '../../app/format.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Card } from '../../components/page.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';

export const historyKey = (deviceId: string) => ['device-history', deviceId] as const;

interface DeviceMove {
  time?: string;
  kind: string;
  nodeId: string;
  linkKind: string;
  reason: string;
}

const columns: readonly DataColumn<DeviceMove>[] = [
  { id: 'time', label: 'Time', render: ({ time }) => (time ? formatTime(time) : '–') },
  { id: 'kind', label: 'What', render: ({ kind }) => <StatusBadge tone={toneOf(kind)}>{nameOf(kind)}</StatusBadge> },
  { id: 'node', label: 'Push server', render: ({ nodeId }) => nodeId },
  {
    ...{ id: 'link', label: 'Link', isSecondary: true },
    render: ({ linkKind }) => (linkKind === '' || linkKind.endsWith('UNSPECIFIED') ? '–' : formatLinkKind(linkKind)),
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

function nameOf(kind: string): string {
  return formatEnum(kind.replace(/^.*_/, ''), '');
}

function toneOf(kind: string): Tone {
  const name = nameOf(kind);
  if (name === 'Connected') return 'good';
  return name === 'Disconnected' ? 'none' : 'busy';
}

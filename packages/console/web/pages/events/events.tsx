import { memo } from 'react';
import { Link } from 'react-router';
import { useLiveList } from '../../api/live-list.ts';
import type { Event } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { formatEnum, formatTimeOfDay } from '../../app/format.ts';
import { LiveLog } from '../../components/live-log.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Select } from '../../components/select.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { NodeSelect } from '../devices/device-filters.tsx';

const kindTones = {
  DEVICE_CONNECTED: 'good',
  DEVICE_DISCONNECTED: 'none',
  DEVICE_MOVED: 'busy',
  DEVICE_CLONE_SUSPECTED: 'bad',
  NODE_READY: 'good',
  NODE_SUSPECT: 'warn',
  NODE_DEAD: 'bad',
  NODE_DRAINING: 'busy',
  NODE_PROBLEM: 'bad',
  NODE_PROBLEM_SOLVED: 'good',
  NODE_OVERLOADED: 'warn',
  NODE_OVERLOAD_ENDED: 'good',
  REGISTRY_LOST: 'bad',
  CREDENTIALS_REPLACED: 'good',
  CREDENTIALS_REFUSED: 'bad',
  CERTIFICATE_ENDING: 'warn',
  TUNNEL_OPENED: 'busy',
  TUNNEL_CLOSED: 'none',
  TUNNEL_REFUSED: 'warn',
  MEMBER_REFUSED: 'warn',
  MEMBER_REVOKED: 'warn',
} as const satisfies Record<string, Tone>;
type KindName = keyof typeof kindTones;

const prefix = 'EVENT_KIND';
const kinds = Object.keys(kindTones).map((name) => `${prefix}_${name}`);
const any = 'any';
const kindOptions = [{ id: any, label: 'All' }, ...kinds.map((id) => ({ id, label: formatEnum(id, prefix) }))];

/** What happens in the cluster, as it happens. */
export function Events() {
  const address = useAddress();
  const [kind, deviceId, nodeId] = [address.get('kind'), address.get('deviceId'), address.get('nodeId')];
  const list = useLiveList<Event>({
    ...{ path: '/v1/events', query: { kinds: kind, deviceId } },
    isWanted: (event) => nodeId === '' || event.nodeId === nodeId,
  });
  return (
    <Page title="Events">
      <search className="log-filters">
        <Select
          label="Kind"
          value={kind || any}
          onChange={(chosen) => address.change({ kind: chosen === any ? undefined : chosen })}
          options={kindOptions}
        />
        <SearchField
          label="Device"
          placeholder="The whole id"
          value={deviceId}
          onChange={(value) => address.change({ deviceId: value })}
        />
        <NodeSelect value={nodeId} onChange={(value) => address.change({ nodeId: value })} />
      </search>
      <LiveLog label="Events" list={list} columns={['Time', 'Event', 'Device', 'Push server', 'Reason']}>
        {list.events.map((event) => (
          <EventRow key={event.resumeToken} event={event} />
        ))}
      </LiveLog>
    </Page>
  );
}

const EventRow = memo(function EventRow({ event }: { event: Event }) {
  const { kind, at, deviceId, nodeId, reason, tunnel } = event;
  const name = kind.replace(`${prefix}_`, '') as KindName;
  return (
    <tr>
      <td>{at && formatTimeOfDay(at)}</td>
      <td>
        <StatusBadge tone={kindTones[name] ?? 'none'}>{formatEnum(kind, prefix)}</StatusBadge>
      </td>
      <td>{deviceId && <Link to={`/devices/${encodeURIComponent(deviceId)}`}>{deviceId}</Link>}</td>
      <td>{nodeId && <Link to={`/distribution-points/${encodeURIComponent(nodeId)}`}>{nodeId}</Link>}</td>
      <td>{[tunnel?.target, reason].filter(Boolean).join(' · ')}</td>
    </tr>
  );
});

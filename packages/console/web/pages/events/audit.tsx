import { memo } from 'react';
import { Link } from 'react-router';
import { useLiveList } from '../../api/live-list.ts';
import type { AuditEvent } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { formatEnum, formatInteger, formatTimeOfDay } from '../../app/format.ts';
import { useMay } from '../../app/session.tsx';
import { LiveLog } from '../../components/live-log.tsx';
import { Page } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';

/** Who does what by the admin API, as it is done. */
export function Audit() {
  const mayWatch = useMay('ROLE_ADMIN');
  return (
    <Page title="Audit">
      {mayWatch ? <AuditLog /> : <p className="message message-warn">Only tokens with the role admin see the audit.</p>}
    </Page>
  );
}

function AuditLog() {
  const address = useAddress();
  const [caller, target] = [address.get('caller'), address.get('target')];
  const list = useLiveList<AuditEvent>({
    ...{ path: '/v1/audit', query: { caller } },
    isWanted: (event) => `${event.target} ${event.method}`.toLowerCase().includes(target.toLowerCase()),
  });
  return (
    <>
      <search className="log-filters">
        <SearchField
          label="Token"
          placeholder="Its name"
          value={caller}
          onChange={(value) => address.change({ caller: value })}
        />
        <SearchField
          label="What and on what"
          placeholder="Part of the call or of its target"
          value={target}
          onChange={(value) => address.change({ target: value })}
        />
      </search>
      <LiveLog label="Audit" list={list} columns={['Time', 'Token', 'Call', 'On', 'Outcome', 'From']}>
        {list.events.map((event) => (
          <AuditRow key={event.resumeToken} event={event} />
        ))}
      </LiveLog>
    </>
  );
}

const AuditRow = memo(function AuditRow({ event }: { event: AuditEvent }) {
  const { at, caller, address, method, target, operation, outcome, count } = event;
  return (
    <tr>
      <td>{at && formatTimeOfDay(at)}</td>
      <td>{caller === '' ? <span className="soft">nobody</span> : caller}</td>
      <td>
        {method.split('/').at(-1)}
        {operation !== '' && <span className="soft"> {operation}</span>}
        {count > 1 && <span className="soft"> × {formatInteger(count)}</span>}
      </td>
      <td>
        <Target target={target} />
      </td>
      <td>
        <StatusBadge tone={toneOf(outcome)}>{outcome === 'OK' ? outcome : formatEnum(outcome, '')}</StatusBadge>
      </td>
      <td className="soft">{address}</td>
    </tr>
  );
});

/** `device d-1` leads to the device. */
function Target({ target }: { target: string }) {
  const [, deviceId] = /^device (\S+)$/.exec(target) ?? [];
  return deviceId === undefined ? target : <Link to={`/devices/${encodeURIComponent(deviceId)}`}>{target}</Link>;
}

const good = new Set(['OK', 'SUCCEEDED', 'QUEUED', 'ROUTED', 'DELIVERED', 'RUNNING']);
const refusals = new Set(['PERMISSION_DENIED', 'BAD_TOKEN', 'FAILED', 'REJECTED']);

function toneOf(outcome: string): Tone {
  if (good.has(outcome)) return 'good';
  return refusals.has(outcome) ? 'bad' : 'warn';
}

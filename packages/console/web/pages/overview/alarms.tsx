import { Link } from 'react-router';
import type { ActiveAlarm, Alarm } from '../../api/messages.ts';
import { formatEnum, formatInteger } from '../../app/format.ts';
import { Card } from '../../components/page.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { RelativeTime } from '../../components/time.tsx';

const grave: readonly Alarm[] = ['ALARM_REGISTRY_LOST', 'ALARM_PUSH_SERVER_LOST', 'ALARM_PORT_IN_USE'];
const aboutDevices: readonly Alarm[] = ['ALARM_CLONE_SUSPECTED'];
const aboutNoNode: readonly Alarm[] = ['ALARM_REGISTRY_LOST', 'ALARM_REGISTRY_UNFIT', 'ALARM_BALANCER_UNREACHABLE'];

/** All that an operator should look at; nothing to be seen where all is well. */
export function Alarms({ alarms }: { alarms: readonly ActiveAlarm[] }) {
  return (
    <>
      <span role="status" className="said">
        {alarms.length === 0
          ? 'No alarms'
          : alarms.map(({ kind, subject }) => `${alarmName(kind)}: ${subject}`).join(', ')}
      </span>
      {alarms.length > 0 && <AlarmList alarms={alarms} />}
    </>
  );
}

function AlarmList({ alarms }: { alarms: readonly ActiveAlarm[] }) {
  return (
    <Card title={alarms.length === 1 ? '1 alarm' : `${formatInteger(alarms.length)} alarms`}>
      <ul>
        {alarms.map((alarm) => (
          <li key={`${alarm.kind} ${alarm.subject}`} className="alarm">
            <StatusBadge tone={toneOf(alarm.kind)}>{alarmName(alarm.kind)}</StatusBadge>
            <span>
              <Subject alarm={alarm} /> {alarm.detail}
            </span>
            <span className="soft">{alarm.startTime && <RelativeTime at={alarm.startTime} />}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Subject({ alarm: { kind, subject } }: { alarm: ActiveAlarm }) {
  const id = encodeURIComponent(subject);
  if (aboutDevices.includes(kind)) return <Link to={`/devices/${id}`}>{subject}</Link>;
  if (aboutNoNode.includes(kind) || subject.startsWith('balancer')) return <strong>{subject}</strong>;
  return <Link to={`/distribution-points/${id}`}>{subject}</Link>;
}

function alarmName(kind: Alarm): string {
  return formatEnum(kind, 'ALARM');
}

function toneOf(kind: Alarm): Tone {
  return grave.includes(kind) ? 'bad' : 'warn';
}

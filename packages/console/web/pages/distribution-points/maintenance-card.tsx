import { useQuery } from '@tanstack/react-query';
import { maintenanceQuery } from '../../api/fleet.ts';
import type { Maintenance } from '../../api/messages.ts';
import { formatEnum, formatInteger } from '../../app/format.ts';
import { ProgressBar } from '../../components/load-bar.tsx';
import { Card } from '../../components/page.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { TimeSpan } from '../../components/time.tsx';

/** The last drain or restart of a push server, as it goes; nothing where there was none. */
export function MaintenanceCard({ nodeId }: { nodeId: string }) {
  const { data: maintenance } = useQuery(maintenanceQuery(nodeId));
  if (!maintenance || maintenance.phase === 'MAINTENANCE_PHASE_NONE') return null;
  const { kind, startedAt, endedAt } = maintenance;
  return (
    <Card title={formatEnum(kind, 'MAINTENANCE_KIND')} actions={<PhaseBadge maintenance={maintenance} />}>
      <MaintenanceProgress maintenance={maintenance} />
      <TimeSpan startedAt={startedAt} endedAt={endedAt} />
    </Card>
  );
}

export function MaintenanceProgress({
  maintenance: { kind, nodeId, moved, remaining, endedAt },
}: {
  maintenance: Maintenance;
}) {
  return (
    <ProgressBar
      label={`${formatEnum(kind, 'MAINTENANCE_KIND')} of ${nodeId}`}
      value={endedAt ? 1 : moved}
      max={endedAt ? 1 : moved + remaining}
      tone={endedAt ? 'good' : 'accent'}
    >
      {`${formatInteger(moved)} told to leave · ${formatInteger(remaining)} still linked`}
    </ProgressBar>
  );
}

export function PhaseBadge({ maintenance: { phase } }: { maintenance: Maintenance }) {
  return (
    <StatusBadge tone={phase === 'MAINTENANCE_PHASE_DONE' ? 'good' : 'busy'}>
      {formatEnum(phase, 'MAINTENANCE_PHASE')}
    </StatusBadge>
  );
}

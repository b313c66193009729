import type { GroupPush, Operation } from '../../api/messages.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { GroupPushBadge, GroupPushBar } from './group-push-progress.tsx';

const columns: readonly DataColumn<GroupPush>[] = [
  { id: 'group', label: 'Group', render: ({ request }) => <strong>{request?.group}</strong> },
  {
    id: 'operation',
    label: 'Operation',
    isSecondary: true,
    render: ({ request }) => operationText(request?.operation),
  },
  { id: 'state', label: 'State', render: ({ state }) => <GroupPushBadge state={state} /> },
  { id: 'progress', label: 'Progress', isSecondary: true, render: (push) => <GroupPushBar push={push} /> },
  {
    ...{ id: 'started', label: 'Began' },
    render: ({ startedAt }) => (startedAt ? <RelativeTime at={startedAt} /> : '–'),
  },
];

export function GroupPushTable({ pushes }: { pushes: readonly GroupPush[] }) {
  return (
    <DataTable
      label="Group pushes"
      columns={columns}
      items={pushes}
      idOf={({ groupPushId }) => groupPushId}
      hrefOf={({ groupPushId }) => `/group-pushes/${encodeURIComponent(groupPushId)}`}
      empty="None in the last day."
    />
  );
}

/** For people: `Run task inventory`. */
export function operationText(operation: Operation | undefined): string {
  if (operation?.forceSync) return 'Force synchronization';
  if (operation?.runTask) return `Run task ${operation.runTask.taskId}`;
  if (operation?.stopTask) return `Stop task ${operation.stopTask.taskId}`;
  if (operation?.getStatistics) return 'Get statistics';
  if (operation?.custom) return operation.custom.name;
  return '–';
}

import type { GroupPush } from '../../api/messages.ts';
import { describeOperation } from '../../app/operation.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { GroupPushBadge, GroupPushBar } from './group-push-progress.tsx';

const columns: readonly DataColumn<GroupPush>[] = [
  { id: 'group', label: 'Group', render: ({ request }) => <strong>{request?.group}</strong> },
  {
    id: 'operation',
    label: 'Operation',
    isSecondary: true,
    render: ({ request }) => describeOperation(request?.operation),
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

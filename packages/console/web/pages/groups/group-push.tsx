import './groups.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { client } from '../../api/client.ts';
import { useEventStream } from '../../api/event-stream.ts';
import type { GroupPush as GroupPushMessage } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { formatInteger, formatPercent } from '../../app/format.ts';
import { describeOperation } from '../../app/operation.ts';
import { outcomeWords } from '../../app/outcomes.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { LoadBar } from '../../components/load-bar.tsx';
import { Loading } from '../../components/loading.tsx';
import { notifyError } from '../../components/notices.tsx';
import { Card, Facts, Page } from '../../components/page.tsx';
import { LiveStatus, StatusBadge } from '../../components/status-badge.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { Failures } from './failures.tsx';
import { GroupPushBadge, GroupPushBar, hasEnded } from './group-push-progress.tsx';

const parent = { to: '/groups', label: 'Groups' };

/** One group push, from where it stands to its end. */
export function GroupPush() {
  const { id = '' } = useParams();
  const queries = useQueryClient();
  const key = ['group-pushes', id];
  const path = `/v1/group-pushes/${encodeURIComponent(id)}`;
  const { data: push, error } = useQuery({ queryKey: key, queryFn: () => client.get<GroupPushMessage>(path) });
  useEventStream<GroupPushMessage>({
    path: push && !hasEnded(push) ? `${path}/watch` : undefined,
    onEvent: (now) => queries.setQueryData(key, now),
  });
  const title = push ? `${describeOperation(push.request?.operation)} of ${push.request?.group}` : 'Group push';
  return (
    <Page title={title} parent={parent} actions={push && <Actions push={push} path={path} />}>
      {error && <ErrorMessage error={error} />}
      {!push && !error && <Loading />}
      {push && (
        <>
          <Progress push={push} />
          <Failures push={push} />
        </>
      )}
    </Page>
  );
}

function Actions({ push, path }: { push: GroupPushMessage; path: string }) {
  const address = useAddress();
  const queries = useQueryClient();
  const isOperator = useMay('ROLE_OPERATOR');
  const keep = (now: GroupPushMessage) => queries.setQueryData(['group-pushes', push.groupPushId], now);
  const order = useMutation({
    mutationFn: (verb: 'pause' | 'resume') => client.request<GroupPushMessage>('POST', `${path}/${verb}`),
    onSuccess: keep,
    onError: notifyError,
  });
  if (!isOperator || hasEnded(push)) return null;
  const isPaused = push.state === 'GROUP_PUSH_STATE_PAUSED';
  return (
    <>
      <Button isBusy={order.isPending} onPress={() => order.mutate(isPaused ? 'resume' : 'pause')}>
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <Button kind="danger" onPress={() => address.change({ dialog: 'cancel' }, 'push')}>
        Cancel
      </Button>
      {address.get('dialog') === 'cancel' && (
        <ConfirmDialog
          title="Cancel this group push"
          verb="Cancel group push"
          isDangerous
          onConfirm={async () => keep(await client.request<GroupPushMessage>('POST', `${path}/cancel`))}
          onClose={() => address.change({ dialog: '' })}
        >
          Devices that have not been told are left alone; those that have been are asked to give it up.
        </ConfirmDialog>
      )}
    </>
  );
}

function Progress({ push }: { push: GroupPushMessage }) {
  const { state, reason, counts, devices, startedAt, endedAt, request } = push;
  return (
    <Card
      title="Progress"
      actions={
        <LiveStatus of="Group push">
          <GroupPushBadge state={state} />
        </LiveStatus>
      }
    >
      <GroupPushBar push={push} />
      {reason !== '' && <p className="message message-warn">{reason}</p>}
      <ul className="stack">
        {counts
          .filter((one) => one.devices > 0)
          .map((one) => {
            const { label, tone } = outcomeWords[one.outcome];
            return (
              <li key={one.outcome} className="outcomes">
                <StatusBadge tone={tone}>{label}</StatusBadge>
                <LoadBar
                  label={label}
                  value={one.devices}
                  max={devices}
                  tone={tone === 'busy' || tone === 'none' ? 'accent' : tone}
                />
                <span>{`${formatInteger(one.devices)} · ${formatPercent(devices === 0 ? 0 : one.devices / devices)}`}</span>
              </li>
            );
          })}
      </ul>
      <Facts
        facts={[
          ['Groups', request?.excludeSubgroups ? 'this one alone' : 'this one and those below it'],
          ['Began', startedAt ? <RelativeTime key="began" at={startedAt} /> : '–'],
          ['Ended', endedAt ? <RelativeTime key="ended" at={endedAt} /> : '–'],
        ]}
      />
    </Card>
  );
}

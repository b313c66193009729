import './device.css';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { deviceKey, useDevice } from '../../api/devices.ts';
import { useEventStream } from '../../api/event-stream.ts';
import type { Device } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { formatLinkKind, formatLinkKinds, formatTime } from '../../app/format.ts';
import { labelList } from '../../app/labels.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card, Facts, Page } from '../../components/page.tsx';
import { LiveStatus, PresenceBadge } from '../../components/status-badge.tsx';
import { Tags } from '../../components/tags.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { Commands } from './commands.tsx';
import { DeviceDialogs } from './device-dialogs.tsx';
import { DeviceHistory, historyKey } from './device-history.tsx';

/** One device: its link, what it is told to do, and what was done about it. */
export function DevicePage() {
  const { deviceId = '' } = useParams();
  const { data: device, error } = useDevice(deviceId);
  usePresence(deviceId);
  return (
    <Page
      title={deviceId}
      parent={{ to: '/devices', label: 'Devices' }}
      actions={device && <Actions isConnected={device.session !== undefined} />}
    >
      {error && <ErrorMessage error={error} />}
      {!device && !error && <Loading />}
      {device && (
        <>
          <div className="device-cards">
            <LinkCard device={device} />
            <SettingsCard device={device} />
          </div>
          <Commands deviceId={deviceId} />
          <DeviceHistory deviceId={deviceId} />
          <DeviceDialogs device={device} />
        </>
      )}
    </Page>
  );
}

const presenceKinds = ['CONNECTED', 'DISCONNECTED', 'MOVED'].map((kind) => `EVENT_KIND_DEVICE_${kind}`);

/** Reads the device anew as soon as it comes or goes. */
function usePresence(deviceId: string): void {
  const queries = useQueryClient();
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: deviceKey(deviceId) });
    void queries.invalidateQueries({ queryKey: historyKey(deviceId) });
  };
  const state = useEventStream({
    path: '/v1/events',
    query: { deviceId, kinds: presenceKinds },
    ...{ onEvent: refresh, onMissed: refresh },
  });
  // What was read before the stream began may have changed until then, without an event.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each beginning
  useEffect(() => {
    if (state === 'live') refresh();
  }, [state]);
}

const operations = [
  ['run-task', 'Run task'],
  ['stop-task', 'Stop task'],
  ['statistics', 'Statistics'],
] as const;

function Actions({ isConnected }: { isConnected: boolean }) {
  const address = useAddress();
  const mayPush = useMay('ROLE_OPERATOR');
  const mayChange = useMay('ROLE_ADMIN');
  const open = (dialog: string) => () => address.change({ dialog }, 'push');
  if (!mayPush) return null;
  return (
    <>
      <Button kind="primary" onPress={open('force-sync')}>
        Force synchronization
      </Button>
      {operations.map(([dialog, label]) => (
        <Button key={dialog} onPress={open(dialog)}>
          {label}
        </Button>
      ))}
      <Button onPress={open('disconnect')} isDisabled={!isConnected}>
        Disconnect
      </Button>
      {mayChange && (
        <>
          <Button onPress={open('new-secret')}>New secret</Button>
          <Button kind="danger" onPress={open('delete')}>
            Delete
          </Button>
        </>
      )}
    </>
  );
}

function LinkCard({ device: { session } }: { device: Device }) {
  const presence = (
    <LiveStatus of="Link">
      <PresenceBadge isConnected={session != null} />
    </LiveStatus>
  );
  return (
    <Card title="Link" actions={presence}>
      {session ? (
        <Facts
          facts={[
            ['Push server', `${session.nodeId}, worker ${session.workerId}`],
            ['Kind', formatLinkKind(session.link)],
            ['Since', session.openedAt === undefined ? '–' : <Since key="since" at={session.openedAt} />],
          ]}
        />
      ) : (
        <p className="soft">
          The device has no link. Durable commands wait for it; direct ones end as “Not connected”.
        </p>
      )}
    </Card>
  );
}

function Since({ at }: { at: string }) {
  return (
    <>
      <RelativeTime at={at} /> <span className="soft">({formatTime(at)})</span>
    </>
  );
}

function SettingsCard({ device: { group, labels, linkKinds } }: { device: Device }) {
  const address = useAddress();
  const mayChange = useMay('ROLE_ADMIN');
  return (
    <Card
      title="Settings"
      actions={mayChange && <Button onPress={() => address.change({ dialog: 'edit' }, 'push')}>Edit</Button>}
    >
      <Facts
        facts={[
          ['Group', group],
          ['Labels', <Tags key="labels" label="Labels" tags={labelList(labels)} />],
          ['Links', formatLinkKinds(linkKinds)],
        ]}
      />
    </Card>
  );
}

import './properties-dialog.css';
import { useQuery } from '@tanstack/react-query';
import { Form } from 'react-aria-components';
import { groupsQuery, pointQuery } from '../../api/fleet.ts';
import type { DistributionPoint } from '../../api/messages.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Loading } from '../../components/loading.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Conflict } from './conflict.tsx';
import { PointFields } from './point-fields.tsx';
import type { Uptake } from './uptake.ts';
import { useProperties } from './use-properties.ts';

export interface PropertiesDialogProps {
  id: string;
  onClose: () => void;
}

/** The properties of a distribution point: whether it runs a push server, where, and for which groups. */
export function PropertiesDialog({ id, onClose }: PropertiesDialogProps) {
  // What is edited is read once: what others do meanwhile is found when it is saved.
  const { data, error } = useQuery({ ...pointQuery(id), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
  return (
    <Dialog title={`Properties of ${id}`} onClose={onClose}>
      {error && <ErrorMessage error={error} />}
      {data ? <PropertiesForm point={data} onClose={onClose} /> : !error && <Loading />}
    </Dialog>
  );
}

function PropertiesForm({ point, onClose }: { point: DistributionPoint; onClose: () => void }) {
  const { data: groups = [] } = useQuery(groupsQuery);
  const properties = useProperties(point);
  const { settings, change, errorOf, error, changes, save, isSaving, uptake } = properties;
  const isDone = uptake?.kind === 'done' || uptake?.kind === 'no-host';
  return (
    <Form
      className="stack"
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSaving) save();
      }}
    >
      <h3 className="point-section">General</h3>
      {changes.length > 0 && <Conflict {...{ changes, settings }} onChoose={change} />}
      <PointFields
        {...{ settings, errorOf }}
        onChange={change}
        paths={pathsOf(groups, settings.groups)}
        isDisabled={isSaving}
      />
      {error !== undefined && <ErrorMessage error={error} />}
      <div aria-live="polite">{uptake && <UptakeMessage id={point.distributionPointId} uptake={uptake} />}</div>
      <DialogButtons>
        {isDone ? (
          <Button kind="primary" onPress={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button onPress={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" isBusy={isSaving || uptake?.kind === 'waiting'}>
              OK
            </Button>
          </>
        )}
      </DialogButtons>
    </Form>
  );
}

/** Groups that are gone may still be in the scope. */
function pathsOf(groups: readonly { path: string }[], scope: readonly string[]): string[] {
  return [...new Set([...groups.map(({ path }) => path), ...scope])];
}

function UptakeMessage({ id, uptake }: { id: string; uptake: Uptake }) {
  switch (uptake.kind) {
    case 'waiting':
      return (
        <p className="row">
          <StatusBadge tone={uptake.tone}>{uptake.text}</StatusBadge>
        </p>
      );
    case 'done':
      return <p className="message message-good">{uptake.text}</p>;
    case 'port-in-use':
      return (
        <p className="message message-bad">
          The settings are saved, but the push server cannot listen. Choose another port.
        </p>
      );
    case 'failed':
      return <p className="message message-bad">{uptake.text}</p>;
    case 'no-host':
      return (
        <p className="message message-warn">
          Saved. No push server of this distribution point is there: start one on its host with{' '}
          <code>PUSHFLEET_DISTRIBUTION_POINT={id} pushfleet push-server</code>.
        </p>
      );
    default:
      return uptake satisfies never;
  }
}

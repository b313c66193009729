import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { push } from '../../api/commands.ts';
import type { Operation } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { labelsError, parseLabels } from '../../app/labels.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { RadioGroup } from '../../components/radio-group.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { commandField } from './commands.tsx';

const dialogs = {
  'force-sync': { title: 'Force synchronization', verb: 'Synchronize' },
  'run-task': { title: 'Run a task', verb: 'Run' },
  'stop-task': { title: 'Stop a task', verb: 'Stop' },
  statistics: { title: 'Get statistics', verb: 'Get' },
} as const;
type PushKind = keyof typeof dialogs;

export function isPushDialog(dialog: string): dialog is PushKind {
  return Object.hasOwn(dialogs, dialog);
}

/** Everything that can be typed in these dialogs; each shows its part. */
interface Draft {
  reason: string;
  taskId: string;
  /** `key=value`, one on a line. */
  parameters: string;
  applicationId: string;
  counters: string;
  reading: 'once' | 'stream';
  intervalSeconds: number;
  readings: number;
  delivery: 'direct' | 'durable';
  ttl: string;
}

const empty: Draft = {
  ...{ reason: '', taskId: '', parameters: '', applicationId: '', counters: '', reading: 'once' },
  ...{ intervalSeconds: 1, readings: 60, delivery: 'direct', ttl: '86400s' },
};

const ttls = [
  { id: '3600s', label: '1 hour' },
  { id: '86400s', label: '1 day' },
  { id: '604800s', label: '7 days' },
  { id: '2592000s', label: '30 days' },
];

export interface PushDialogProps {
  deviceId: string;
  kind: PushKind;
  onClose: () => void;
}

/** Sends one command to the device, then shows what becomes of it. */
export function PushDialog({ deviceId, kind, onClose }: PushDialogProps) {
  const address = useAddress();
  const [draft, setDraft] = useState(empty);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const operation = operationOf(kind, draft);
  const send = useMutation({
    mutationFn: () =>
      push(deviceId, {
        operation: operation ?? {},
        ...(draft.delivery === 'durable' && { ttl: draft.ttl }),
        ...finishOf(kind, draft),
      }),
    onSuccess: ({ commandId }) => address.change({ dialog: undefined, [commandField]: commandId }),
  });
  const { title, verb } = dialogs[kind];
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!send.isPending) send.mutate();
        }}
      >
        <OperationFields kind={kind} draft={draft} onChange={change} />
        <DeliveryFields draft={draft} onChange={change} />
        {send.error && <ErrorMessage error={send.error} />}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={send.isPending} isDisabled={!operation}>
            {verb}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

interface FieldsProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

function OperationFields({ kind, draft, onChange }: FieldsProps & { kind: PushKind }) {
  if (kind === 'force-sync') {
    return (
      <TextField
        label="Reason"
        hint="For the device's own log; may be left out."
        value={draft.reason}
        onChange={(reason) => onChange({ reason })}
        autoFocus
      />
    );
  }
  if (kind === 'statistics') return <StatisticsFields draft={draft} onChange={onChange} />;
  return (
    <>
      <TextField label="Task" value={draft.taskId} onChange={(taskId) => onChange({ taskId })} isRequired autoFocus />
      {kind === 'run-task' && (
        <TextField
          label="Parameters"
          hint="key=value, one on a line; may be left out."
          rows={3}
          value={draft.parameters}
          error={labelsError(draft.parameters)}
          onChange={(parameters) => onChange({ parameters })}
        />
      )}
    </>
  );
}

function StatisticsFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <TextField
        label="Application"
        value={draft.applicationId}
        onChange={(applicationId) => onChange({ applicationId })}
        isRequired
        autoFocus
      />
      <TextField
        label="Counters"
        hint="Names between commas; none: all."
        value={draft.counters}
        onChange={(counters) => onChange({ counters })}
      />
      <RadioGroup
        label="Reading"
        value={draft.reading}
        onChange={(reading) => onChange({ reading })}
        options={[
          { id: 'once', label: 'Once' },
          { id: 'stream', label: 'Again and again', hint: 'Charted while they come.' },
        ]}
      />
      {draft.reading === 'stream' && (
        <div className="row">
          <NumberField
            label="Seconds between them"
            value={draft.intervalSeconds}
            onChange={(intervalSeconds) => onChange({ intervalSeconds })}
            minValue={1}
            maxValue={3_600}
          />
          <NumberField
            label="How many"
            value={draft.readings}
            onChange={(readings) => onChange({ readings })}
            minValue={2}
            maxValue={3_600}
          />
        </div>
      )}
    </>
  );
}

function DeliveryFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <RadioGroup
        label="Delivery"
        value={draft.delivery}
        onChange={(delivery) => onChange({ delivery })}
        options={[
          { id: 'direct', label: 'Direct', hint: 'Now or not at all: a device that is away gets nothing.' },
          { id: 'durable', label: 'Durable', hint: 'Kept until the device has it, or its time is over.' },
        ]}
      />
      {draft.delivery === 'durable' && (
        <Select label="Waits for" value={draft.ttl} onChange={(ttl) => onChange({ ttl })} options={ttls} />
      )}
    </>
  );
}

/** What the draft asks for; `undefined`: it is not complete. */
function operationOf(kind: PushKind, draft: Draft): Partial<Operation> | undefined {
  const taskId = draft.taskId.trim();
  const applicationId = draft.applicationId.trim();
  switch (kind) {
    case 'force-sync':
      return { forceSync: { reason: draft.reason } };
    case 'run-task': {
      const parsed = parseLabels(draft.parameters);
      return taskId === '' || 'wrong' in parsed ? undefined : { runTask: { taskId, parameters: parsed.labels } };
    }
    case 'stop-task':
      return taskId === '' ? undefined : { stopTask: { taskId } };
    case 'statistics': {
      const counters = draft.counters.split(/[,\s]+/).filter((name) => name !== '');
      const isStream = draft.reading === 'stream';
      const interval = isStream ? { interval: `${draft.intervalSeconds}s` } : {};
      return applicationId === '' ? undefined : { getStatistics: { applicationId, counters, ...interval } };
    }
    default:
      return kind satisfies never;
  }
}

/** A stream of statistics ends by its deadline, one second after its last reading. */
function finishOf(kind: PushKind, draft: Draft): { finishWithin?: string } {
  if (kind !== 'statistics' || draft.reading === 'once') return {};
  const seconds = Math.max(11, draft.intervalSeconds * draft.readings + 1);
  return {
    finishWithin: `${draft.delivery === 'durable' ? seconds + Number.parseInt(draft.ttl, 10) : Math.min(seconds, 3_600)}s`,
  };
}

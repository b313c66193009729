import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useNavigate } from 'react-router';
import { client } from '../../api/client.ts';
import type { GroupPush } from '../../api/messages.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage, fieldError } from '../../components/error-message.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';

const waits = [
  { id: '', label: 'are left out' },
  { id: '3600s', label: 'get it within an hour' },
  { id: '86400s', label: 'get it within a day' },
  { id: '604800s', label: 'get it within a week' },
] as const;

/** Tells all devices of a group to synchronize now, and leads to the page that shows how it goes. */
export function ForceSyncDialog({ group, onClose }: { group: string; onClose: () => void }) {
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const [includesSubgroups, setIncludesSubgroups] = useState(true);
  const [rate, setRate] = useState<number>(Number.NaN);
  const [ttl, setTtl] = useState<string>('');
  // Pressed twice, it is one group push.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const starting = useMutation({
    mutationFn: () =>
      client.request<GroupPush>('POST', '/v1/group-pushes', {
        body: {
          ...{ group, excludeSubgroups: !includesSubgroups, idempotencyKey, operation: { forceSync: { reason } } },
          ...(ttl !== '' && { delivery: { ttl } }),
          ...(!Number.isNaN(rate) && { pace: { commandsPerSecond: rate } }),
        },
      }),
    onSuccess: ({ groupPushId }) => navigate(`/group-pushes/${groupPushId}`),
  });
  const errors = {
    reason: fieldError(starting.error, 'operation'),
    rate: fieldError(starting.error, 'pace.commandsPerSecond'),
  };
  return (
    <Dialog title={`Force synchronization of ${group}`} onClose={onClose}>
      <Form
        className="stack"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          if (!starting.isPending) starting.mutate();
        }}
      >
        <TextField
          label="Reason"
          hint="Devices are told it."
          error={errors.reason}
          value={reason}
          onChange={setReason}
          autoFocus
        />
        <Checkbox isSelected={includesSubgroups} onChange={setIncludesSubgroups}>
          Also the groups below it
        </Checkbox>
        <Select label="Devices that are away" value={ttl} onChange={setTtl} options={waits} />
        <NumberField
          label="Commands per second"
          hint="Empty: as fast as devices take them."
          error={errors.rate}
          value={rate}
          minValue={1}
          onChange={setRate}
        />
        {starting.error && !errors.reason && !errors.rate && <ErrorMessage error={starting.error} />}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={starting.isPending}>
            Synchronize
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

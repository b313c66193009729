import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { client, Problem } from '../../api/client.ts';
import { devicePath, devicesKey, makeDeviceSecret, putDevice } from '../../api/devices.ts';
import { useAddress } from '../../app/address.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage, fieldError } from '../../components/error-message.tsx';
import { Secret } from '../../components/secret.tsx';
import { TextField } from '../../components/text-field.tsx';
import { type DeviceDraft, DeviceFields, readDraft } from './device-fields.tsx';

/** Makes a device with a secret that the browser has drawn, and shows that once. */
export function CreateDeviceDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const address = useAddress();
  const [deviceId, setDeviceId] = useState('');
  const [draft, setDraft] = useState<DeviceDraft>({ group: address.get('group'), linkKinds: [], labels: '' });
  const create = useMutation({
    mutationFn: createDevice,
    onSuccess: () => queries.invalidateQueries({ queryKey: devicesKey }),
  });
  if (create.data) return <DeviceSecretDialog title="The device is made" {...create.data} onClose={onClose} />;
  const device = readDraft(draft);
  const isFieldError = ['device.deviceId', 'device.group', 'device.labels'].some((name) =>
    fieldError(create.error, name),
  );
  return (
    <Dialog title="New device" onClose={onClose}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (device && !create.isPending) create.mutate({ deviceId: deviceId.trim(), ...device });
        }}
      >
        <TextField
          label="Id"
          hint="It never changes; devices name themselves by it."
          value={deviceId}
          onChange={setDeviceId}
          error={fieldError(create.error, 'device.deviceId')}
          isRequired
          autoFocus
        />
        <DeviceFields draft={draft} onChange={setDraft} error={create.error} />
        {create.error && !isFieldError && <ErrorMessage error={create.error} />}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={create.isPending}
            isDisabled={!device || deviceId.trim() === '' || draft.group === ''}
          >
            Create
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

export interface DeviceSecretDialogProps {
  title: string;
  deviceId: string;
  secret: string;
  onClose: () => void;
}

/** Shows the secret of a device, once. */
export function DeviceSecretDialog({ title, deviceId, secret, onClose }: DeviceSecretDialogProps) {
  return (
    <Dialog title={title} onClose={onClose} isLocked>
      <p>
        Give this secret to the device <strong>{deviceId}</strong>; it proves by it who it is.
      </p>
      <Secret label={`Secret of ${deviceId}`} secret={secret} />
      <DialogButtons>
        <ButtonLink href={`/devices/${encodeURIComponent(deviceId)}`}>To the device</ButtonLink>
        <Button kind="primary" onPress={onClose}>
          Done
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

type NewDevice = { deviceId: string } & NonNullable<ReturnType<typeof readDraft>>;

/** @throws Problem ALREADY_EXISTS: a Put would replace the device */
async function createDevice(device: NewDevice): Promise<{ deviceId: string; secret: string }> {
  if (await exists(device.deviceId)) {
    const detail = 'There is a device of this id already.';
    throw new Problem({ status: 409, code: 'ALREADY_EXISTS', detail, field: 'device.deviceId' });
  }
  const secret = makeDeviceSecret();
  await putDevice({ device, secret });
  return { deviceId: device.deviceId, secret };
}

async function exists(deviceId: string): Promise<boolean> {
  try {
    await client.get(devicePath(deviceId));
    return true;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return false;
    throw error;
  }
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { client, Problem } from '../../api/client.ts';
import { deviceKey, devicePath, devicesKey, putDevice } from '../../api/devices.ts';
import type { Device } from '../../api/messages.ts';
import { formatLabels, labelList } from '../../app/labels.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage, fieldError } from '../../components/error-message.tsx';
import { notify } from '../../components/notices.tsx';
import { type DeviceDraft, DeviceFields, readDraft } from './device-fields.tsx';

/** Changes group, labels and links; what somebody else has changed meanwhile is shown, and nothing typed is lost. */
export function EditDeviceDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const queries = useQueryClient();
  const { deviceId } = device;
  const [base, setBase] = useState(device);
  const [draft, setDraft] = useState<DeviceDraft>({
    ...{ group: device.group, linkKinds: device.linkKinds, labels: labelList(device.labels).join('\n') },
  });
  const changed = readDraft(draft);
  const save = useMutation({
    mutationFn: async () => {
      if (!changed) return;
      const updateMask = 'group,labels,linkKinds';
      await putDevice({ device: { deviceId, ...changed, etag: base.etag }, updateMask });
      await queries.invalidateQueries({ queryKey: deviceKey(deviceId) });
      void queries.invalidateQueries({ queryKey: devicesKey });
      notify(`${deviceId} is changed.`);
      onClose();
    },
    onError: async (error) => {
      if (!isMismatch(error)) return;
      setBase(await client.get<Device>(devicePath(deviceId)));
    },
  });
  const isFieldError = ['device.group', 'device.labels'].some((name) => fieldError(save.error, name));
  return (
    <Dialog title={`Settings of ${deviceId}`} onClose={onClose}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <DeviceFields draft={draft} onChange={setDraft} error={save.error} />
        {isMismatch(save.error) ? (
          <p className="message message-warn" role="alert">
            Somebody else has changed this device meanwhile: its group is {base.group}, its labels are{' '}
            {formatLabels(base.labels) || 'none'}. Save again to replace that by what is typed here.
          </p>
        ) : (
          save.error && !isFieldError && <ErrorMessage error={save.error} />
        )}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={save.isPending || !changed}>
            Save
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

function isMismatch(error: unknown): boolean {
  return error instanceof Problem && error.code === 'ETAG_MISMATCH';
}

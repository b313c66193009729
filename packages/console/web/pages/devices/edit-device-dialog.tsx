import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { client, Problem } from '../../api/client.ts';
import { deviceKey, devicePath, devicesKey, putDevice } from '../../api/devices.ts';
import type { Device } from '../../api/messages.ts';
import { formatLinkKinds } from '../../app/format.ts';
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
  /** What somebody else has changed since the dialog was opened, or since the last try. */
  const [changes, setChanges] = useState<readonly string[]>([]);
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
      const now = await client.get<Device>(devicePath(deviceId));
      setChanges(changesBetween(base, now));
      setBase(now);
    },
  });
  const isFieldError = ['device.group', 'device.labels'].some((name) => fieldError(save.error, name));
  return (
    <Dialog title={`Settings of ${deviceId}`} onClose={onClose}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate();
        }}
      >
        <DeviceFields draft={draft} onChange={setDraft} error={save.error} autoFocus />
        {isMismatch(save.error) ? (
          <div className="message message-warn" role="alert">
            Somebody else has changed this device meanwhile. Save again to replace that by what is typed here.
            <ul>
              {changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          </div>
        ) : (
          save.error && !isFieldError && <ErrorMessage error={save.error} />
        )}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={save.isPending} isDisabled={!changed}>
            Save
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

/** `Labels: floor=2 → floor=7` */
function changesBetween(before: Device, now: Device): string[] {
  const shown = (device: Device) => [
    ['Group', device.group],
    ['Labels', formatLabels(device.labels) || 'none'],
    ['Links', formatLinkKinds(device.linkKinds)],
  ];
  const earlier = shown(before);
  return shown(now).flatMap(([name, value], index) => {
    const was = earlier[index]?.[1];
    return value === was ? [] : `${name}: ${was} → ${value}`;
  });
}

function isMismatch(error: unknown): boolean {
  return error instanceof Problem && error.code === 'ETAG_MISMATCH';
}

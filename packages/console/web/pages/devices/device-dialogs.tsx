import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { client } from '../../api/client.ts';
import { deviceKey, devicePath, devicesKey, makeDeviceSecret, putDevice } from '../../api/devices.ts';
import type { Device } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { useMay } from '../../app/session.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { notify } from '../../components/notices.tsx';
import { DeviceSecretDialog } from './create-device-dialog.tsx';
import { EditDeviceDialog } from './edit-device-dialog.tsx';
import { isPushDialog, PushDialog } from './push-dialog.tsx';

/** The dialog that the address names. */
export function DeviceDialogs({ device }: { device: Device }) {
  const address = useAddress();
  const mayPush = useMay('ROLE_OPERATOR');
  const mayChange = useMay('ROLE_ADMIN');
  const dialog = address.get('dialog');
  const onClose = () => address.change({ dialog: undefined });
  if (mayPush && isPushDialog(dialog)) return <PushDialog deviceId={device.deviceId} kind={dialog} onClose={onClose} />;
  if (mayPush && dialog === 'disconnect') return <DisconnectDialog device={device} onClose={onClose} />;
  if (!mayChange) return null;
  if (dialog === 'edit') return <EditDeviceDialog device={device} onClose={onClose} />;
  if (dialog === 'new-secret') return <NewSecretDialog device={device} onClose={onClose} />;
  if (dialog === 'delete') return <DeleteDialog device={device} onClose={onClose} />;
  return null;
}

interface DeviceDialogProps {
  device: Device;
  onClose: () => void;
}

function DisconnectDialog({ device: { deviceId }, onClose }: DeviceDialogProps) {
  const disconnect = async () => {
    await client.request('POST', `${devicePath(deviceId)}/disconnect`, { body: {} });
    notify(`The link of ${deviceId} ends.`);
  };
  return (
    <ConfirmDialog title={`Disconnect ${deviceId}?`} verb="Disconnect" onConfirm={disconnect} onClose={onClose}>
      Its link and its tunnels end within two seconds. It may come back at once, by asking a balancer with its secret.
    </ConfirmDialog>
  );
}

function NewSecretDialog({ device, onClose }: DeviceDialogProps) {
  const queries = useQueryClient();
  const [secret, setSecret] = useState<string>();
  const { deviceId } = device;
  const replace = async () => {
    const made = makeDeviceSecret();
    const { group, labels, linkKinds, etag } = device;
    await putDevice({ device: { deviceId, group, labels, linkKinds, etag }, secret: made });
    setSecret(made);
    await queries.invalidateQueries({ queryKey: deviceKey(deviceId) });
  };
  if (secret !== undefined) {
    return <DeviceSecretDialog title="The new secret" deviceId={deviceId} secret={secret} onClose={onClose} />;
  }
  return (
    <ConfirmDialog
      title={`New secret for ${deviceId}?`}
      verb="Make a new secret"
      isDangerous
      onConfirm={replace}
      onClose={onClose}
      staysOpen
    >
      The one that it has is void at once, and its link ends within two seconds. The device comes back when it has the
      new one.
    </ConfirmDialog>
  );
}

function DeleteDialog({ device: { deviceId }, onClose }: DeviceDialogProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = async () => {
    await client.request('DELETE', devicePath(deviceId));
    notify(`${deviceId} is deleted.`);
    await navigate('/devices', { replace: true });
    queries.removeQueries({ queryKey: deviceKey(deviceId) });
    await queries.invalidateQueries({ queryKey: devicesKey });
  };
  return (
    <ConfirmDialog
      title={`Delete ${deviceId}?`}
      verb="Delete"
      isDangerous
      onConfirm={remove}
      onClose={onClose}
      staysOpen
    >
      It loses its link within two seconds and cannot come back. Commands that wait for it are cancelled. This cannot be
      undone.
    </ConfirmDialog>
  );
}

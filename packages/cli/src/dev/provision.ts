import type { AdminClient } from '@pushfleet/admin-sdk';
import { deviceSecretFile, ensureSecretFile } from '../state/secrets.ts';
import { demoDevices, demoGroup, demoNodes, workbenchDevice, workbenchGroup } from './demo-plan.ts';

/** Two workers hold them under the file limits of most machines. */
const maxConnections = 10_000;

export interface ProvisionOptions {
  stateDir: string;
  host: string;
  /** Of the first push server; the others take the ports after it. */
  devicePort: number;
  signal: AbortSignal;
}

/** Tells the cluster of its groups, distribution points and devices. Does no harm when all are there already. */
export async function provision(client: AdminClient, options: ProvisionOptions): Promise<void> {
  const { stateDir, host, devicePort, signal } = options;
  const groups = [demoGroup, workbenchGroup];
  for (const group of groups) await client.groups.put(group, { signal });
  for (const [index, distributionPointId] of demoNodes.entries()) {
    const pushServer = { enabled: true, address: host, port: devicePort + index, maxConnections };
    await client.distributionPoints.put({ distributionPointId, groups, pushServer }, { signal });
  }
  const devices = demoDevices.map(({ id }) => ({ deviceId: id, group: demoGroup }));
  await Promise.all(
    [...devices, { deviceId: workbenchDevice, group: workbenchGroup }].map((device) => {
      const secret = ensureSecretFile(deviceSecretFile(stateDir, device.deviceId));
      return client.devices.put({ ...device, secret }, { signal });
    }),
  );
}

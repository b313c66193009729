// One process of a fleet: connects its devices, answers every command with success, ends with its parent.
import { once } from 'node:events';
import { createDevice, type LinkKind } from '@pushfleet/device-sdk';

export interface FleetTask {
  ids: string[];
  links: readonly LinkKind[];
  balancers: readonly string[];
  ca: string;
  secret: string;
  plaintextLink?: boolean;
}

/** Devices that connect at the same time. */
const concurrency = 64;

const [task] = (await once(process, 'message')) as [FleetTask];
const { ids, links, ...shared } = task;
const devices = ids.map((deviceId, index) => {
  const link = links[index % links.length] as LinkKind;
  const device = createDevice({ ...shared, deviceId, link });
  device.onCommand(async () => ({}));
  return device;
});

const waiting = devices.values();
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    for (const device of waiting) {
      device.start();
      await device.connected();
    }
  }),
);
process.send?.('connected');
await once(process, 'disconnect');
process.exit(0);

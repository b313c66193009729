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

/** Messages of the process: the first once its devices are connected, the second whenever it is asked. */
export type FleetWord = 'connected' | { commandsRun: number };

/** Devices that connect at the same time. */
const concurrency = 64;

const [task] = (await once(process, 'message')) as [FleetTask];
const { ids, links, ...shared } = task;
let commandsRun = 0;
const devices = ids.map((deviceId, index) => {
  const link = links[index % links.length] as LinkKind;
  const device = createDevice({ ...shared, deviceId, link });
  device.handle('forceSync', answer);
  device.handle('runTask', answer);
  device.handle('custom', answer);
  return device;
});

function answer(): void {
  commandsRun += 1;
}

function say(word: FleetWord): void {
  process.send?.(word);
}

const waiting = devices.values();
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    for (const device of waiting) {
      device.start();
      await device.connected();
    }
  }),
);
say('connected');
process.on('message', () => say({ commandsRun }));
await once(process, 'disconnect');
process.exit(0);

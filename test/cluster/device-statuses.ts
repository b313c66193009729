import type { Device } from '@pushfleet/device-sdk';
import type { TestDevice } from './test-devices.ts';

/** Resolves with the first status other than *connected*, however short it is. */
export function closes(device: Device): Promise<void> {
  return new Promise((resolve) => {
    const unlisten = device.onStatus((status) => {
      if (status.kind === 'connected') return;
      unlisten();
      resolve();
    });
  });
}

/**
 * Counts from now on how often a device has not got in where it was sent: it may end up elsewhere, while the place that was kept
 * for it there stays empty, so that each of them may make a spread uneven by two.
 */
export function countDetours(devices: readonly TestDevice[]): () => number {
  let detours = 0;
  for (const { device } of devices) {
    let isConnecting = false;
    device.onStatus(({ kind }) => {
      if (isConnecting && kind !== 'connected') detours += 1;
      isConnecting = kind === 'connecting';
    });
  }
  return () => detours;
}

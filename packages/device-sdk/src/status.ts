import type { device } from '@pushfleet/protocol';
import type { Cause } from './plan.ts';

/** The state of the device's connection to pushfleet. */
export type DeviceStatus =
  | { kind: 'idle' }
  /** Asks a balancer for an assignment. */
  | { kind: 'assigning' }
  | { kind: 'connecting'; server: device.Server }
  /** Commands can come. */
  | { kind: 'connected'; server: device.Server }
  /** Tries again in `forMs`; without a cause: waits for its turn. */
  | { kind: 'waiting'; forMs: number; cause: Cause | undefined }
  /** Does not try again by itself. Reason `goodbye`: it was asked to stop. */
  | { kind: 'stopped'; cause: Cause };

/** The device will not be connected. */
export class DeviceStopped extends Error {
  override readonly name = 'DeviceStopped';
  readonly reason: Cause['reason'];

  constructor({ reason, detail }: Cause) {
    super(`the device has stopped (${reason}): ${detail}`);
    this.reason = reason;
  }
}

/** The source of the present status and of those to come. */
export interface StatusSource {
  readonly currentStatus: DeviceStatus;
  onStatus(listener: (status: DeviceStatus) => void): () => void;
}

/**
 * The present status, then every change, until the signal aborts. A reader that is slow finds the latest status only: what
 * lay between is left out, and nothing piles up.
 */
export async function* statusStream(source: StatusSource, signal?: AbortSignal): AsyncGenerator<DeviceStatus, void> {
  let changed = Promise.withResolvers<void>();
  const wake = () => changed.resolve();
  const end = source.onStatus(wake);
  signal?.addEventListener('abort', wake, { once: true });
  try {
    while (!signal?.aborted) {
      changed = Promise.withResolvers();
      yield source.currentStatus;
      await changed.promise;
    }
  } finally {
    end();
    signal?.removeEventListener('abort', wake);
  }
}

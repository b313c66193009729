import type { device } from '@pushfleet/protocol';
import type { Cause } from './connect/plan.ts';

/** Where the device stands with pushfleet. */
export type DeviceStatus =
  | { kind: 'idle' }
  /** Asks a balancer where it belongs. */
  | { kind: 'assigning' }
  | { kind: 'connecting'; server: device.Server }
  /** Commands can come. */
  | { kind: 'connected'; server: device.Server }
  /** Tries again in `forMs`. */
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

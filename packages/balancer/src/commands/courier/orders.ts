import type { CommandId, DeviceId } from '@pushfleet/protocol';
import type { Outgoing, Parcel } from './outgoing.ts';

const orderBytes = 256;

/** Tells a worker that a command is withdrawn. */
export class CancelParcel implements Parcel {
  readonly sizeBytes = orderBytes;
  readonly #order: { deviceId: DeviceId; commandId: CommandId; reason: string };

  constructor(deviceId: DeviceId, commandId: CommandId, reason: string) {
    this.#order = { deviceId, commandId, reason };
  }

  pack(messages: Outgoing): boolean {
    messages.cancel(this.#order);
    return true;
  }
}

/** Tells a worker to drop a command that it has not sent yet, because nobody waits for it any more. */
export class DiscardParcel implements Parcel {
  readonly sizeBytes = orderBytes;
  readonly #discard: { deviceId: DeviceId; commandId: CommandId };

  constructor(deviceId: DeviceId, commandId: CommandId) {
    this.#discard = { deviceId, commandId };
  }

  pack(messages: Outgoing): boolean {
    messages.discard(this.#discard);
    return true;
  }
}

/** Makes a worker read the queue of a device in the registry. */
export class WakeupParcel implements Parcel {
  readonly sizeBytes = orderBytes;
  readonly #deviceId: DeviceId;

  constructor(deviceId: DeviceId) {
    this.#deviceId = deviceId;
  }

  pack(messages: Outgoing): boolean {
    messages.wakeup({ deviceId: this.#deviceId });
    return true;
  }
}

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

/** Tells a worker that nobody waits for a command any more. */
export class WithdrawParcel implements Parcel {
  readonly sizeBytes = orderBytes;
  readonly #withdrawal: { deviceId: DeviceId; commandId: CommandId };

  constructor(deviceId: DeviceId, commandId: CommandId) {
    this.#withdrawal = { deviceId, commandId };
  }

  pack(messages: Outgoing): boolean {
    messages.withdraw(this.#withdrawal);
    return true;
  }
}

/** Tells a worker to look into the registry for commands of a device. */
export class PokeParcel implements Parcel {
  readonly sizeBytes = orderBytes;
  readonly #deviceId: DeviceId;

  constructor(deviceId: DeviceId) {
    this.#deviceId = deviceId;
  }

  pack(messages: Outgoing): boolean {
    messages.poke({ deviceId: this.#deviceId });
    return true;
  }
}

import { type CommandId, type common, type DeviceId, operationBytes } from '@pushfleet/protocol';
import type { NewCommand, SessionRef } from '@pushfleet/registry';
import type { Outgoing, Parcel } from '../courier/outgoing.ts';

/** A durable command that the registry has ROUTED, on its way to the worker that holds the session. */
export class Handover implements Parcel {
  readonly id: CommandId;
  readonly device: DeviceId;
  readonly session: SessionRef;
  readonly #operation: common.Operation;
  readonly #deliverByMs: number;
  readonly #finishByMs: number;
  readonly #onUnsent: (handover: Handover) => void;

  /** @param onUnsent Its time was over before it could be written. */
  constructor(command: NewCommand, session: SessionRef, nowMs: number, onUnsent: (handover: Handover) => void) {
    this.id = command.id;
    this.device = command.device;
    this.session = session;
    this.#operation = command.operation;
    this.#deliverByMs = nowMs + command.ttlMs;
    this.#finishByMs = nowMs + command.finishWithinMs;
    this.#onUnsent = onUnsent;
  }

  get sizeBytes(): number {
    return operationBytes(this.#operation);
  }

  pack(messages: Outgoing, nowMs: number): boolean {
    const deliverWithinMs = this.#deliverByMs - nowMs;
    if (deliverWithinMs < 1) {
      this.#onUnsent(this);
      return false;
    }
    messages.push({
      commandId: this.id,
      deviceId: this.device,
      epoch: this.session.epoch,
      operation: this.#operation,
      deliverWithinMs,
      finishWithinMs: this.#finishByMs - nowMs,
    });
    return true;
  }
}

import { type Clock, DeadlineQueue } from '@pushfleet/runtime';

/** The longest time that an acknowledgement waits for another packet to the same device, in milliseconds. */
const delayMs = 250;
/** How late those that found no packet to go with may be besides. */
const resolutionMs = 50;

/** A connection with acknowledgements that wait. */
export interface Acknowledging {
  /** Writes them by themselves. */
  writeAcks(): void;
}

/**
 * The connections of a worker whose last PUBACKs wait a moment for the next packet, to be written with it: a device that has just
 * answered a command often gets another one soon. A write of its own for each costs a worker 45 % more CPU per command over TLS.
 */
export class DelayedAcks {
  readonly #clock: Clock;
  readonly #waiting = new DeadlineQueue<Acknowledging>(delayMs);
  #timer: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(connection: Acknowledging): void {
    this.#waiting.set(connection, this.#clock.now());
    this.#timer ??= this.#clock.after(delayMs, () => this.#writeDue());
  }

  /** They are written, or never will be. */
  remove(connection: Acknowledging): void {
    this.#waiting.delete(connection);
  }

  #writeDue(): void {
    this.#timer = undefined;
    for (const connection of this.#waiting.takeDue(this.#clock.now())) connection.writeAcks();
    if (this.#waiting.size > 0) this.#timer ??= this.#clock.after(resolutionMs, () => this.#writeDue());
  }
}

import type { AttendedTime } from '@pushfleet/runtime';

const lookEveryMs = 1_000;

export interface SupervisorWatchOptions {
  /** Silence after which the supervisor counts as hung. */
  hungAfterMs: number;
  attended: AttendedTime;
  /** Called once, with the time of silence. */
  onHung(silentMs: number): void;
}

/**
 * Finds a supervisor that hangs. The registry has taken the push server for dead long since, no device is assigned to it any more, and no
 * request to stop would be heard.
 */
export class SupervisorWatch implements Disposable {
  readonly #attended: AttendedTime;
  readonly #look: Disposable;
  #heardAtMs: number;

  constructor({ hungAfterMs, attended, onHung }: SupervisorWatchOptions) {
    this.#attended = attended;
    this.#heardAtMs = attended.now();
    this.#look = attended.every(lookEveryMs, () => {
      const silentMs = attended.now() - this.#heardAtMs;
      if (silentMs < hungAfterMs) return;
      this[Symbol.dispose]();
      onHung(silentMs);
    });
  }

  /** The supervisor has said something. */
  onHeard(): void {
    this.#heardAtMs = this.#attended.now();
  }

  [Symbol.dispose](): void {
    this.#look[Symbol.dispose]();
  }
}

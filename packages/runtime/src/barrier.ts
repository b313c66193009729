import type { Logger } from './logger.ts';

export interface BarrierOptions {
  logger: Logger;
}

/**
 * Runs what a peer's bytes can cause: the handling of one packet, message or request. An exception in there ends
 * that link or call and nothing else; it is counted, and logged. No method of it ever throws.
 */
export class Barrier {
  readonly #options: BarrierOptions;
  readonly #faults = new Map<string, number>();

  constructor(options: BarrierOptions) {
    this.#options = options;
  }

  /** Exceptions so far, by the place at which they were caught, such as `mqtt packet`. */
  get faults(): ReadonlyMap<string, number> {
    return this.#faults;
  }

  /**
   * @param place What runs, one of a few fixed names; the key in `faults`.
   * @param onFault Ends the link or call. Called at most once; may throw itself.
   */
  run(place: string, run: () => void, onFault: () => void): void {
    try {
      run();
    } catch (error) {
      this.#onFault(place, error, onFault);
    }
  }

  /** The same as `run`, for work that goes on after the turn of the event loop in which it began. Never rejects. */
  async runAsync(place: string, run: () => Promise<void>, onFault: () => void): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#onFault(place, error, onFault);
    }
  }

  /** Counts and logs an exception that was caught by somebody else, such as a library. */
  report(place: string, error: unknown): void {
    const faults = (this.#faults.get(place) ?? 0) + 1;
    this.#faults.set(place, faults);
    this.#options.logger.error({ place, faults, err: error }, 'an exception was stopped at the barrier');
  }

  #onFault(place: string, error: unknown, onFault: () => void): void {
    this.report(place, error);
    try {
      onFault();
    } catch (second) {
      this.report(place, second);
    }
  }
}

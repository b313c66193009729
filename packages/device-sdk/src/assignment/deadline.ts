import type { Clock } from '../clock.ts';

/** For one balancer to answer. */
const askWithinMs = 10_000;

/**
 * The time that one question may take, within a longer run. Leaves no timer behind: AbortSignal.timeout would hold all
 * that hangs on the signal until it fires.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #run: AbortSignal;
  readonly #timer: Disposable;
  readonly #abort = () => this.#controller.abort(this.#run.reason);

  constructor(clock: Clock, run: AbortSignal, whatFails: string) {
    this.#run = run;
    this.#timer = clock.after(askWithinMs, () => {
      this.#controller.abort(new Error(`${whatFails} within ${askWithinMs} ms`));
    });
    if (run.aborted) this.#abort();
    else run.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#run.removeEventListener('abort', this.#abort);
  }
}

import type { Clock } from '../clock.ts';
import type { CommandContext } from './command.ts';

/** What a handler holds of its command. The signal and its timer come into being only where the handler asks for it. */
export class RunningCommand implements CommandContext, Disposable {
  /** Own property, so that a handler may take it off the context. */
  readonly progress: () => void;
  readonly #clock: Clock;
  readonly #finishByMs: number | undefined;
  #controller: AbortController | undefined;
  #timer: Disposable | undefined;
  #aborted: Error | undefined;
  #ended = false;

  constructor(clock: Clock, finishWithinMs: number, report: () => void) {
    this.#clock = clock;
    this.#finishByMs = finishWithinMs > 0 ? clock.now() + finishWithinMs : undefined;
    this.progress = () => {
      if (!this.#ended) report();
    };
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) this.#arm(new AbortController());
    return (this.#controller as AbortController).signal;
  }

  abort(reason: Error): void {
    this.#aborted ??= reason;
    this.#controller?.abort(this.#aborted);
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#timer?.[Symbol.dispose]();
  }

  #arm(controller: AbortController): void {
    this.#controller = controller;
    if (this.#aborted !== undefined) return controller.abort(this.#aborted);
    if (this.#finishByMs === undefined || this.#ended) return;
    const leftMs = Math.max(this.#finishByMs - this.#clock.now(), 0);
    this.#timer = this.#clock.after(leftMs, () => this.abort(new Error('the time to finish the command has passed')));
  }
}

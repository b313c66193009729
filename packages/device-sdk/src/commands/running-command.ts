import { type device, limits } from '@pushfleet/protocol';
import type { Clock } from '../clock.ts';
import type { LinkCommand } from '../link.ts';
import { CommandCancelled, type CommandContext, type CommandProgress } from './command.ts';
import { shorten } from './ending.ts';

/** `needed`: the progress is sent even where the link is congested. */
type Report = (running: RunningCommand, needed: boolean) => void;

/** The context that a handler gets. The signal and its timer are created only where the handler asks for it. */
export class RunningCommand implements CommandContext, Disposable {
  readonly commandId: string;
  readonly finishWithinMs: number;
  readonly durable: boolean;
  /** Own property, so that a handler may take it off the context. */
  readonly progress: (progress?: CommandProgress) => void;
  /** The progress that was reported last. */
  last: device.Running = { progress: null, statistics: null };
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #finishByMs: number | undefined;
  #controller: AbortController | undefined;
  #timer: Disposable | undefined;
  #aborted: Error | undefined;
  #ended = false;

  constructor(clock: Clock, command: LinkCommand, report: Report) {
    this.commandId = command.id;
    this.finishWithinMs = command.finishWithinMs;
    this.durable = command.durable;
    this.#clock = clock;
    this.#report = report;
    this.#finishByMs = command.finishWithinMs > 0 ? clock.now() + command.finishWithinMs : undefined;
    this.progress = (progress) => this.say(progress === undefined ? {} : { progress: readProgress(progress) });
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) this.#arm(new AbortController());
    return (this.#controller as AbortController).signal;
  }

  /** Whether, and how, the command was cancelled. */
  get cancelled(): CommandCancelled | undefined {
    return this.#aborted instanceof CommandCancelled ? this.#aborted : undefined;
  }

  /** Reports to the Administration Server that the command runs now. */
  begun(): void {
    this.#report(this, true);
  }

  say(what: Partial<device.Running>): void {
    if (this.#ended) return;
    this.last = { ...this.last, ...what };
    this.#report(this, false);
  }

  /** The first reason is the one that counts. */
  abort(reason: Error): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = reason;
    this.#controller?.abort(reason);
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

function readProgress({ percent = 0, message = '' }: CommandProgress): device.Running['progress'] {
  // Not a number is nothing.
  const whole = Math.min(Math.max(Math.round(percent) || 0, 0), 100);
  return { percent: whole, message: shorten(message, limits.reasonChars) };
}

import type { Caller } from './caller.ts';
import { answerOf } from './command.ts';
import type { Joiner, PendingCommand } from './pending-command.ts';
import type { AwaitedStep } from './push.ts';

/** A push of a direct command that is here already: its caller waits with the first one. */
export class JoinedPush implements Joiner {
  readonly command: PendingCommand;
  readonly caller: Caller;
  readonly #wait: AwaitedStep;
  readonly #tag: number;
  readonly #onTold: () => void;

  /** @param onTold Called once the caller has been told, unless that is before this returns. */
  constructor(command: PendingCommand, wait: AwaitedStep, caller: Caller, tag: number, onTold: () => void) {
    this.command = command;
    this.caller = caller;
    this.#wait = wait;
    this.#tag = tag;
    this.#onTold = onTold;
    if (this.#tell()) return;
    command.joined ??= new Set();
    command.joined.add(this);
  }

  get isWaiting(): boolean {
    return this.command.joined?.has(this) ?? false;
  }

  onChange(): void {
    if (!this.#tell()) return;
    this.leave();
    this.#onTold();
  }

  refuse(error: unknown): void {
    this.leave();
    this.#onTold();
    this.caller.onRefused(this.#tag, error);
  }

  leave(): void {
    this.command.joined?.delete(this);
  }

  #tell(): boolean {
    const status = answerOf(this.command.state, this.#wait);
    if (status) this.caller.onAnswer(this.#tag, this.command.answerWith(status));
    return status !== undefined;
  }
}

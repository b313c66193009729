import { createLimiter } from '@pushfleet/runtime';
import type { CommandRef, PushDesk } from '../commands/push-desk.ts';

const atOnce = 64;
const reason = 'the group push was cancelled';

/** Withdraws commands of a group push, so many at a time. */
export class Canceller {
  readonly #desk: Pick<PushDesk, 'cancel'>;
  readonly #asked = new Set<string>();
  #pass: Promise<unknown> | undefined;

  constructor(desk: Pick<PushDesk, 'cancel'>) {
    this.#desk = desk;
  }

  /**
   * Asks for each of these, once. Those that could not be asked for, because they are not known yet or the registry does
   * not answer, are asked for the next time; nothing happens while an earlier call is at it.
   */
  cancel(commands: readonly CommandRef[]): void {
    const limit = createLimiter(atOnce);
    this.#pass ??= Promise.all(
      commands.filter(({ id }) => !this.#asked.has(id)).map((command) => limit(() => this.#ask(command))),
    ).finally(() => {
      this.#pass = undefined;
    });
  }

  async #ask(command: CommandRef): Promise<void> {
    const kind = await this.#desk.cancel(command, reason).catch(() => 'unknown');
    if (kind !== 'unknown') this.#asked.add(command.id);
  }
}

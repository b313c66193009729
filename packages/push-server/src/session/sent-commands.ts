import type { CommandId } from '@pushfleet/protocol';
import type { ReportTo } from './command.ts';

/** A command that is written to the link, without its payload, which would stay in memory until the result comes. */
export interface SentCommand {
  id: CommandId;
  channel: ReportTo;
  finishByMs: number;
  /** When it was written. */
  sentAtMs: number;
  confirmed: boolean;
  /** For how long a device that has not confirmed it may be silent. */
  answerWithinMs: number;
  /** Since when it is on the wire, by the attended clock; found out within a second. */
  awaitedSinceMs: number | undefined;
}

/**
 * Commands by their ids, in the order in which they were added. One is held without a Map, whose tables are 0.5 KB of garbage: most outboxes
 * hold no more than one at a time.
 */
export class SentCommands {
  /** Older than all others. */
  #first: SentCommand | undefined;
  #others: Map<CommandId, SentCommand> | undefined;

  get size(): number {
    return (this.#first ? 1 : 0) + (this.#others?.size ?? 0);
  }

  get(id: CommandId): SentCommand | undefined {
    return this.#first?.id === id ? this.#first : this.#others?.get(id);
  }

  /** None with the same id may be there. */
  add(command: SentCommand): void {
    if (this.size === 0) this.#first = command;
    else {
      this.#others ??= new Map();
      this.#others.set(command.id, command);
    }
  }

  delete(id: CommandId): void {
    if (this.#first?.id === id) this.#first = undefined;
    else this.#others?.delete(id);
  }

  /** Commands may be deleted meanwhile. */
  *values(): Generator<SentCommand, void, undefined> {
    if (this.#first) yield this.#first;
    if (this.#others) yield* this.#others.values();
  }
}

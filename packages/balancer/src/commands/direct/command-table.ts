import type { CommandIds } from '../command-id.ts';
import type { PendingCommand } from './pending-command.ts';

/** A power of two, well above what is in flight through a few streams. */
const ringSlots = 16_384;

/**
 * Direct commands in flight, by their ids. One whose id was made here has its slot in a ring by the number in it: no text is hashed, and
 * nothing keeps a command that was deleted from the next cheap garbage collection. Those with chosen ids, and those whose slot
 * another one still has, are in a Map.
 */
export class CommandTable {
  readonly #ids: Pick<CommandIds, 'numberOf'>;
  readonly #ring: (PendingCommand | undefined)[] = new Array(ringSlots).fill(undefined);
  readonly #others = new Map<string, PendingCommand>();
  #inRing = 0;

  constructor(ids: Pick<CommandIds, 'numberOf'>) {
    this.#ids = ids;
  }

  get size(): number {
    return this.#inRing + this.#others.size;
  }

  get(id: string): PendingCommand | undefined {
    const slot = this.#slotOf(id);
    const command = slot < 0 ? undefined : this.#ring[slot];
    if (command?.id === id) return command;
    return this.#others.size > 0 ? this.#others.get(id) : undefined;
  }

  /** None with the same id may be there. */
  add(command: PendingCommand): void {
    const slot = this.#slotOf(command.id);
    if (slot < 0 || this.#ring[slot]) {
      this.#others.set(command.id, command);
      return;
    }
    this.#ring[slot] = command;
    this.#inRing += 1;
  }

  /** `false`: it was not there. */
  delete(command: PendingCommand): boolean {
    const slot = this.#slotOf(command.id);
    if (slot < 0 || this.#ring[slot] !== command) return this.#others.size > 0 && this.#others.delete(command.id);
    this.#ring[slot] = undefined;
    this.#inRing -= 1;
    return true;
  }

  /** Commands may be deleted meanwhile. */
  *values(): Generator<PendingCommand, void, undefined> {
    for (const command of this.#ring) if (command) yield command;
    yield* this.#others.values();
  }

  /** Negative: the id was not made here. */
  #slotOf(id: string): number {
    const number = this.#ids.numberOf(id);
    return number < 0 ? -1 : number % ringSlots;
  }
}

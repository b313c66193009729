import { type Ending, outputBytes } from './ending.ts';

/** A command that the device had begun before it was restarted. */
export interface StoredCommand {
  id: string;
  /** `begun`: it had not ended. `forgotten`: it had ended, and how is not kept any more. */
  ending: Ending | 'begun' | 'forgotten';
}

/**
 * Remembers over restarts which commands a device has begun and how they ended, so that none is run twice. Belongs to one device.
 * Bounded: it may forget the oldest that have ended.
 */
export interface CommandStore {
  /** All that is remembered, oldest first. Called once, before the device connects. */
  load(): Promise<Iterable<StoredCommand>>;
  /** Resolves when the command is remembered whatever happens to the machine: it is run after that, or never. */
  begin(id: string): Promise<void>;
  /** Resolves when its end is remembered, should the process die: the result is sent after that. */
  end(id: string, ending: Ending): Promise<void>;
}

/** Output bytes of all results that are remembered. */
const rememberedOutputBytes = 1_048_576;

/**
 * The ends of the last `capacity` commands, so that none is run twice. Outputs are remembered as long as they fit: of an older
 * command only the id is left.
 */
export class CommandLog {
  readonly #capacity: number;
  /** Created by the first command that ends. */
  #ended: Map<string, Ending | undefined> | undefined;
  #outputBytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ended?.has(id) ?? false;
  }

  /** `undefined`: the command has not ended, or its end is forgotten. */
  find(id: string): Ending | undefined {
    return this.#ended?.get(id);
  }

  end(id: string, ending: Ending | undefined): void {
    this.#ended ??= new Map();
    this.#ended.set(id, ending);
    this.#outputBytes += ending === undefined ? 0 : outputBytes(ending);
    if (this.#ended.size > this.#capacity) this.#forgetOldest(this.#ended);
    if (this.#outputBytes > rememberedOutputBytes) this.#forgetOutputs(this.#ended, id);
  }

  #forgetOldest(ended: Map<string, Ending | undefined>): void {
    const oldest = ended.entries().next().value;
    if (oldest === undefined) return;
    ended.delete(oldest[0]);
    this.#outputBytes -= oldest[1] === undefined ? 0 : outputBytes(oldest[1]);
  }

  #forgetOutputs(ended: Map<string, Ending | undefined>, newest: string): void {
    for (const [id, ending] of ended) {
      if (this.#outputBytes <= rememberedOutputBytes || id === newest) return;
      if (ending === undefined || outputBytes(ending) === 0) continue;
      this.#outputBytes -= outputBytes(ending);
      ended.set(id, undefined);
    }
  }
}

/** Remembers the last `capacity` ids that were added; the oldest is forgotten. */
export class RecentIds {
  readonly #capacity: number;
  readonly #ids = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size > this.#capacity) this.#ids.delete(this.#ids.values().next().value ?? '');
  }

  /** `false`: the id was not known. */
  delete(id: string): boolean {
    return this.#ids.delete(id);
  }
}

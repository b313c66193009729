import { type Ending, outputBytes } from './ending.ts';

/** Of all results that are remembered together. */
const rememberedOutputBytes = 1_048_576;

/**
 * How the last `capacity` commands that have ended did so, so that none is run twice. Outputs are remembered as long as
 * they fit: of an older command only the id is left.
 */
export class CommandLog {
  readonly #capacity: number;
  /** A device that was never told anything has none. */
  #ended: Map<string, Ending | undefined> | undefined;
  #outputBytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ended?.has(id) ?? false;
  }

  /** `undefined`: it has not ended, or how it did is forgotten. */
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

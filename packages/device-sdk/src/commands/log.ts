import { type Ending, outputBytes } from './ending.ts';

export type Seen = { kind: 'new' } | { kind: 'running' } | { kind: 'ended'; ending: Ending | undefined };

/** Of all results that are remembered together. */
const rememberedOutputBytes = 1_048_576;

/**
 * Which commands the device has seen, so that none is run twice. Remembers those that run, and the last `capacity` that
 * ended. Outputs are remembered as long as they fit: of an older command only the id is left.
 */
export class CommandLog {
  readonly #capacity: number;
  readonly #running = new Set<string>();
  readonly #ended = new Map<string, Ending | undefined>();
  #outputBytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get running(): number {
    return this.#running.size;
  }

  find(id: string): Seen {
    if (this.#running.has(id)) return { kind: 'running' };
    return this.#ended.has(id) ? { kind: 'ended', ending: this.#ended.get(id) } : { kind: 'new' };
  }

  begin(id: string): void {
    this.#running.add(id);
  }

  end(id: string, ending: Ending): void {
    this.#running.delete(id);
    this.#ended.set(id, ending);
    this.#outputBytes += outputBytes(ending);
    if (this.#ended.size > this.#capacity) this.#forgetOldest();
    if (this.#outputBytes > rememberedOutputBytes) this.#forgetOutputs(id);
  }

  #forgetOldest(): void {
    const oldest = this.#ended.entries().next().value;
    if (oldest === undefined) return;
    this.#ended.delete(oldest[0]);
    this.#outputBytes -= oldest[1] === undefined ? 0 : outputBytes(oldest[1]);
  }

  #forgetOutputs(newest: string): void {
    for (const [id, ending] of this.#ended) {
      if (this.#outputBytes <= rememberedOutputBytes || id === newest) return;
      if (ending === undefined || outputBytes(ending) === 0) continue;
      this.#outputBytes -= outputBytes(ending);
      this.#ended.set(id, undefined);
    }
  }
}

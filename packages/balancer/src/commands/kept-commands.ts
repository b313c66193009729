/** What is kept; `keptBytes` belongs to the keeper. */
export interface Keepable {
  readonly id: string;
  keptBytes: number;
}

/** Bounded by number and by size; when full, those that came first make room. */
export class KeptCommands<Command extends Keepable> {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  readonly #onDropped: (command: Command) => void;
  readonly #commands = new Map<string, Command>();
  #bytes = 0;

  constructor(maxItems: number, maxBytes: number, onDropped: (command: Command) => void = () => {}) {
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
    this.#onDropped = onDropped;
  }

  get size(): number {
    return this.#commands.size;
  }

  get oldest(): Command | undefined {
    return this.#commands.values().next().value;
  }

  get(id: string): Command | undefined {
    return this.#commands.get(id);
  }

  add(command: Command, bytes: number): void {
    if (this.#commands.has(command.id)) return;
    command.keptBytes = bytes;
    this.#bytes += bytes;
    this.#commands.set(command.id, command);
    while (this.#commands.size > this.#maxItems || this.#bytes > this.#maxBytes) this.#dropOldest();
  }

  delete(command: Command): void {
    if (this.#commands.delete(command.id)) this.#bytes -= command.keptBytes;
  }

  #dropOldest(): void {
    const { oldest } = this;
    if (!oldest) return;
    this.delete(oldest);
    this.#onDropped(oldest);
  }
}

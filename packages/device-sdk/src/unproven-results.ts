interface Entry {
  bytes: number;
  /** Number of pings that had been sent before. */
  afterPings: number;
  proven: () => void;
}

const maxEntries = 64;
const maxBytes = 1_048_576;

/**
 * Results that were written to a link and that nobody acknowledges, so that it is not known yet whether they arrived. A
 * server reads in order, so its answer to a later ping proves it. A link that carries much between two pings
 * does not wait: beyond the bounds the oldest is taken for proven.
 */
export class UnprovenResults {
  readonly #entries: Entry[] = [];
  #bytes = 0;
  #pings = 0;
  #pongs = 0;

  add(bytes: number, proven: () => void): void {
    this.#entries.push({ bytes, afterPings: this.#pings, proven });
    this.#bytes += bytes;
    while (this.#entries.length > maxEntries || this.#bytes > maxBytes) this.#takeOldest()?.proven();
  }

  onPing(): void {
    this.#pings += 1;
  }

  onPong(): void {
    this.#pongs += 1;
    for (;;) {
      const oldest = this.#entries[0];
      if (oldest === undefined || oldest.afterPings >= this.#pongs) return;
      this.#takeOldest()?.proven();
    }
  }

  #takeOldest(): Entry | undefined {
    const oldest = this.#entries.shift();
    this.#bytes -= oldest?.bytes ?? 0;
    return oldest;
  }
}

/** Samples that are kept of one thing over a run: beyond these every other one goes. */
const maxSamples = 3600;

/** Values of one thing, sampled again and again; in bounded memory, so that a long run has fewer samples per minute. */
export class SampledColumns<Name extends string> {
  readonly atMs: number[] = [];
  readonly columns: Record<Name, (number | null)[]>;
  /** Takes every so many-th sample. */
  #stride = 1;
  #skipped = 0;

  constructor(names: readonly Name[]) {
    this.columns = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, (number | null)[]>;
  }

  add(atMs: number, values: Record<Name, number | null>): void {
    this.#skipped++;
    if (this.#skipped < this.#stride) return;
    this.#skipped = 0;
    this.atMs.push(atMs);
    for (const [name, column] of this.#entries()) column.push(values[name]);
    if (this.atMs.length > maxSamples) this.#thinOut();
  }

  #thinOut(): void {
    this.#stride *= 2;
    for (const list of [this.atMs, ...Object.values<(number | null)[]>(this.columns)]) {
      const kept = (list as unknown[]).filter((_, index) => index % 2 === 0);
      list.splice(0, list.length, ...(kept as never[]));
    }
  }

  #entries(): [Name, (number | null)[]][] {
    return Object.entries(this.columns) as [Name, (number | null)[]][];
  }
}

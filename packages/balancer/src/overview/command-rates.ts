/** Commands that ended, by outcome, since the process that counts them started. */
export type EndedCounts = Readonly<Record<string, number>>;
/** The same of each process that counts, by a name that no other life of it has. */
export type EndedCountsByProcess = ReadonlyMap<string, EndedCounts>;

interface Reading {
  atMs: number;
  counts: EndedCountsByProcess;
}

const keptMs = 30_000;

/** Makes rates of the counts of many processes. One that comes, goes or does not answer in between changes no rate of the others. */
export class CommandRates {
  /** The newest last. */
  #readings: Reading[] = [];

  add(counts: EndedCountsByProcess, nowMs: number): void {
    this.#readings = this.#readings.filter(({ atMs }) => nowMs - atMs <= keptMs);
    this.#readings.push({ atMs: nowMs, counts });
  }

  /** Commands a second by outcome, over the last `windowMs` or since the reading before the last. Without zeros. */
  perSecond(windowMs: number): Record<string, number> {
    const last = this.#readings.at(-1);
    if (!last) return {};
    const before = this.#readings.slice(0, -1);
    const from = before.find(({ atMs }) => last.atMs - atMs <= windowMs) ?? before.at(-1);
    const seconds = from ? (last.atMs - from.atMs) / 1_000 : 0;
    if (!from || seconds <= 0) return {};
    const rates = new Map<string, number>();
    for (const [process, counts] of last.counts) {
      const earlier = from.counts.get(process);
      // One that is new has counted since nobody knows when.
      if (!earlier) continue;
      for (const [outcome, count] of Object.entries(counts)) {
        const more = count - (earlier[outcome] ?? 0);
        if (more > 0) rates.set(outcome, (rates.get(outcome) ?? 0) + more / seconds);
      }
    }
    return Object.fromEntries(rates.entries().map(([outcome, rate]) => [outcome, Math.round(rate * 100) / 100]));
  }
}

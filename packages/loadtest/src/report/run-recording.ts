import { LatencyHistogram } from './latency-histogram.ts';
import { allLatencyNames, type LatencyName } from './latency-names.ts';
import type { LatencySummaries, ReportPhase } from './load-report.ts';
import {
  addUp,
  boundErrors,
  type CountName,
  emptyRecording,
  mergeRecordings,
  type Recording,
  type SecondRecord,
} from './recording.ts';

/** A second's latencies wait this long for what other processes have to say about it, before they become three figures. */
const waitSeconds = 3;

export interface SecondRow {
  counts: Partial<Record<CountName, number>>;
  latencies: Partial<Record<LatencyName, { p50Ms: number; p99Ms: number; maxMs: number }>>;
}

type Histograms = Map<LatencyName, LatencyHistogram>;

interface RecordedPhase extends Pick<Recording, 'outcomes' | 'closes'> {
  name: string;
  fromMs: number;
  histograms: Histograms;
}

/**
 * Adds up during a run what its processes record. Keeps of each second its counts and three percentiles, and whole
 * histograms only by phase, so that a run of a day fits into memory.
 */
export class RunRecording {
  readonly #msSinceStart: () => number;
  readonly #rows: SecondRow[] = [];
  readonly #sums = new Map<CountName, number>();
  readonly #waiting = new Map<number, SecondRecord['latencies'][]>();
  readonly #phases: RecordedPhase[] = [];
  /** All but the seconds. */
  #rest: Recording = emptyRecording();

  constructor(msSinceStart: () => number) {
    this.#msSinceStart = msSinceStart;
  }

  /** One row for each second since the run began. */
  get rows(): readonly SecondRow[] {
    return this.#rows;
  }

  get rest(): Omit<Recording, 'seconds'> {
    return this.#rest;
  }

  /** Sum over all seconds so far. */
  sum(name: CountName): number {
    return this.#sums.get(name) ?? 0;
  }

  get phase(): string | undefined {
    return this.#phases.at(-1)?.name;
  }

  /**
   * From now on it is this phase. The latencies of a second in which a phase begins belong to that one: so a fault never falls into the
   * rest before it. Outcomes and closes belong to the phase in which they are added.
   */
  beginPhase(name: string): void {
    this.#phases.push(emptyPhase(name, this.#msSinceStart()));
  }

  add(recording: Recording): void {
    const merged = mergeRecordings([this.#rest, { ...recording, seconds: [] }]);
    this.#rest = { ...merged, errors: boundErrors(merged.errors) };
    this.#addToPhase(recording);
    const nowSecond = Math.floor(this.#msSinceStart() / 1000);
    for (const { second: recordedSecond, counts, latencies } of recording.seconds) {
      const second = Math.min(recordedSecond, nowSecond);
      const row = this.#rowOf(second);
      for (const [name, by] of Object.entries(counts) as [CountName, number][]) {
        row.counts[name] = (row.counts[name] ?? 0) + by;
        this.#sums.set(name, this.sum(name) + by);
      }
      const waiting = this.#waiting.get(second);
      if (waiting) waiting.push(latencies);
      else this.#waiting.set(second, [latencies]);
    }
    this.settle(nowSecond - waitSeconds);
  }

  /** Turns the latencies of the seconds before this one into figures. */
  settle(beforeSecond = Number.POSITIVE_INFINITY): void {
    for (const [second, parts] of this.#waiting) {
      if (second >= beforeSecond) continue;
      this.#waiting.delete(second);
      this.#settleSecond(second, parts);
    }
  }

  /** Turns all that was recorded into figures, up to now: seconds in which nothing happened are a part of the run, too. */
  finish(): void {
    this.settle();
    const seconds = Math.ceil(this.#msSinceStart() / 1000);
    if (seconds > 0) this.#rowOf(seconds - 1);
  }

  /** All that was recorded, by phase; the last phase ends now. */
  phases(): ReportPhase[] {
    const ends = [...this.#phases.slice(1).map(({ fromMs }) => fromMs), this.#msSinceStart()];
    return this.#phases.map(({ name, fromMs, histograms, outcomes, closes }, index) => ({
      ...{ name, fromMs, toMs: ends[index] ?? fromMs, latencies: summarize([histograms]), outcomes, closes },
    }));
  }

  latencies(): LatencySummaries {
    return summarize(this.#phases.map(({ histograms }) => histograms));
  }

  #rowOf(second: number): SecondRow {
    while (this.#rows.length <= second) this.#rows.push({ counts: {}, latencies: {} });
    return this.#rows[second] as SecondRow;
  }

  #settleSecond(second: number, parts: readonly SecondRecord['latencies'][]): void {
    const { latencies } = this.#rowOf(second);
    const { histograms } = this.#phaseOf(second);
    for (const name of allLatencyNames) {
      const encoded = parts.flatMap((part) => part[name] ?? []);
      if (encoded.length === 0) continue;
      const ofSecond = new LatencyHistogram();
      for (const part of encoded) ofSecond.add(part);
      addTo(histograms, name, ofSecond);
      const figures = { p50Ms: ofSecond.percentileMs(50), p99Ms: ofSecond.percentileMs(99), maxMs: ofSecond.maxMs() };
      latencies[name] = largest(latencies[name], figures);
    }
  }

  #addToPhase({ outcomes, closes }: Recording): void {
    if (Object.keys(outcomes).length + Object.keys(closes).length === 0) return;
    this.#beginAnyPhase();
    const phase = this.#phases.at(-1) as RecordedPhase;
    phase.outcomes = addUp([phase.outcomes, outcomes]);
    phase.closes = addUp([phase.closes, closes]);
  }

  #beginAnyPhase(): void {
    if (this.#phases.length === 0) this.#phases.push(emptyPhase('run', 0));
  }

  #phaseOf(second: number): RecordedPhase {
    this.#beginAnyPhase();
    const found = this.#phases.findLast(({ fromMs }) => fromMs < (second + 1) * 1000) ?? this.#phases[0];
    if (!found) throw new Error('there is a phase');
    return found;
  }
}

function emptyPhase(name: string, fromMs: number): RecordedPhase {
  return { name, fromMs, histograms: new Map(), outcomes: {}, closes: {} };
}

/** Figures that come too late for their second can only raise it. */
function largest(a: SecondRow['latencies'][LatencyName], b: { p50Ms: number; p99Ms: number; maxMs: number }) {
  if (!a) return b;
  return {
    p50Ms: Math.max(a.p50Ms, b.p50Ms),
    p99Ms: Math.max(a.p99Ms, b.p99Ms),
    maxMs: Math.max(a.maxMs, b.maxMs),
  };
}

function addTo(histograms: Histograms, name: LatencyName, added: LatencyHistogram): void {
  const histogram = histograms.get(name) ?? new LatencyHistogram();
  histograms.set(name, histogram);
  histogram.add(added);
}

function summarize(parts: readonly Histograms[]): LatencySummaries {
  const summaries: LatencySummaries = {};
  for (const name of allLatencyNames) {
    const found = parts.flatMap((part) => part.get(name) ?? []);
    if (found.length === 0) continue;
    const sum = new LatencyHistogram();
    for (const histogram of found) sum.add(histogram);
    summaries[name] = sum.summary();
  }
  return summaries;
}

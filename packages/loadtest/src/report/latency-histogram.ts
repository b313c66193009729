import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { LatencySummary } from './load-report.ts';

/** The largest time that is told apart, in microseconds: an hour. What is longer counts as this. */
const largestUs = 3_600_000_000;
const significantDigits = 3;
/** Points of the percentile curve each time that the rest of the values halves. */
const pointsPerHalving = 6;

/**
 * Counts durations with a relative error of at most 0.1 %, in constant memory (95 kB). Those of several processes
 * are added up through `encode`.
 */
export class LatencyHistogram {
  readonly #histogram: Histogram = build({
    bitBucketSize: 32,
    autoResize: false,
    highestTrackableValue: largestUs,
    numberOfSignificantValueDigits: significantDigits,
  });

  get count(): number {
    return this.#histogram.totalCount;
  }

  record(ms: number): void {
    const us = Math.round(ms * 1000);
    this.#histogram.recordValue(Math.min(Math.max(us, 0), largestUs));
  }

  /** Adds another histogram, or what its `encode` answered. */
  add(other: LatencyHistogram | string): void {
    const histogram =
      typeof other === 'string' ? decodeFromCompressedBase64(other, 32, false, largestUs) : other.#histogram;
    this.#histogram.add(histogram);
  }

  /** HdrHistogram V2, compressed, base64: short, as only the values that occur take up room. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  reset(): void {
    this.#histogram.reset();
  }

  percentileMs(percentile: number): number {
    return this.#histogram.getValueAtPercentile(percentile) / 1000;
  }

  maxMs(): number {
    // As exact as the other percentiles, and the same after a way through `encode`.
    return this.percentileMs(100);
  }

  summary(): LatencySummary {
    return {
      count: this.count,
      minMs: this.percentileMs(0),
      meanMs: this.count === 0 ? 0 : Math.round(this.#histogram.mean) / 1000,
      p50Ms: this.percentileMs(50),
      p90Ms: this.percentileMs(90),
      p99Ms: this.percentileMs(99),
      p999Ms: this.percentileMs(99.9),
      maxMs: this.maxMs(),
      percentiles: this.#percentiles(),
      hdr: this.encode(),
    };
  }

  /** Closer and closer to 100 %, as long as there are values to tell apart. */
  #percentiles(): LatencySummary['percentiles'] {
    const { count } = this;
    if (count === 0) return [];
    const points: LatencySummary['percentiles'] = [];
    for (let step = 0; 2 ** (step / pointsPerHalving) <= count; step++) {
      const percentile = 100 * (1 - 2 ** (-step / pointsPerHalving));
      points.push({ percentile, ms: this.percentileMs(percentile), count: Math.ceil((percentile / 100) * count) });
    }
    return [...points, { percentile: 100, ms: this.maxMs(), count }];
  }
}

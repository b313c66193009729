import { type Metric, widthOf } from './metric.ts';
import { metrics } from './metric-table.ts';

/** The places at which the numbers of each metric begin, by label value. */
const offsets = new Map<Metric, ReadonlyMap<string, number>>();
let size = 0;
for (const metric of Object.values(metrics) as readonly Metric[]) {
  const ofValues = new Map<string, number>();
  for (const value of metric.values) {
    ofValues.set(value, size);
    size += widthOf(metric);
  }
  offsets.set(metric, ofValues);
}

/** All numbers of a process, in the order of the table; the same in every process of one version. */
export type MeterReading = ArrayLike<number>;

/** The place at which the numbers of this label value of the metric begin in a reading. */
export function offsetOf<Value extends string>(metric: Metric<Value>, value: Value): number {
  return offsets.get(metric)?.get(value) as number;
}

/**
 * The metrics of a process: one array of numbers. Counting is an addition to one of them, and an observation three, so that the
 * path of every command can afford it; what can be asked for is read when somebody asks.
 */
export class Meter {
  readonly #numbers = new Float64Array(size);
  readonly #samplers = new Set<() => void>();

  count<Value extends string>(metric: Metric<Value>, value: Value, by = 1): void {
    const at = offsetOf(metric, value);
    this.#numbers[at] = (this.#numbers[at] as number) + by;
  }

  set<Value extends string>(metric: Metric<Value>, value: Value, to: number): void {
    this.#numbers[offsetOf(metric, value)] = to;
  }

  observe<Value extends string>(metric: Metric<Value>, value: Value, observed: number): void {
    const { buckets } = metric;
    const numbers = this.#numbers;
    const from = offsetOf(metric, value);
    let bucket = 0;
    while (bucket < buckets.length && observed > (buckets[bucket] as number)) bucket += 1;
    numbers[from + bucket] = (numbers[from + bucket] as number) + 1;
    const sumAt = from + buckets.length + 1;
    numbers[sumAt] = (numbers[sumAt] as number) + observed;
  }

  /** The value of a counter, or of a gauge as it was set last. */
  get<Value extends string>(metric: Metric<Value>, value: Value): number {
    return this.#numbers[offsetOf(metric, value)] as number;
  }

  /** Calls `sample` before each reading, to set what is not counted as it happens. */
  onRead(sample: () => void): Disposable {
    this.#samplers.add(sample);
    return { [Symbol.dispose]: () => void this.#samplers.delete(sample) };
  }

  read(): number[] {
    for (const sample of this.#samplers) sample();
    return Array.from(this.#numbers);
  }
}

/** The meter of this process. There is one, as there is one event loop: what is metered need not be handed around. */
export const meter = new Meter();

import { LatencyHistogram } from './latency-histogram.ts';
import type { LatencyName } from './latency-names.ts';
import {
  type CountName,
  type ErrorRecord,
  emptyRecording,
  maxErrors,
  otherErrors,
  type Recording,
  type SecondRecord,
  type TotalName,
} from './recording.ts';

const maxSampleLength = 300;
const othersKey = JSON.stringify([otherErrors.operation, otherErrors.reason]);

/**
 * Takes down what one process of the load tool sees, second by second. `take` hands over what is new and forgets it, so
 * that memory is bounded by the time between two of them.
 */
export class LoadRecorder {
  readonly #msSinceStart: () => number;
  readonly #latencies = new Map<LatencyName, LatencyHistogram>();
  #second: SecondRecord | undefined;
  #recording: Recording = emptyRecording();
  #errors = new Map<string, ErrorRecord>();

  /** `msSinceStart`: time since the run began, in milliseconds, the same for all processes of the run (`machineMs`). */
  constructor(msSinceStart: () => number) {
    this.#msSinceStart = msSinceStart;
  }

  count(name: CountName, by = 1): void {
    const { counts } = this.#currentSecond();
    counts[name] = (counts[name] ?? 0) + by;
  }

  countInAll(name: TotalName, by = 1): void {
    this.#recording.totals[name] = (this.#recording.totals[name] ?? 0) + by;
  }

  latency(name: LatencyName, ms: number): void {
    this.#currentSecond();
    let histogram = this.#latencies.get(name);
    if (!histogram) {
      histogram = new LatencyHistogram();
      this.#latencies.set(name, histogram);
    }
    histogram.record(ms);
  }

  /** A command's last outcome, e.g. `SUCCEEDED`. */
  outcome(code: string): void {
    countIn(this.#recording.outcomes, code);
  }

  /** A link was lost: `reason` is the close reason that the device was told, or `linkLost`. */
  lost(reason: string): void {
    this.count('lost');
    countIn(this.#recording.closes, reason);
  }

  /** `operation` did not do what it should: `reason` is a code or close reason of few, `sample` any text. */
  error(operation: string, reason: string, sample: string): void {
    const key = JSON.stringify([operation, reason]);
    const known = this.#errors.get(key);
    if (known) known.count++;
    else if (this.#errors.size < maxErrors || key === othersKey) {
      const firstAtMs = this.#msSinceStart();
      this.#errors.set(key, { operation, reason, count: 1, sample: sample.slice(0, maxSampleLength), firstAtMs });
    } else this.error(otherErrors.operation, otherErrors.reason, sample);
  }

  /** Hands over all that was recorded since the last call. */
  take(): Recording {
    this.#endSecond();
    const taken = { ...this.#recording, errors: [...this.#errors.values()] };
    this.#recording = emptyRecording();
    this.#errors = new Map();
    return taken;
  }

  #currentSecond(): SecondRecord {
    const second = Math.max(0, Math.floor(this.#msSinceStart() / 1000));
    if (this.#second?.second !== second) {
      this.#endSecond();
      this.#second = { second, counts: {}, latencies: {} };
    }
    return this.#second as SecondRecord;
  }

  #endSecond(): void {
    if (!this.#second) return;
    for (const [name, histogram] of this.#latencies) {
      if (histogram.count === 0) continue;
      this.#second.latencies[name] = [histogram.encode()];
      histogram.reset();
    }
    this.#recording.seconds.push(this.#second);
    this.#second = undefined;
  }
}

function countIn(counts: Record<string, number>, name: string): void {
  counts[name] = (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + 1;
}

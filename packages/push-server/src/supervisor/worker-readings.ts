import { type MeterReading, metrics, offsetOf, type ProcessReading, renderMetrics } from '@pushfleet/runtime';

/** The metrics of a push server's workers as they last reported them, and the counts of those that have ended. */
export class WorkerReadings {
  readonly #latest = new Map<string, MeterReading>();
  #gone: number[] | undefined;

  /** @param process Name of the worker. */
  set(process: string, reading: MeterReading): void {
    this.#latest.set(process, reading);
  }

  /** The worker has ended: its gauges are gone, and its counts stay part of the push server's. */
  onExit(process: string): void {
    const reading = this.#latest.get(process);
    if (!reading) return;
    this.#latest.delete(process);
    const before = this.#gone;
    this.#gone = Array.from(reading, (number, at) => number + (before?.[at] ?? 0));
  }

  /** Commands whose end the workers have written, by outcome, those that have ended themselves included. */
  commandsEnded(): Record<string, number> {
    const readings = [...this.#latest.values(), this.#gone ?? []];
    const counts = metrics.durableStatuses.values.map((outcome) => {
      const at = offsetOf(metrics.durableStatuses, outcome);
      return [outcome, readings.reduce((sum, reading) => sum + (reading[at] ?? 0), 0)] as const;
    });
    return Object.fromEntries(counts.filter(([outcome, count]) => outcome !== 'OUTCOME_DELIVERED' && count > 0));
  }

  /** The metrics of the whole push server. @param own Those of its supervisor. */
  render(own: MeterReading): Promise<string> {
    const workers = [...this.#latest].map(([process, reading]) => ({ kind: 'worker', process, reading }) as const);
    const supervisor: ProcessReading = { kind: 'supervisor', process: 'supervisor', reading: own };
    return renderMetrics([supervisor, ...workers], this.#gone);
  }
}

import { type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import { type MeterReading, offsetOf } from './meter.ts';
import { type MeteredProcess, type Metric, widthOf } from './metric.ts';
import { metrics } from './metric-table.ts';

export interface ProcessReading {
  kind: MeteredProcess;
  /** Name of the process, for the label `process`. */
  process: string;
  reading: MeterReading;
}

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

type Values = MetricValue<string> & { metricName?: string };

/**
 * The readings of one balancer, or of the processes of one push server, in the text format of Prometheus.
 * @param gone Counters of processes that have ended, so that sums never fall.
 */
export function renderMetrics(readings: readonly ProcessReading[], gone?: MeterReading): Promise<string> {
  const registry = new Registry();
  for (const metric of Object.values(metrics) as readonly Metric[]) {
    const having = readings.filter(({ kind }) => metric.of.includes(kind));
    if (having.length === 0) continue;
    const { name, help, type } = metric;
    const values = metric.values.flatMap((value) => linesOf(metric, value, having, gone));
    const shown = { name, help, type, values, aggregator: 'sum' } as unknown as MetricObjectWithValues<Values>;
    registry.registerMetric({ name, get: async () => shown } as never);
  }
  return registry.metrics();
}

function linesOf(
  metric: Metric,
  value: string,
  readings: readonly ProcessReading[],
  gone: MeterReading | undefined,
): Values[] {
  const labels = metric.label === undefined ? {} : { [metric.label]: value };
  const at = offsetOf(metric, value);
  const numbersOf = (reading: MeterReading) =>
    Array.from({ length: widthOf(metric) }, (_, nth) => reading[at + nth] ?? 0);
  if (metric.merge === 'each') {
    return readings.map(({ process, reading }) => ({ value: reading[at] ?? 0, labels: { ...labels, process } }));
  }
  const all = readings.map(({ reading }) => numbersOf(reading));
  if (metric.merge === 'max') return [{ value: Math.max(...all.map(([number = 0]) => number)), labels }];
  if (gone && metric.type !== 'gauge') all.push(numbersOf(gone));
  const sums = (all[0] ?? []).map((_, nth) => all.reduce((sum, numbers) => sum + (numbers[nth] ?? 0), 0));
  return metric.type === 'histogram' ? bucketLines(metric, labels, sums) : [{ value: sums[0] ?? 0, labels }];
}

function bucketLines({ name, buckets }: Metric, labels: Record<string, string>, numbers: readonly number[]): Values[] {
  let count = 0;
  const bounds = [...buckets.map(String), '+Inf'];
  const lines: Values[] = bounds.map((le, nth) => {
    count += numbers[nth] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
  });
  const sum = numbers[buckets.length + 1] ?? 0;
  return [
    ...lines,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

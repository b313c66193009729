import { type LatencyRow, latencyRows } from '../key-figures.ts';
import { LatencyHistogram } from '../latency-histogram.ts';
import type { LoadReport } from '../load-report.ts';
import { formatQuantity } from '../units.ts';
import type { Chart } from './chart.ts';
import { logScale } from './scale.ts';

const maxLines = 10;
/** Points of a percentile curve each time that the rest of the values halves. */
const pointsPerHalving = 8;
/** Bars of a histogram. */
const bins = 80;
const quantiles = 1000;

/** How latencies are distributed: percentile curves, and shares by duration. */
export function distributionCharts(report: LoadReport): Chart[] {
  const rows = latencyRows(report)
    .filter(({ latency }) => latency.count > 1)
    .slice(0, maxLines)
    .map((row) => ({ ...row, histogram: decode(row) }));
  return rows.length === 0 ? [] : [percentileChart(rows), histogramChart(rows)];
}

type Row = LatencyRow & { histogram: LatencyHistogram };

function decode({ latency }: LatencyRow): LatencyHistogram {
  const histogram = new LatencyHistogram();
  histogram.add(latency.hdr);
  return histogram;
}

const time = (ms: number) => formatQuantity('time', ms);

/** x is 1 ÷ (share of slower values): each nine is as wide as the one before. */
function percentileChart(rows: readonly Row[]): Chart {
  const most = rows.reduce((max, { latency }) => Math.max(max, latency.count), 2);
  const steps = Math.ceil(Math.log2(most) * pointsPerHalving);
  const values = Array.from({ length: steps + 1 }, (_, step) => 2 ** (step / pointsPerHalving));
  return {
    ...{ id: 'percentiles', title: 'Latency by percentile' },
    description: 'How long the slowest of 2, 10, 100, … take, from the HDR histograms; both axes are logarithmic.',
    x: { values, scale: percentileScale, format: percentileLabel, title: 'Percentile' },
    y: { scale: 'log', format: time },
    lines: rows.map(({ name, latency, histogram }, index) => ({
      label: name,
      values: values.map((odds) => (odds > latency.count * 1.05 ? null : histogram.percentileMs(100 * (1 - 1 / odds)))),
      colour: String(index + 1),
    })),
  };
}

const percentileScale: Chart['x']['scale'] = (range) => ({
  toPixel: logScale(range).toPixel,
  ticks: [1, 2, 10, 100, 1000, 10_000, 100_000, 1_000_000].filter((odds) => odds <= range.max),
});

function percentileLabel(odds: number): string {
  const percentile = 100 * (1 - 1 / odds);
  return `${Number(percentile.toFixed(percentile > 99 ? 3 : 1))} %`;
}

function histogramChart(rows: readonly Row[]): Chart {
  const min = rows.reduce((low, { latency }) => Math.min(low, Math.max(latency.minMs, 0.01)), Number.POSITIVE_INFINITY);
  const max = rows.reduce((high, { latency }) => Math.max(high, latency.maxMs), min * 2);
  const ratio = (max / min) ** (1 / bins);
  const values = Array.from({ length: bins }, (_, bin) => min * ratio ** (bin + 0.5));
  return {
    ...{ id: 'histogram', title: 'Latency histogram' },
    description: `Share of the values by duration, in ${bins} steps of equal ratio.`,
    x: { values, scale: logScale, format: time, title: 'Duration' },
    y: { scale: 'linear', format: (share) => formatQuantity('share', share) },
    lines: rows.map(({ name, histogram }, index) => ({
      ...{ label: name, colour: String(index + 1), shape: rows.length <= 3 ? ('area' as const) : ('line' as const) },
      values: shares(histogram, min, ratio),
    })),
  };
}

/** Share of the values in each bin: every quantile stands for as many values. */
function shares(histogram: LatencyHistogram, min: number, ratio: number): number[] {
  const found = new Array<number>(bins).fill(0);
  for (let quantile = 0; quantile < quantiles; quantile++) {
    const ms = histogram.percentileMs((100 * (quantile + 0.5)) / quantiles);
    const bin = Math.floor(Math.log(Math.max(ms, min) / min) / Math.log(ratio));
    const at = Math.min(bins - 1, bin);
    found[at] = (found[at] ?? 0) + 1 / quantiles;
  }
  return found;
}

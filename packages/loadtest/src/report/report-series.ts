import { allLatencyNames } from './latency-names.ts';
import type { ReportSeries } from './load-report.ts';
import type { CountName } from './recording.ts';
import type { SecondRow } from './run-recording.ts';

type CountColumn = Exclude<keyof ReportSeries, 'intervalMs' | 'atMs' | 'latencies' | 'live'>;
const countColumns = {
  offered: true,
  connected: true,
  failed: true,
  lost: true,
  pushesSent: true,
  pushesDone: true,
  pushesFailed: true,
  tunnelBytes: true,
} as const satisfies Record<CountColumn, true>;
const countColumnNames = Object.keys(countColumns) as CountColumn[];

/** Widths of a row, in seconds. */
const widths = [1, 2, 5, 10, 30, 60, 300, 600, 3600] as const;

/** The seconds of a run as columns: as they are, or in wider rows, so that there are at most `maxRows`. */
export function seriesOf(rows: readonly SecondRow[], maxRows: number): ReportSeries {
  const atMs = rows.map((_, second) => second * 1000);
  const series: ReportSeries = { ...columnsOf(rows), intervalMs: 1000, atMs, live: liveLinks(rows), latencies: {} };
  for (const name of allLatencyNames) {
    if (!rows.some(({ latencies }) => latencies[name])) continue;
    series.latencies[name] = {
      p50Ms: rows.map(({ latencies }) => latencies[name]?.p50Ms ?? null),
      p99Ms: rows.map(({ latencies }) => latencies[name]?.p99Ms ?? null),
      maxMs: rows.map(({ latencies }) => latencies[name]?.maxMs ?? null),
    };
  }
  return widenSeries(series, maxRows);
}

/** Fewer, wider rows: counts are added up, of links the last counts, of percentiles the largest. */
export function widenSeries(series: ReportSeries, maxRows: number): ReportSeries {
  const seconds = (series.atMs.length * series.intervalMs) / 1000;
  const width = (widths.find((candidate) => seconds / candidate <= maxRows) ?? Math.ceil(seconds / maxRows)) * 1000;
  const factor = Math.max(1, Math.ceil(width / series.intervalMs));
  if (factor === 1) return series;
  const groups = <Value>(column: readonly Value[]) =>
    Array.from({ length: Math.ceil(column.length / factor) }, (_, row) =>
      column.slice(row * factor, (row + 1) * factor),
    );
  const sums = (column: readonly number[]) =>
    groups(column).map((group) => group.reduce((sum, value) => sum + value, 0));
  const largest = (column: readonly (number | null)[]) =>
    groups(column).map((group) => group.reduce((a, b) => (a === null ? b : b === null ? a : Math.max(a, b)), null));
  return {
    ...mapColumns((name) => sums(series[name])),
    intervalMs: series.intervalMs * factor,
    atMs: groups(series.atMs).map(([first = 0]) => first),
    live: groups(series.live).map((group) => group.at(-1) ?? 0),
    latencies: Object.fromEntries(
      Object.entries(series.latencies).map(([name, { p50Ms, p99Ms, maxMs }]) => [
        name,
        { p50Ms: largest(p50Ms), p99Ms: largest(p99Ms), maxMs: largest(maxMs) },
      ]),
    ),
  };
}

/** Links at the end of each second: what came less what went. */
function liveLinks(rows: readonly SecondRow[]): number[] {
  let live = 0;
  return rows.map((row) => {
    live += countIn(row, 'connected') - countIn(row, 'lost') - countIn(row, 'closed');
    return Math.max(0, live);
  });
}

const columnsOf = (rows: readonly SecondRow[]) => mapColumns((name) => rows.map((row) => countIn(row, name)));

function mapColumns(columnOf: (name: CountColumn) => number[]): Record<CountColumn, number[]> {
  return Object.fromEntries(countColumnNames.map((name) => [name, columnOf(name)])) as Record<CountColumn, number[]>;
}

const countIn = (row: SecondRow, name: CountName) => row.counts[name] ?? 0;

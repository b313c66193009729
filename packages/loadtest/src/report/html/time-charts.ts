import { latencyNames } from '../latency-names.ts';
import type { LinkCounts, LoadReport, ProcessUse } from '../load-report.ts';
import { widenSeries } from '../report-series.ts';
import { formatQuantity, formatSize } from '../units.ts';
import type { Chart, ChartLine } from './chart.ts';
import { formatClock, timeScale } from './scale.ts';

/** Points of a line: about as many as a chart has pixels. */
const maxPoints = 600;
/** Lines of a chart that eyes can tell apart. */
const maxLines = 10;

/** The charts of what happened when, in the order in which they are read. */
export function timeCharts(report: LoadReport): Chart[] {
  const series = widenSeries(report.series, maxPoints);
  const perSecond = (column: readonly number[]) => column.map((value) => (value * 1000) / series.intervalMs);
  const onTime = { ...timeAxis(report, series.atMs), bands: bandsOf(report) };
  const rate = (value: number) => formatQuantity('rate', value);
  const { wanted } = report.summary.devices;
  return [
    {
      ...{
        id: 'connects',
        title: 'Connects',
        description: 'Attempts begun (offered), links that stand (connected), and attempts that failed, per second.',
      },
      ...{ ...onTime, y: { scale: 'linear', format: rate } },
      lines: present([
        { label: 'offered', values: perSecond(series.offered), colour: 'muted', shape: 'dashes' },
        { label: 'connected', values: perSecond(series.connected), colour: '1', shape: 'area' },
        { label: 'failed', values: perSecond(series.failed), colour: 'bad' },
      ]),
    },
    {
      ...{ id: 'live', title: 'Live links', description: 'Links at each moment, and links that were lost per second.' },
      ...{
        ...onTime,
        y: { scale: 'linear', format: count },
        limit: { label: `${count(wanted)} wanted`, value: wanted },
      },
      lines: [
        { label: 'live', values: series.live, colour: '3', shape: 'area' },
        ...present([{ label: 'lost per second', values: perSecond(series.lost), colour: 'bad' }]),
      ],
    },
    ...latencyCharts(series, onTime),
    {
      ...{ id: 'pushes', title: 'Commands', description: 'Commands sent, and what became of them, per second.' },
      ...{ ...onTime, y: { scale: 'linear', format: rate } },
      lines: present([
        { label: 'sent', values: perSecond(series.pushesSent), colour: 'muted', shape: 'dashes' },
        { label: 'succeeded', values: perSecond(series.pushesDone), colour: '1', shape: 'area' },
        { label: 'failed', values: perSecond(series.pushesFailed), colour: 'bad' },
      ]),
    },
    {
      ...{ id: 'tunnels', title: 'Tunnels', description: 'Bytes carried, both ways, per second.' },
      ...{ ...onTime, y: { scale: 'linear', format: (mib) => `${formatSize(mib * mibBytes)}/s` } },
      lines: present([
        { label: 'bytes', values: perSecond(series.tunnelBytes).map(toMib), colour: '5', shape: 'area' },
      ]),
    },
    ...linkCharts(report),
    ...processCharts(report),
  ];
}

const count = (value: number) => formatQuantity('count', Math.round(value));
/** Sizes are drawn in MiB, so that axes have round values. */
const mibBytes = 2 ** 20;
const toMib = <Bytes extends number | null>(bytes: Bytes) => (bytes === null ? bytes : bytes / mibBytes) as Bytes;
const time = (ms: number) => formatQuantity('time', ms);

/** Lines in which there is anything but zero. */
function present(lines: readonly ChartLine[]): ChartLine[] {
  return lines.filter(({ values }) => values.some((value) => value !== null && value !== 0));
}

function timeAxis({ durationMs }: LoadReport, atMs: readonly number[]): Pick<Chart, 'x'> {
  const scale: Chart['x']['scale'] = (range) =>
    timeScale({ ...range, min: 0, max: Math.max(range.max, durationMs, 1000) });
  return { x: { values: atMs, scale, format: formatClock, title: 'Time' } };
}

function bandsOf({ phases }: LoadReport): NonNullable<Chart['bands']> {
  return phases.length < 2 ? [] : phases.map(({ name, fromMs, toMs }) => ({ label: name, from: fromMs, to: toMs }));
}

function latencyCharts(series: LoadReport['series'], onTime: Pick<Chart, 'x' | 'bands'>): Chart[] {
  const shown = ['push', 'connect', 'assign', 'return'] as const;
  return shown.flatMap((name) => {
    const columns = series.latencies[name];
    if (!columns) return [];
    return {
      ...{ id: `latency-${name}`, title: `Latency: ${name}`, description: `Time ${latencyNames[name]}; logarithmic.` },
      ...{ ...onTime, y: { scale: 'log', format: time } as const },
      lines: [
        { label: 'largest', values: columns.maxMs, colour: 'muted' },
        { label: 'p99', values: columns.p99Ms, colour: '2' },
        { label: 'p50', values: columns.p50Ms, colour: '1' },
      ],
    };
  });
}

function linkCharts(report: LoadReport): Chart[] {
  const nodes = report.links.filter(({ worker }) => worker === null);
  const workers = report.links.filter(({ worker }) => worker !== null);
  const onTime = (counts: readonly LinkCounts[]) => ({ grid: gridOf(counts), bands: bandsOf(report) });
  const chart = (
    id: string,
    title: string,
    description: string,
    counts: readonly LinkCounts[],
    stacked: boolean,
  ): Chart[] => {
    if (counts.length === 0) return [];
    const { grid, bands } = onTime(counts);
    const lines = counts.map(({ nodeId, worker, atMs, links }) => ({
      label: worker === null ? nodeId : `${nodeId} ${worker}`,
      values: alignSamples(grid, atMs, links),
    }));
    const y = { scale: 'linear', format: count } as const;
    return [{ id, title, description, ...timeAxis(report, grid), bands, y, stacked, lines: coloured(lines) }];
  };
  return [
    ...chart('links-nodes', 'Links by push server', 'Lines that lie on one another: the load is even.', nodes, false),
    ...chart('links-workers', 'Links by worker', 'Links of each worker, on top of one another.', workers, true),
  ];
}

function processCharts(report: LoadReport): Chart[] {
  const { processes, machine } = report;
  if (processes.length === 0) return [];
  const grid = gridOf(processes);
  const shared = { ...timeAxis(report, grid), bands: bandsOf(report) };
  const byUse = (use: (process: ProcessUse) => number) => processes.toSorted((a, b) => use(b) - use(a));
  const lines = (sorted: readonly ProcessUse[], column: 'cores' | 'rssBytes') =>
    coloured(
      sorted.map((process) => ({
        label: process.name,
        values: alignSamples(grid, process.atMs, column === 'cores' ? process.cores : process.rssBytes.map(toMib)),
      })),
    );
  return [
    {
      ...{
        id: 'cpu',
        title: 'CPU by process',
        description: 'Cores used, on top of one another; the load tool included.',
      },
      ...{ ...shared, y: { scale: 'linear', format: (value) => value.toFixed(2), upTo: machine.cores } },
      ...{ stacked: true, limit: { label: `${machine.cores} cores`, value: machine.cores } },
      lines: lines(
        byUse(({ cpuSeconds }) => cpuSeconds),
        'cores',
      ),
    },
    {
      ...{ id: 'memory', title: 'Memory by process', description: 'Resident memory.' },
      ...{ ...shared, y: { scale: 'linear', format: (mib) => formatSize(mib * mibBytes) } },
      lines: lines(
        byUse(({ peakRssBytes }) => peakRssBytes),
        'rssBytes',
      ),
    },
  ];
}

/** Colours for as many lines as can be told apart; the rest is added up. */
function coloured(lines: readonly Pick<ChartLine, 'label' | 'values'>[]): ChartLine[] {
  const kept = lines.length <= maxLines ? lines : lines.slice(0, maxLines - 1);
  const rest = lines.slice(kept.length);
  const own = kept.map((line, index) => ({ ...line, colour: String(index + 1) }));
  if (rest.length === 0) return own;
  const values = (rest[0]?.values ?? []).map((_, at) => rest.reduce((sum, line) => sum + (line.values[at] ?? 0), 0));
  return [...own, { label: `${rest.length} others, summed up`, values, colour: 'muted' }];
}

/** Times of whoever was sampled for longest, thinned out. */
function gridOf(sampled: readonly { atMs: readonly number[] }[]): number[] {
  const every = [...new Set(sampled.flatMap(({ atMs }) => atMs))].toSorted((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(every.length / maxPoints));
  return every.filter((_, index) => index % stride === 0);
}

/** Values at the times of the grid: that of the last sample before, if it is not much older than samples usually are. */
function alignSamples(
  grid: readonly number[],
  atMs: readonly number[],
  values: readonly (number | null)[],
): (number | null)[] {
  const usualMs = atMs.length > 1 ? ((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)) / (atMs.length - 1) : 1000;
  let last = -1;
  return grid.map((at) => {
    while ((atMs[last + 1] ?? Number.POSITIVE_INFINITY) <= at) last++;
    const sampledMs = atMs[last];
    return sampledMs === undefined || at - sampledMs > usualMs * 3 ? null : (values[last] ?? null);
  });
}

import { visibleText } from '@pushfleet/runtime';
import { type KeyFigure, keyFigures, latencyRows } from '../key-figures.ts';
import type { LatencySummaries, LoadReport } from '../load-report.ts';
import { ownLagMs } from '../own-lag.ts';
import { formatQuantity, formatSize } from '../units.ts';
import type { Paint } from './paint.ts';

/** Errors and processes that are listed; the report has all. */
const maxListed = 12;
const tones = { good: 'green', bad: 'red' } as const;

/** A report as text: the verdict first, then the figures that count, then what stands behind them. */
export function renderSummary(report: LoadReport, paint: Paint): string {
  return [
    header(report, paint),
    thresholdLines(report, paint),
    figureLines(keyFigures(report), paint),
    latencyTable(report, paint),
    phaseLines(report, paint),
    outcomeLine(report, paint),
    errorLines(report, paint),
    processTable(report, paint),
    report.remarks.map((remark) => paint('yellow', visibleText(remark))),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function header(report: LoadReport, paint: Paint): string[] {
  const { scenario, durationMs, endedEarly, verdict, machine, command } = report;
  const words = {
    passed: paint('green', 'passed'),
    failed: paint('red', 'FAILED'),
    unjudged: 'done',
  }[verdict];
  const early = endedEarly === null ? '' : paint('yellow', `, ended early: ${visibleText(endedEarly)}`);
  const { cores, cpuModel, memoryBytes, kernel, nodeVersion } = machine;
  return [
    `${paint('bold', visibleText(scenario))}: ${words} after ${formatQuantity('time', durationMs)}${early}`,
    paint('dim', visibleText(`$ ${command}`)),
    paint(
      'dim',
      visibleText(`${cores} cores (${cpuModel}), ${formatSize(memoryBytes)}, ${kernel}, Node.js ${nodeVersion}`),
    ),
  ];
}

function thresholdLines({ thresholds }: LoadReport, paint: Paint): string[] {
  return thresholds
    .toSorted((a, b) => Number(b.failed) - Number(a.failed))
    .map(({ failed, sentence }) => `${failed ? paint('red', '✗') : paint('green', '✓')} ${visibleText(sentence)}`);
}

function figureLines(figures: readonly KeyFigure[], paint: Paint): string[] {
  const labels = widest(figures.map(({ label }) => label));
  const values = widest(figures.map(({ value }) => value));
  return figures.map(({ label, value, detail, tone }) => {
    const padded = value.padStart(values);
    const shown = tone === undefined ? paint('bold', padded) : paint(tones[tone], padded);
    return `${label.padEnd(labels)}  ${shown}${detail ? `  ${paint('dim', visibleText(detail))}` : ''}`;
  });
}

function latencyTable(report: LoadReport, paint: Paint): string[] {
  const time = (ms: number) => formatQuantity('time', ms);
  const rows = latencyRows(report).map(({ name, latency }) => [
    name,
    formatQuantity('count', latency.count),
    ...[latency.p50Ms, latency.p90Ms, latency.p99Ms, latency.p999Ms, latency.maxMs].map(time),
  ]);
  return rows.length === 0 ? [] : alignedTable(['Latency', 'count', 'p50', 'p90', 'p99', 'p99.9', 'max'], rows, paint);
}

function phaseLines({ phases }: LoadReport, paint: Paint): string[] {
  if (phases.length < 2) return [];
  const rows = phases.map(({ name, fromMs, toMs, latencies, outcomes, closes }) => [
    name,
    `${(fromMs / 1000).toFixed(0)} s`,
    `${(toMs / 1000).toFixed(0)} s`,
    latencies.connect ? formatQuantity('time', latencies.connect.p99Ms) : '',
    latencies.push ? formatQuantity('time', latencies.push.p99Ms) : '',
    ownLagText(latencies),
    countsText(closes),
    countsText(outcomes),
  ]);
  const titles = ['Phase', 'from', 'to', 'connect p99', 'push p99', 'own lag p99', 'links lost', 'commands'];
  return alignedTable(titles, rows, paint);
}

function ownLagText(latencies: LatencySummaries): string {
  const ms = ownLagMs(latencies);
  return ms === null ? '' : formatQuantity('time', ms);
}

/** `SUCCEEDED 1,000, NOT_CONNECTED 3` */
function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${visibleText(name)} ${formatQuantity('count', count)}`)
    .join(', ');
}

function outcomeLine({ outcomes }: LoadReport, paint: Paint): string[] {
  const text = countsText(outcomes);
  return text === '' ? [] : [`${paint('bold', 'Outcomes')}  ${text}`];
}

function errorLines({ errors }: LoadReport, paint: Paint): string[] {
  if (errors.length === 0) return [];
  const width = widest(errors.slice(0, maxListed).map(({ count }) => formatQuantity('count', count)));
  const lines = errors.slice(0, maxListed).map(({ operation, reason, count, sample }) => {
    const what = visibleText(`${operation} ${reason}`);
    return `${formatQuantity('count', count).padStart(width)} × ${paint('red', what)}  ${paint('dim', visibleText(sample))}`;
  });
  const more = errors.length - maxListed;
  return [paint('bold', 'Errors'), ...lines, ...(more > 0 ? [`and ${more} more kinds; the report has all`] : [])];
}

function processTable({ processes, durationMs }: LoadReport, paint: Paint): string[] {
  if (processes.length === 0) return [];
  const busiest = processes.toSorted((a, b) => b.cpuSeconds - a.cpuSeconds);
  const rows = busiest
    .slice(0, maxListed)
    .map(({ role, name, cpuSeconds, peakRssBytes, endedAtMs, lagP99Ms, lagMaxMs }) => [
      visibleText(name),
      role,
      `${cpuSeconds.toFixed(1)} s`,
      durationMs > 0 ? ((cpuSeconds * 1000) / durationMs).toFixed(2) : '',
      formatSize(peakRssBytes),
      lagP99Ms === null ? '' : formatQuantity('time', lagP99Ms),
      lagMaxMs === null ? '' : formatQuantity('time', lagMaxMs),
      endedAtMs === null ? '' : `ended at ${(endedAtMs / 1000).toFixed(0)} s`,
    ]);
  const more = processes.length - maxListed;
  const table = alignedTable(['Process', 'role', 'CPU', 'cores', 'memory', 'lag p99', 'lag max', ''], rows, paint);
  return [...table, ...(more > 0 ? [`and ${more} more; the report has all`] : [])];
}

/** Columns two blanks apart; the first to the left, the others to the right. */
function alignedTable(titles: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = titles.map((title, column) => widest([title, ...rows.map((row) => row[column] ?? '')]));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [paint('bold', line(titles)), ...rows.map(line)];
}

const widest = (texts: readonly string[]) => texts.reduce((width, { length }) => Math.max(width, length), 0);

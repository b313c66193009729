import { visibleText } from '@pushfleet/runtime';
import { allLatencyNames } from './latency-names.ts';
import type { LoadReport } from './load-report.ts';
import { findMetric, type Metric, metrics } from './metrics.ts';
import { formatQuantity } from './units.ts';

/** Statistics of latencies that two runs are compared by. */
const comparedStatistics = ['p50', 'p99', 'p99.9'] as const;
/** Figures of which less is neither better nor worse: they say how large a run was. */
const sizes: ReadonlySet<string> = new Set([
  'connect.offered',
  'connect.succeeded',
  'push.sent',
  'push.succeeded',
  'devices.connected',
  'server.cpu',
  'load.cpu',
]);

export interface ComparedMetric {
  name: string;
  quantity: Metric['quantity'];
  before: number;
  after: number;
  /** after ÷ before; `null`: before is 0, or one of them is negative, as memory that was given back */
  ratio: number | null;
}

/** The metrics that both reports have, and whatever makes their figures incomparable. */
export function compareReports(
  before: LoadReport,
  after: LoadReport,
): { compared: ComparedMetric[]; differences: string[] } {
  const names = [
    ...Object.keys(metrics),
    ...allLatencyNames.flatMap((latency) => comparedStatistics.map((statistic) => `${latency}.${statistic}`)),
  ];
  const compared = names.flatMap((name) => {
    const metric = findMetric(name);
    const [a, b] = [metric?.read(before) ?? null, metric?.read(after) ?? null];
    if (!metric || a === null || b === null) return [];
    return { name, quantity: metric.quantity, before: a, after: b, ratio: a <= 0 || b < 0 ? null : b / a };
  });
  return { compared, differences: differencesOf(before, after) };
}

function differencesOf(before: LoadReport, after: LoadReport): string[] {
  const facts = ({ scenario, machine, endedEarly }: LoadReport): Record<string, unknown> => ({
    ...{
      scenario,
      cores: machine.cores,
      CPU: machine.cpuModel,
      kernel: machine.kernel,
      'Node.js': machine.nodeVersion,
    },
    'ended early': endedEarly ?? 'no',
  });
  const options = ({ options }: LoadReport) =>
    Object.fromEntries(Object.entries(options).map(([name, value]) => [`--${name}`, value]));
  const [a, b] = [
    { ...facts(before), ...options(before) },
    { ...facts(after), ...options(after) },
  ];
  const ignored = new Set(['--json', '--report', '--fail-if']);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) => {
    const [left, right] = [show(a[name as keyof typeof a]), show(b[name as keyof typeof b])];
    return ignored.has(name) || left === right ? [] : `${visibleText(name)}: ${left} and ${right}`;
  });
}

function show(value: unknown): string {
  return value === undefined ? 'not given' : visibleText(Array.isArray(value) ? value.join(', ') : String(value));
}

/** The comparison as a table of text, the greatest changes of what counts first. */
export function renderComparison({ compared, differences }: ReturnType<typeof compareReports>): string {
  const change = ({ ratio, name }: ComparedMetric) =>
    ratio === null || ratio === 0 || sizes.has(name) ? 0 : Math.abs(Math.log(ratio));
  const rows = compared
    .filter(({ before, after }) => before !== 0 || after !== 0)
    .toSorted((a, b) => change(b) - change(a))
    .map(({ name, quantity, before, after, ratio }) => [
      name,
      formatQuantity(quantity, before),
      formatQuantity(quantity, after),
      ratio === null ? '' : `× ${ratio.toFixed(2)}`,
    ]);
  const table = [['METRIC', 'BEFORE', 'AFTER', 'RATIO'], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    table.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const warning =
    differences.length === 0 ? [] : ['', 'The runs were not the same:', ...differences.map((text) => `  ${text}`)];
  return [...lines.map((line) => line.trimEnd()), ...warning].join('\n');
}

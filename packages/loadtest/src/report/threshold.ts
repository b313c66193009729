import { latencyNames } from './latency-names.ts';
import type { LoadReport, ThresholdVerdict } from './load-report.ts';
import { allMetricNames, findMetric, latencyStatistics, type MeasuredReport, type Metric, metrics } from './metrics.ts';
import { formatQuantity, type Quantity, unitFactor, unitNames } from './units.ts';

const operators = {
  '>=': { holds: (value: number, limit: number) => value >= limit, words: 'at least' },
  '<=': { holds: (value: number, limit: number) => value <= limit, words: 'at most' },
  '>': { holds: (value: number, limit: number) => value > limit, words: 'more than' },
  '<': { holds: (value: number, limit: number) => value < limit, words: 'less than' },
  '==': { holds: (value: number, limit: number) => value === limit, words: 'exactly' },
  '!=': { holds: (value: number, limit: number) => value !== limit, words: 'other than' },
} as const;
type Operator = keyof typeof operators;

/** One `--fail-if`: the run fails if the metric stands in this relation to the limit. */
export interface Threshold {
  /** The text that the user wrote. */
  expression: string;
  metricName: string;
  /** The metric in this phase alone. */
  phase?: string;
  metric: Metric;
  operator: Operator;
  /** In the first unit of the metric's quantity. */
  limit: number;
}

/** A `--fail-if` that cannot be understood; the message says why, and what can. */
export class ThresholdSyntaxError extends Error {
  override name = 'ThresholdSyntaxError';
}

const grammar =
  /^(?<name>[A-Za-z][\w.]*)(?:@(?<phase>[\w.-]+))?\s*(?<operator>>=|<=|==|!=|>|<)\s*(?<number>\d+(?:\.\d+)?|\.\d+)\s*(?<unit>\S*)$/;

/** Reads `metric[@phase] operator number[unit]`, e.g. `push.p99@ramp > 50ms`. Throws a `ThresholdSyntaxError`. */
export function parseThreshold(expression: string): Threshold {
  const parts = grammar.exec(expression.trim())?.groups;
  if (!parts) {
    throw new ThresholdSyntaxError(
      `${quoted(expression)} is no threshold: write METRIC OPERATOR NUMBER[UNIT], for example 'push.p99 > 50ms'; operators: ${Object.keys(operators).join(' ')}`,
    );
  }
  const { name = '', phase, operator = '', number = '', unit = '' } = parts;
  const metric = findMetric(name, phase);
  if (!metric) throw new ThresholdSyntaxError(unknownMetric(name, phase));
  const factor = unitFactor(metric.quantity, unit);
  if (factor === undefined) throw new ThresholdSyntaxError(wrongUnit(name, metric.quantity, unit));
  const limit = Number(number) * factor;
  const threshold = { expression: expression.trim(), metricName: name, metric, operator: operator as Operator, limit };
  return phase === undefined ? threshold : { ...threshold, phase };
}

/** The report with its verdict. A metric that was not measured fails: what nobody knows is not good. */
export function judge(report: MeasuredReport, thresholds: readonly Threshold[]): LoadReport {
  const verdicts = thresholds.map((threshold) => verdictOf(threshold, report));
  const failed = verdicts.some((verdict) => verdict.failed);
  return {
    ...report,
    thresholds: verdicts,
    verdict: verdicts.length === 0 ? 'unjudged' : failed ? 'failed' : 'passed',
  };
}

function verdictOf(
  { expression, metricName, phase, metric, operator, limit }: Threshold,
  report: MeasuredReport,
): ThresholdVerdict {
  const value = metric.read(report);
  const subject = phase === undefined ? metricName : `${metricName} in phase ${phase}`;
  if (value === null) return { expression, value, failed: true, sentence: `${subject} was not measured.` };
  const failed = operators[operator].holds(value, limit);
  const [found, bound] = formatApart(metric.quantity, value, limit);
  const relation = `${operators[operator].words} ${bound}`;
  const sentence = failed ? `${subject} is ${found}: ${relation}.` : `${subject} is ${found}, not ${relation}.`;
  return { expression, value, failed, sentence };
}

/** Two values as text: with all digits where they would look the same rounded, but are not. */
function formatApart(quantity: Quantity, a: number, b: number): [string, string] {
  const [textA, textB] = [formatQuantity(quantity, a), formatQuantity(quantity, b)];
  const unit = unitNames(quantity)[0];
  return textA === textB && a !== b ? [`${a} ${unit}`.trim(), `${b} ${unit}`.trim()] : [textA, textB];
}

function unknownMetric(name: string, phase: string | undefined): string {
  if (phase !== undefined && findMetric(name)) {
    return `${quoted(name)} is not kept by phase; of a phase there are ${latencyFamilies}, links.lost, closes.CLOSE_REASON, outcomes.OUTCOME`;
  }
  const near = nearest(name);
  return [
    `${quoted(name)} is no metric.`,
    ...(near === undefined ? [] : [`Did you mean ${near}?`]),
    `Metrics: ${latencyFamilies}, ${Object.keys(metrics).join(', ')}, closes.CLOSE_REASON, outcomes.OUTCOME`,
  ].join(' ');
}

const latencyFamilies = `(${Object.keys(latencyNames).join('|')}).(${Object.keys(latencyStatistics).join('|')})`;

function wrongUnit(name: string, quantity: Quantity, unit: string): string {
  const names = unitNames(quantity).filter((known) => known !== '');
  const bare = unitFactor(quantity, '') !== undefined;
  const wanted = [...(bare ? ['no unit'] : []), ...names].join(', ');
  return unit === ''
    ? `${quoted(name)} needs a unit: one of ${wanted}`
    : `${quoted(unit)} is no unit of ${quoted(name)}; it takes ${bare && names.length === 0 ? 'none' : wanted}`;
}

const quoted = (text: string) => JSON.stringify(text.slice(0, 100));

/** The metric with the fewest letters changed, if they are few. */
function nearest(name: string): string | undefined {
  const candidates = allMetricNames().map((known) => ({ known, distance: editDistance(name.slice(0, 40), known) }));
  const best = candidates.reduce((a, b) => (b.distance < a.distance ? b : a));
  return best.distance <= Math.max(2, name.length / 4) ? best.known : undefined;
}

/** Levenshtein's: letters to insert, remove or replace, in either case. */
function editDistance(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...right].entries()) {
      const [above = 0, before = 0, diagonal = 0] = [row[j + 1], next[j], row[j]];
      next.push(Math.min(above + 1, before + 1, diagonal + Number(letter !== other)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

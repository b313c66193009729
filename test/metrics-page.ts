import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metrics } from '@pushfleet/runtime';

type Metric = (typeof metrics)[keyof typeof metrics];

export const metricsPage = join(import.meta.dirname, '../docs/metrics.md');

/** The rows of the table of all metrics in docs/metrics.md. */
export function metricRows(): string[] {
  const head = ['| name | type | process | labels | |', '|---|---|---|---|---|'];
  return [...head, ...Object.values(metrics).map(rowOf)];
}

function rowOf({ name, type, of, merge, label, values, help }: Metric): string {
  const labels =
    label === undefined ? '' : `\`${label}\`: ${values.length > 13 ? `${values.length} values` : values.join(', ')}`;
  const processes = of.length === 3 ? 'all' : of.join(', ');
  return `| \`${name}\` | ${type} | ${processes}${merge === 'each' ? ', each' : ''} | ${labels} | ${help} |`;
}

/** Puts the table into docs/metrics.md: `node test/metrics-page.ts`. */
if (import.meta.main) {
  const page = readFileSync(metricsPage, 'utf8');
  writeFileSync(metricsPage, page.replace(/<!-- table -->|\| name [\s\S]*?(?=\n\n)/, metricRows().join('\n')));
}

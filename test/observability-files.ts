import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export const alertsFile = 'deploy/observability/prometheus/alerts.yml';
export const dashboardFile = 'deploy/observability/grafana/dashboards/pushfleet.json';

/** Names of the metrics that a file asks for, as processes name them: without the suffixes of a histogram's series. */
export function metricsAskedBy(file: string, known: ReadonlySet<string>): string[] {
  const names = [...readFileSync(join(root, file), 'utf8').matchAll(/\bpushfleet_[a-z_]+/g)].map(([name]) => name);
  return [...new Set(names.map((name) => (known.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, ''))))];
}

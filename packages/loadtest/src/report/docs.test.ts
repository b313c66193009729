import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { latencyNames } from './latency-names.ts';
import { loadReportSchema } from './load-report.ts';
import { latencyStatistics, metrics } from './metrics.ts';
import { unitNames } from './units.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/loadtest.md'), 'utf8');

/** Rows of the table under a heading, cells as they are written. */
function tableUnder(heading: string): string[][] {
  const section = page.split(/^#{2,3} /m).find((text) => text.startsWith(`${heading}\n`));
  const rows = section?.split('\n').filter((line) => line.startsWith('| `')) ?? [];
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

interface JsonSchema {
  description?: string;
  type?: unknown;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

/** Every field that has a meaning of its own, by its path. */
function fieldsOf(schema: JsonSchema, path: string): string[][] {
  const own = schema.description === undefined || path === '' ? [] : [[`\`${path}\``, schema.description]];
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    fieldsOf(field, path === '' ? name : `${path}.${name}`),
  );
  const values =
    typeof schema.additionalProperties === 'object' ? fieldsOf(schema.additionalProperties, `${path}.NAME`) : [];
  const items = schema.items ? fieldsOf(schema.items, `${path}[]`) : [];
  const branches = (schema.anyOf ?? []).flatMap((branch) => fieldsOf({ ...branch }, path));
  return [...own, ...properties, ...values, ...items, ...branches];
}

const fields = fieldsOf(z.toJSONSchema(loadReportSchema) as JsonSchema, '');

describe('docs/loadtest.md', () => {
  it('explains every field of a report, and none that is not there', () => {
    const inPhases = /^`phases\[\]\.latencies\./;
    const documented = tableUnder('The fields of the JSON');
    expect(documented).toEqual(fields.filter(([path = '']) => !inPhases.test(path)));
  });

  it('lists every metric with its units, and none that is not there', () => {
    const rows = Object.entries(metrics).map(([name, { quantity, text }]) => [
      `\`${name}\``,
      unitNames(quantity)
        .map((unit) => (unit === '' ? 'none' : `\`${unit}\``))
        .join(', '),
      text,
    ]);
    expect(tableUnder('Metrics')).toEqual(rows);
  });

  it('lists every latency that is measured, and every statistic of it', () => {
    expect(tableUnder('Latencies')).toEqual(Object.entries(latencyNames).map(([name, text]) => [`\`${name}\``, text]));
    for (const statistic of Object.keys(latencyStatistics)) expect(page).toContain(`\`${statistic}\``);
  });
});

import { type LoadReport, loadReportSchema, reportSchemaVersion } from './load-report.ts';

/** A text is no report that this version reads; the message says why. */
export class ReportSyntaxError extends Error {
  override name = 'ReportSyntaxError';
}

/** Reads what `--json` has written. @throws ReportSyntaxError */
export function parseReport(text: string): LoadReport {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'pushfleet-load-report') {
    throw new ReportSyntaxError("is no report of a load test: it has no 'kind' of 'pushfleet-load-report'");
  }
  if (!('schemaVersion' in value) || value.schemaVersion !== reportSchemaVersion) {
    const version = 'schemaVersion' in value ? JSON.stringify(value.schemaVersion).slice(0, 20) : 'none';
    throw new ReportSyntaxError(`has schemaVersion ${version}; this program reads ${reportSchemaVersion}`);
  }
  const { data, error } = loadReportSchema.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  throw new ReportSyntaxError(`is no whole report: ${issue?.path.join('.')}: ${issue?.message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReportSyntaxError(`is no JSON: ${(error as Error).message}`);
  }
}

import {
  compareReports,
  type LoadReport,
  parseReport,
  ReportSyntaxError,
  renderComparison,
  renderSummary,
} from '@pushfleet/loadtest';
import { decodeText, readBoundedFile } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { paintFor, print } from '../output/print.ts';
import { ReportOutputs } from './report-outputs.ts';

/** A day of seconds, processes and links has some 20 MB. */
const greatestFileBytes = 256 * 1024 * 1024;

/** Prints a report that was kept as JSON, or draws its page. */
export async function showReport(path: string, html: string | undefined): Promise<void> {
  const report = readReport(path);
  const outputs = await ReportOutputs.open({ html });
  await outputs.write(report);
  if (html === undefined) print(renderSummary(report, paintFor(process.stdout)));
}

/** Prints the figures of two reports side by side. */
export function showComparison(before: string, after: string): void {
  print(renderComparison(compareReports(readReport(before), readReport(after))));
}

/** @throws CommandFailure that names the file */
function readReport(path: string): LoadReport {
  try {
    return parseReport(decodeText(readBoundedFile(path, greatestFileBytes), path));
  } catch (error) {
    throw error instanceof ReportSyntaxError ? new CommandFailure(`${path} ${error.message}`) : error;
  }
}

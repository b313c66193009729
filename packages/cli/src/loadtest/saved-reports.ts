import {
  compareReports,
  type LoadReport,
  parseReport,
  ReportSyntaxError,
  renderComparison,
  renderSummary,
} from '@pushfleet/loadtest';
import { decodeText, readBoundedFile } from '@pushfleet/runtime';
import { Command } from 'commander';
import { CommandFailure } from '../output/failure.ts';
import { paintFor, print } from '../output/print.ts';
import { ReportOutputs } from './report-outputs.ts';

/** A day of seconds, processes and links has some 20 MB. */
const greatestFileBytes = 256 * 1024 * 1024;

/** `pushfleet loadtest report`: a report that was kept as JSON, once more. */
export function reportCommand(): Command {
  return new Command('report')
    .description('show a report that --json has written, or draw its page')
    .argument('<json>', 'the file')
    .option('--html <file>', 'write it as a page of HTML')
    .action(async (path: string, { html }: { html?: string }) => {
      const report = readReport(path);
      const outputs = await ReportOutputs.open({ html });
      await outputs.write(report);
      if (html === undefined) print(renderSummary(report, paintFor(process.stdout)));
    });
}

/** `pushfleet loadtest compare`: the figures of two reports side by side. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('the figures of two reports side by side, the greatest change first')
    .argument('<before>', 'JSON of a run')
    .argument('<after>', 'JSON of another one')
    .action((before: string, after: string) => {
      print(renderComparison(compareReports(readReport(before), readReport(after))));
    });
}

/** @throws CommandFailure that names the file */
function readReport(path: string): LoadReport {
  try {
    return parseReport(decodeText(readBoundedFile(path, greatestFileBytes), path));
  } catch (error) {
    throw error instanceof ReportSyntaxError ? new CommandFailure(`${path} ${error.message}`) : error;
  }
}

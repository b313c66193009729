import { type LoadReport, ReportFile, ReportFileError, renderHtml } from '@pushfleet/loadtest';
import { CommandFailure } from '../output/failure.ts';

interface Output {
  file: ReportFile;
  render: (report: LoadReport) => string;
}

/** Files that the report of a run goes to, tried before the run. */
export class ReportOutputs {
  readonly #outputs: readonly Output[];

  private constructor(outputs: readonly Output[]) {
    this.#outputs = outputs;
  }

  /** @throws CommandFailure if a file cannot be written, or is to hold both */
  static async open({ json, html }: { json?: string | undefined; html?: string | undefined }): Promise<ReportOutputs> {
    const outputs: Output[] = [];
    if (json !== undefined) outputs.push({ file: await inWords(ReportFile.open(json)), render: renderJson });
    if (html !== undefined) outputs.push({ file: await inWords(ReportFile.open(html)), render: renderHtml });
    const [one, other] = outputs.map(({ file }) => file);
    if (one?.isFile && one.path === other?.path)
      throw new CommandFailure(`--json and --report name the same file, ${one.path}: each needs one of its own`);
    return new ReportOutputs(outputs);
  }

  /** Writes all of them, also where one fails. @throws CommandFailure of the first that failed */
  async write(report: LoadReport): Promise<void> {
    const results = await Promise.allSettled(
      this.#outputs.map(({ file, render }) => inWords(file.write(render(report)))),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}

function renderJson(report: LoadReport): string {
  return `${JSON.stringify(report, null, 1)}\n`;
}

async function inWords<Value>(attempt: Promise<Value>): Promise<Value> {
  try {
    return await attempt;
  } catch (error) {
    throw error instanceof ReportFileError ? new CommandFailure(error.message) : error;
  }
}

import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Lines of one file that do something, and how many of them were executed. */
export interface FileCoverage {
  /** Relative to the folder of the packages. */
  file: string;
  lines: number;
  executed: number;
}

interface Range {
  startOffset: number;
  endOffset: number;
  count: number;
}

/** A line with nothing but these does nothing that could be missed. */
const idleLine = /^\s*(?:[\])}{;,]*|\/\/.*|\/\*.*|\*.*|export \{\};)\s*$/;

/** Lines that this process executes of code that it loads from now on, as V8 counts them. */
export class LineCoverage implements Disposable {
  readonly #session = new Session();

  static async begin(): Promise<LineCoverage> {
    const coverage = new LineCoverage();
    coverage.#session.connect();
    await coverage.#session.post('Profiler.enable');
    await coverage.#session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
    return coverage;
  }

  /** The coverage of compiled files, given relative to `root`; one that was never loaded was never executed. To be called once. */
  async take(root: string, files: readonly string[]): Promise<FileCoverage[]> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const ranges = new Map(
      result.flatMap(({ url, functions }) =>
        url.startsWith('file:') ? [[url, functions.flatMap((each) => each.ranges)] as const] : [],
      ),
    );
    return files.map((file) => {
      const url = pathToFileURL(`${root}/${file}`).href;
      return { file, ...countLines(readFileSync(fileURLToPath(url), 'utf8'), ranges.get(url) ?? []) };
    });
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }
}

/** A line counts as executed if what it begins with was; the innermost range that holds it says so. */
export function countLines(source: string, ranges: readonly Range[]): { lines: number; executed: number } {
  const sorted = [...ranges].sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const open: Range[] = [];
  let [next, offset, lines, executed] = [0, 0, 0, 0];
  for (const line of source.split('\n')) {
    const at = offset + line.length - line.trimStart().length;
    offset += line.length + 1;
    if (idleLine.test(line)) continue;
    for (let range = sorted[next]; range && range.startOffset <= at; range = sorted[next]) {
      open.push(range);
      next += 1;
    }
    while (open.length > 0 && (open.at(-1) as Range).endOffset <= at) open.pop();
    lines += 1;
    const innermost = open.findLast(({ endOffset }) => endOffset > at);
    if (innermost && innermost.count > 0) executed += 1;
  }
  return { lines, executed };
}

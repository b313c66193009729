import { pipeline } from 'node:stream/promises';
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse';
import { CommandFailure } from '../output/failure.ts';
import { greatestLineChars } from './import-file.ts';

export interface CsvRecord {
  /** The line on which it begins, from 1. */
  line: number;
  /** Texts without blanks around them, where they are not in quotes. */
  fields: string[];
}

/** The library's type knows of no record that is made another value. */
type OnRecord = NonNullable<Options['on_record']>;
type Lines = AsyncGenerator<readonly string[], void, undefined>;

/**
 * Records of a CSV file as spreadsheets and shells export it: fields between commas, semicolons or tabs, as its first line
 * tells; fields in double quotes may hold separators, line ends and doubled quotes. A line `sep=…` or `#TYPE …` before all
 * else is understood. Blank records are left out. Takes time in proportion to the file, and bounded memory.
 * @param isColumn Whether the name is one of those that may stand in the first record.
 * @throws CommandFailure that begins with the line
 */
export async function* parseCsv(
  lines: Lines,
  isColumn: (name: string) => boolean,
): AsyncGenerator<CsvRecord, void, undefined> {
  const { separator, begun } = await readBeginning(lines, isColumn);
  let lastLine = 0;
  const onRecord = (fields: string[], info: InfoRecord): CsvRecord | null => {
    const line = lastLine + 1;
    lastLine = info.lines;
    return fields.some((field) => field !== '') ? { line, fields } : null;
  };
  const parser = parse({
    delimiter: separator,
    record_delimiter: '\n',
    trim: true,
    // How many fields there are to be is known where the columns are.
    relax_column_count: true,
    max_record_size: greatestLineChars,
    on_record: onRecord as unknown as OnRecord,
  });
  const fed = pipeline(async function* () {
    yield `${begun.join('\n')}\n`;
    for await (const batch of lines) yield `${batch.join('\n')}\n`;
  }, parser);
  // Its error comes out of the parser, too.
  fed.catch(() => undefined);
  try {
    yield* parser as AsyncIterable<CsvRecord>;
  } catch (error) {
    throw error instanceof CsvError ? describeProblem(error, lastLine + 1) : error;
  }
}

/** In words of our own: those of the parser quote the text, which may hold a secret. */
function describeProblem(error: CsvError, line: number): CommandFailure {
  const place = `line ${line}, field ${Number(error.index) + 1}`;
  const endLine = Number(error.lines);
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new CommandFailure(`${place}: a double quote is not closed`);
    case 'CSV_MAX_RECORD_SIZE':
      return new CommandFailure(
        endLine > line
          ? `${place}: a double quote is not closed within 64 KiB`
          : `${place}: longer than 64 KiB; no row is`,
      );
    default: {
      const rule = 'a field with double quotes in it stands in double quotes, and they are doubled';
      const end = endLine > line ? ` that goes on to line ${endLine}` : '';
      return new CommandFailure(`${place}: a double quote in the midst of a field${end}; ${rule}`);
    }
  }
}

const separators = [',', ';', '\t'] as const;
const greatestBeginning = 1_000;

/** Reads up to the first record, and finds the separator of fields by it. */
async function readBeginning(lines: Lines, isColumn: (name: string) => boolean) {
  const beginning = new Beginning();
  while (!beginning.isWhole) {
    const { value, done } = await lines.next();
    if (done) break;
    for (const line of value) beginning.add(line);
  }
  const { lines: begun } = beginning;
  const firstLine = begun.findIndex((line) => line !== '');
  const first = begun[firstLine] ?? '';
  if (/^\s*[[{]/.test(first)) {
    throw new CommandFailure(
      `line ${firstLine + 1}: this is JSON, not CSV; JSON Lines stand in a file that ends in .jsonl`,
    );
  }
  return { begun, separator: beginning.separator ?? separatorOf(first, isColumn) };
}

/** The lines up to the first record. Those before it are made blank, so that lines are counted as in the file. */
class Beginning {
  readonly lines: string[] = [];
  /** The separator that a line `sep=…` declares. */
  separator: string | undefined;
  #hasRecord = false;

  get isWhole(): boolean {
    return this.#hasRecord || this.lines.length >= greatestBeginning;
  }

  add(line: string): void {
    this.#hasRecord ||= line.trim() !== '' && !/^#TYPE |^sep=/i.test(line);
    if (!this.#hasRecord) this.separator ??= /^sep=(.)\s*$/i.exec(line)?.[1];
    this.lines.push(this.#hasRecord ? line : '');
  }
}

/** The separator by which most fields of the line are names of columns. */
function separatorOf(line: string, isColumn: (name: string) => boolean): string {
  const columnsBy = (separator: string) =>
    line.split(separator).filter((field) => isColumn(field.trim().replace(/^"(.*)"$/, '$1'))).length;
  return separators.reduce((best, next) => (columnsBy(next) > columnsBy(best) ? next : best));
}

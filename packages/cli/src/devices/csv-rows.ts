import { pipeline } from 'node:stream/promises';
import type { NewDevice } from '@pushfleet/admin-sdk';
import { visibleText } from '@pushfleet/runtime';
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse';
import { CommandFailure } from '../output/failure.ts';
import { type Column, columnNames, type FileRow, greatestLineChars, isColumn, unknownColumn } from './import-file.ts';

/** The devices of a CSV file, whose first record names its columns. @throws CommandFailure that begins with the line */
export async function* parseCsvRows(
  lines: AsyncGenerator<readonly string[], void, undefined>,
): AsyncGenerator<FileRow, void, undefined> {
  let header: Header | undefined;
  for await (const record of parseCsv(lines, isColumn)) {
    if (header) yield { line: record.line, device: toDevice(header, record) };
    else header = parseHeader(record);
  }
}

/** The column of each field; `undefined`: a spreadsheet's column without a name, which holds nothing. */
type Header = readonly (Column | undefined)[];

function parseHeader({ line, fields }: CsvRecord): Header {
  const first = new Map<string, number>();
  for (const [index, name] of fields.entries()) {
    const place = `line ${line}, field ${index + 1}`;
    if (name === '') continue;
    if (!isColumn(name)) throw new CommandFailure(`${place}: ${describeUnknown(name, fields.length === 1)}`);
    const earlier = first.get(name);
    if (earlier !== undefined)
      throw new CommandFailure(`${place}: the column ${name} is there twice, as field ${earlier} too`);
    first.set(name, index + 1);
  }
  for (const needed of ['deviceId', 'group'] as const) {
    if (!first.has(needed)) throw new CommandFailure(`line ${line}: there is no column ${needed}`);
  }
  return fields.map((name) => (isColumn(name) ? name : undefined));
}

function describeUnknown(name: string, isOnly: boolean): string {
  const meant = columnNames.find((column) => column.toLowerCase() === name.toLowerCase());
  if (meant) return `the column "${visibleText(name)}" is written ${meant}`;
  return `${unknownColumn(name)}${isOnly ? '; they stand between commas, semicolons or tabs' : ''}`;
}

function toDevice(header: Header, { line, fields }: CsvRecord): NewDevice {
  if (fields.length < header.length) {
    throw new CommandFailure(`line ${line}: ${fields.length} fields, and ${header.length} columns in the first line`);
  }
  const stray = fields.findIndex((field, index) => field !== '' && header[index] === undefined);
  if (stray >= 0)
    throw new CommandFailure(`line ${line}, field ${stray + 1}: there is no column for it in the first line`);
  const given: Partial<Record<Column, string>> = Object.fromEntries(
    header.flatMap((column, index) => (column && fields[index] ? [[column, fields[index]]] : [])),
  );
  const { deviceId = '', group = '', secret, labels, linkKinds } = given;
  return {
    deviceId,
    group,
    ...(secret ? { secret } : {}),
    ...(labels ? { labels: parseLabelList(labels, line) } : {}),
    ...(linkKinds ? { linkKinds: splitList(linkKinds) as ('grpc' | 'mqtt')[] } : {}),
  };
}

/** `os=linux;ring=early`. What is no label may be the secret of a row whose fields are shifted, and is not shown. */
function parseLabelList(text: string, line: number): Record<string, string> {
  const labels = new Map<string, string>();
  for (const label of splitList(text)) {
    const at = label.indexOf('=');
    if (at < 0) throw new CommandFailure(`line ${line}: labels must be key=value, as in os=linux;ring=early`);
    const key = label.slice(0, at);
    if (labels.has(key))
      throw new CommandFailure(`line ${line}: the label ${visibleText(key).slice(0, 64)} is there twice`);
    labels.set(key, label.slice(at + 1));
  }
  return Object.fromEntries(labels);
}

function splitList(text: string): string[] {
  return text.split(/[;,\s]+/).filter((item) => item !== '');
}

interface CsvRecord {
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

import type { NewDevice } from '@pushfleet/admin-sdk';
import { visibleText } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { type CsvRecord, parseCsv } from './csv.ts';
import { type Column, columnNames, type FileRow, isColumn, unknownColumn } from './import-file.ts';

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

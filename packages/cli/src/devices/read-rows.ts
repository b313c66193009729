import { open } from 'node:fs/promises';
import type { NewDevice } from '@pushfleet/admin-sdk';
import { cutText } from '@pushfleet/protocol';
import { CommandFailure } from '../output/failure.ts';
import { parseCsv } from './csv.ts';

/** A device of an import file, and where it stands. */
export interface FileRow {
  line: number;
  device: NewDevice;
}

const columns = ['deviceId', 'group', 'secret', 'labels', 'linkKinds'] as const;
type Column = (typeof columns)[number];

/**
 * Reads an import file line by line: JSON Lines where its name ends in `.jsonl` or `.ndjson`, CSV otherwise. Only the
 * form is checked here; the balancer checks what the rows say.
 * @throws CommandFailure that names the line
 */
export async function* readRows(path: string): AsyncGenerator<FileRow, void, undefined> {
  await using file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`cannot read ${path} (${cause.code})`, { cause });
  });
  const lines = file.readLines();
  yield* /\.(jsonl|ndjson)$/i.test(path) ? parseJsonLines(lines) : parseRows(lines);
}

async function* parseJsonLines(lines: AsyncIterable<string>): AsyncGenerator<FileRow, void, undefined> {
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() !== '') yield { line, device: parseJsonRow(text, line) };
  }
}

function parseJsonRow(text: string, line: number): NewDevice {
  const value = parseObject(text, line);
  for (const [key, field] of Object.entries(value)) {
    if (!columns.includes(key as Column)) throw unknownColumn(key, line);
    if (!isOfColumn(key as Column, field))
      throw new CommandFailure(`line ${line}: ${key} must be ${forms[key as Column]}`);
  }
  const { deviceId = '', group = '', ...rest } = value as Partial<NewDevice>;
  return { deviceId, group, ...rest };
}

function parseObject(text: string, line: number): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    // The words of the parser quote the text, which may hold a secret.
    throw new CommandFailure(`line ${line}: not JSON`, { cause });
  }
  throw new CommandFailure(`line ${line}: must be a JSON object`);
}

const forms: Record<Column, string> = {
  deviceId: 'a text',
  group: 'a text',
  secret: 'a text',
  labels: 'an object of texts',
  linkKinds: 'a list of texts',
};

function isOfColumn(column: Column, value: unknown): boolean {
  const areTexts = (values: unknown[]) => values.every((one) => typeof one === 'string');
  if (column === 'linkKinds') return Array.isArray(value) && areTexts(value);
  if (column !== 'labels') return typeof value === 'string';
  return typeof value === 'object' && value !== null && !Array.isArray(value) && areTexts(Object.values(value));
}

async function* parseRows(lines: AsyncIterable<string>): AsyncGenerator<FileRow, void, undefined> {
  let header: Column[] | undefined;
  for await (const { line, fields } of parseCsv(lines)) {
    if (!header) {
      header = parseHeader(fields, line);
      continue;
    }
    if (fields.length !== header.length) {
      throw new CommandFailure(`line ${line}: ${fields.length} fields, and ${header.length} columns in the first line`);
    }
    yield { line, device: toDevice(header, fields, line) };
  }
}

function parseHeader(fields: readonly string[], line: number): Column[] {
  for (const name of fields) if (!columns.includes(name as Column)) throw unknownColumn(name, line);
  for (const needed of ['deviceId', 'group'] as const) {
    if (!fields.includes(needed)) throw new CommandFailure(`line ${line}: there is no column ${needed}`);
  }
  return fields as Column[];
}

function toDevice(header: readonly Column[], fields: readonly string[], line: number): NewDevice {
  const {
    deviceId = '',
    group = '',
    secret,
    labels,
    linkKinds,
  }: Partial<Record<Column, string>> = Object.fromEntries(header.map((column, at) => [column, fields[at] ?? '']));
  return {
    deviceId,
    group,
    ...(secret ? { secret } : {}),
    ...(labels ? { labels: parseLabelList(labels, line) } : {}),
    ...(linkKinds ? { linkKinds: linkKinds.split(/[; ]+/) as ('grpc' | 'mqtt')[] } : {}),
  };
}

/** `os=linux;ring=early` */
function parseLabelList(text: string, line: number): Record<string, string> {
  const labels = text.split(/[; ]+/).filter((label) => label !== '');
  const bare = labels.find((label) => !label.includes('='));
  if (bare !== undefined) throw new CommandFailure(`line ${line}: the label "${bare}" must be key=value`);
  return Object.fromEntries(labels.map((label) => label.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

function unknownColumn(name: string, line: number): CommandFailure {
  const known = columns.join(', ');
  return new CommandFailure(`line ${line}: there is no column "${cutText(name, 64)}"; there are ${known}`);
}

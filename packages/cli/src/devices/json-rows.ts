import type { NewDevice } from '@pushfleet/admin-sdk';
import { visibleText } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { type Column, type FileRow, isColumn, unknownColumn } from './import-file.ts';

/** The devices of a file with one JSON object on each line. @throws CommandFailure that begins with the line */
export async function* parseJsonRows(
  lines: AsyncIterable<readonly string[]>,
): AsyncGenerator<FileRow, void, undefined> {
  let line = 0;
  for await (const batch of lines) {
    for (const text of batch) {
      line += 1;
      if (text.trim() !== '') yield { line, device: parseJsonRow(text, line) };
    }
  }
}

const forms: Record<Column, string> = {
  deviceId: 'a text',
  group: 'a text',
  secret: 'a text; leave it out, and the device keeps the one that it has',
  labels: 'an object of texts',
  linkKinds: 'a list of texts',
};

function parseJsonRow(text: string, line: number): NewDevice {
  const value = parseObject(text, line);
  const repeated = findRepeatedKey(text);
  if (repeated !== undefined) {
    throw new CommandFailure(`line ${line}: "${visibleText(repeated).slice(0, 64)}" is there twice`);
  }
  for (const [key, field] of Object.entries(value)) {
    if (!isColumn(key)) throw new CommandFailure(`line ${line}: ${unknownColumn(key)}`);
    if (!isOfColumn(key, field)) throw new CommandFailure(`line ${line}: ${key} must be ${forms[key]}`);
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
    const position = /at position (\d+)/.exec(String(cause))?.[1];
    const place = position === undefined ? `line ${line}` : `line ${line}, column ${Number(position) + 1}`;
    throw new CommandFailure(`${place}: not JSON; ${rule}`, { cause });
  }
  throw new CommandFailure(`line ${line}: must be a JSON object; ${rule}`);
}

const rule = 'each line is one whole object; `jq -c ".[]" devices.json > devices.jsonl` makes them of a list';

function isOfColumn(column: Column, value: unknown): boolean {
  if (column === 'linkKinds') return Array.isArray(value) && value.every(isText);
  if (column === 'secret') return isText(value) && value !== '';
  if (column !== 'labels') return isText(value);
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText);
}

/** Half a character, `"\ud83d"`, would become another one on its way. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && value.isWellFormed();
}

/** A key that an object of the text has twice, of which JSON.parse keeps the last. @param json Is JSON. */
function findRepeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    if (text === undefined || colon === undefined) continue;
    const key = JSON.parse(text) as string;
    const keys = open.at(-1);
    if (keys?.has(key)) return key;
    keys?.add(key);
  }
  return undefined;
}

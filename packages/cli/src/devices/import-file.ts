import { type FileHandle, open } from 'node:fs/promises';
import type { NewDevice } from '@pushfleet/admin-sdk';
import { TextReader, visibleText } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';

/** A device of an import file, and where it stands. */
export interface FileRow {
  line: number;
  device: NewDevice;
}

/** Columns of an import file. */
export const columnNames = ['deviceId', 'group', 'secret', 'labels', 'linkKinds'] as const;
export type Column = (typeof columnNames)[number];

export function isColumn(name: string): name is Column {
  return (columnNames as readonly string[]).includes(name);
}

export function unknownColumn(name: string): string {
  return `there is no column "${visibleText(name).slice(0, 64)}"; there are ${columnNames.join(', ')}`;
}

/** The greatest length of a line, in characters. No import file comes near to it: what is longer is another kind of file. */
export const greatestLineChars = 65_536;

/**
 * The lines of a text file, many at a time, without their ends: LF, CR LF or CR. A last line without an end counts, too.
 * Memory is bounded whatever the file holds.
 * @throws CommandFailure, PushfleetError INVALID_ARGUMENT: the file cannot be read, is no text, has an endless line
 */
export async function* readLines(path: string): AsyncGenerator<string[], void, undefined> {
  await using file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`cannot read ${path} (${cause.code})`, { cause });
  });
  let line = 0;
  let rest = '';
  for await (const text of readText(file, path)) {
    const lines = (rest + text).split(lineEnd);
    rest = lines.pop() ?? '';
    const long = [...lines, rest].findIndex(({ length }) => length > greatestLineChars);
    if (long >= 0) throw new CommandFailure(`${path}, line ${line + long + 1}: longer than 64 KiB; no row is`);
    line += lines.length;
    if (lines.length > 0) yield lines;
  }
  // The last line may end in a CR.
  const last = rest.split(/\r/);
  if (rest !== '') yield last.at(-1) === '' ? last.slice(0, -1) : last;
}

/** A CR that ends the text may be half of a CR LF. */
const lineEnd = /\r\n|\n|\r(?!$)/;

async function* readText(file: FileHandle, path: string): AsyncGenerator<string, void, undefined> {
  const reader = new TextReader(path);
  const buffer = Buffer.alloc(greatestLineChars);
  for (;;) {
    const { bytesRead } = await file.read(buffer).catch((cause: NodeJS.ErrnoException) => {
      throw new CommandFailure(`cannot read ${path} (${cause.code})`, { cause });
    });
    if (bytesRead === 0) break;
    yield reader.read(buffer.subarray(0, bytesRead));
  }
  yield reader.end();
}

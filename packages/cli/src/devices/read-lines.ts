import { type FileHandle, open } from 'node:fs/promises';
import { TextReader } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';

/** What no line of an import file comes near to: whatever is longer is another kind of file. */
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
  // What is left over may end in a CR.
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

import { CommandFailure } from '../output/failure.ts';
import { findSecretFault } from '../state/secrets.ts';
import { parseCsvRows } from './csv-rows.ts';
import type { FileRow } from './file-row.ts';
import { parseJsonRows } from './json-rows.ts';
import { readLines } from './read-lines.ts';

/**
 * Reads an import file bit by bit: JSON Lines where its name ends in `.jsonl`, `.ndjson` or `.json`, CSV otherwise; UTF-8
 * or UTF-16, as TextReader tells. Only the form is checked here; the balancer checks what the rows say.
 * @throws CommandFailure, PushfleetError INVALID_ARGUMENT that name the file and the line, and no secret
 */
export async function* readRows(path: string): AsyncGenerator<FileRow, void, undefined> {
  const lines = readLines(path);
  const rows = /\.(jsonl|ndjson|json)$/i.test(path) ? parseJsonRows(lines) : parseCsvRows(lines);
  try {
    for await (const row of rows) {
      const fault = findSecretFault(row.device.secret ?? '');
      if (fault) throw new CommandFailure(`line ${row.line}: the secret has ${fault}`);
      yield row;
    }
  } catch (error) {
    const isOfLine = error instanceof CommandFailure && error.message.startsWith('line ');
    throw isOfLine ? new CommandFailure(`${path}, ${error.message}`, { cause: error }) : error;
  } finally {
    // Whoever read of it and failed does not always say that no more is wanted.
    await lines.return();
  }
}

import type { AdminClient, NewDevice } from '@pushfleet/admin-sdk';
import { type admin, fromErrorReason } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { inCommands } from '../options/field-flags.ts';
import { CommandFailure } from '../output/failure.ts';
import { count } from '../output/format.ts';
import { print, printJson } from '../output/print.ts';
import { findSecretFault } from '../state/secrets.ts';
import type { CommandContext } from '../stop.ts';
import { parseCsvRows } from './csv-rows.ts';
import { type FileRow, readLines } from './import-file.ts';
import { parseJsonRows } from './json-rows.ts';

const help = `
Devices are created, or replaced whole. Every row is checked before the first is written: one bad row, and nothing is
applied. A row without a secret keeps the one that its device has.

CSV, with the names of its columns in the first line; deviceId and group are needed:
  deviceId,group,secret,labels,linkKinds
  laptop-17,HQ/Floor 2,a secret of 16 bytes at least,os=linux;ring=early,grpc

As a spreadsheet saves it: commas, semicolons or tabs; UTF-8, or UTF-16 with a byte order mark; blank rows do no harm.

JSON Lines (.jsonl), one object on each line:
  {"deviceId": "laptop-17", "group": "HQ/Floor 2", "secret": "…", "labels": {"os": "linux"}, "linkKinds": ["grpc"]}

Exit status: 0 if all rows are in, 2 if one was refused, 1 if nothing was tried.

Examples:
  $ pushfleet devices import -f devices.csv
  $ pushfleet devices import -f devices.jsonl --json | jq '.errors[] | "\\(.line): \\(.message)"'`;

/** Errors that are shown; \`--json\` has more. */
const shown = 20;

export function importCommand({ environment }: CommandContext): Command {
  return new Command('import')
    .description('create or replace many devices from a file, all or none')
    .requiredOption('-f, --file <devices.csv>', 'a CSV file, or JSON Lines (.jsonl)')
    .option(
      '--json',
      'an object {imported, errorCount, errors}; errors (the first 1,000) are {line, code, field, message}',
    )
    .addHelpText('after', help)
    .action(async ({ file, json }: { file: string; json?: true }) => {
      using client = openClient(environment);
      const result = await importFile(client, file);
      if (json) printJson(result);
      else printResult(file, result);
      if (result.errorCount > 0) process.exitCode = 2;
    });
}

interface ImportResult {
  imported: number;
  errorCount: number;
  errors: { line: number; code: string; field: string; message: string }[];
}

async function importFile(client: AdminClient, file: string): Promise<ImportResult> {
  const lines: number[] = [];
  async function* devices(): AsyncGenerator<NewDevice, void, undefined> {
    for await (const { line, device } of readRows(file)) {
      lines.push(line);
      yield device;
    }
  }
  const { imported, errors, errorCount } = await client.devices.import(devices());
  return { imported, errorCount, errors: errors.map((error) => toLineError(error, lines)) };
}

function toLineError({ row, reason, field, message }: admin.RowError, lines: readonly number[]) {
  return {
    line: lines[row] ?? 0,
    code: fromErrorReason(reason),
    field,
    message: inCommands(withLines(message, lines)),
  };
}

/** Rows that a message names are counted from 0, without headings and blank lines; a reader looks for lines. */
function withLines(message: string, lines: readonly number[]): string {
  return message.replace(/(?<=: must be another one: )row (\d+)/, (whole, row: string) => {
    const line = lines[Number(row)];
    return line === undefined ? whole : `line ${line}`;
  });
}

function printResult(file: string, { imported, errorCount, errors }: ImportResult): void {
  for (const { line, message } of errors.slice(0, shown)) print(visibleText(`${file}, line ${line}: ${message}`));
  if (errorCount > shown) print(`… and ${errorCount - shown} more`);
  if (errorCount === 0) print(`imported ${count(imported, 'device')}`);
  else if (imported === 0) print(`\nnothing was imported: ${count(errorCount, 'bad row')}`);
  else print(`\n${imported} devices are in, the rest is not; import the file again`);
}

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

import { CommandFailure } from '../output/failure.ts';

export interface CsvRecord {
  /** Where it begins in the file, from 1. */
  line: number;
  fields: string[];
}

/** Records of a CSV file (RFC 4180): fields in double quotes may hold commas, line ends and doubled quotes. */
export async function* parseCsv(lines: AsyncIterable<string>): AsyncGenerator<CsvRecord, void, undefined> {
  let line = 0;
  let begun: { line: number; text: string } | undefined;
  for await (const text of lines) {
    line += 1;
    const record: { line: number; text: string } = begun
      ? { line: begun.line, text: `${begun.text}\n${text}` }
      : { line, text };
    const isOpen = (record.text.split('"').length - 1) % 2 === 1;
    begun = isOpen ? record : undefined;
    if (!isOpen && record.text.trim() !== '') yield { line: record.line, fields: splitFields(record) };
  }
  if (begun) throw new CommandFailure(`line ${begun.line}: a double quote is not closed`);
}

function splitFields({ line, text }: { line: number; text: string }): string[] {
  const fields: string[] = [];
  let rest = text;
  for (;;) {
    const match = /^\s*"((?:[^"]|"")*)"\s*(?:,|$)|^([^",]*)(?:,|$)/.exec(rest);
    if (!match) throw new CommandFailure(`line ${line}: a double quote in the midst of a field`);
    fields.push(match[1]?.replaceAll('""', '"') ?? (match[2] ?? '').trim());
    if (!match[0].endsWith(',')) return fields;
    rest = rest.slice(match[0].length);
  }
}

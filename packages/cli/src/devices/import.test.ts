import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PushfleetError } from '@pushfleet/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandFailure } from '../output/failure.ts';
import { parseCsv } from './csv-rows.ts';
import { readRows } from './import.ts';
import { isColumn } from './import-file.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pushfleet-rows-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function read(name: string, text: string | Uint8Array) {
  const file = join(dir, name);
  writeFileSync(file, text);
  return Array.fromAsync(readRows(file));
}

const secret = 'sixteen letters!';
const head = 'deviceId,group,secret,labels,linkKinds\n';

describe('an import file', () => {
  it('in CSV has columns in any order, quotes where they are needed, and blank lines', async () => {
    const text = `group,deviceId,secret,labels,linkKinds\r\n"HQ, ""old""",a,"${secret}",os=linux;ring=early,grpc;mqtt\r\n\r\nHQ , b ,,,\n`;
    expect(await read('devices.csv', text)).toEqual([
      {
        line: 2,
        device: {
          deviceId: 'a',
          group: 'HQ, "old"',
          secret,
          labels: { os: 'linux', ring: 'early' },
          linkKinds: ['grpc', 'mqtt'],
        },
      },
      { line: 4, device: { deviceId: 'b', group: 'HQ' } },
    ]);
    expect(await read('empty.csv', '')).toEqual([]);
  });

  it('counts lines also where a quoted field has several', async () => {
    const rows = await read('devices.csv', `${head}a,"HQ\n2",,,\nb,HQ,,,\n`);
    expect(rows.map(({ line, device }) => [line, device.group])).toEqual([
      [2, 'HQ\n2'],
      [4, 'HQ'],
    ]);
  });

  it('in JSON Lines has one object on each line', async () => {
    const device = { deviceId: 'a', group: 'HQ', secret, labels: { os: 'linux' }, linkKinds: ['mqtt'] };
    const text = `${JSON.stringify(device)}\n\n{"deviceId": "b", "group": "HQ"}`;
    expect(await read('devices.jsonl', text)).toEqual([
      { line: 1, device },
      { line: 3, device: { deviceId: 'b', group: 'HQ' } },
    ]);
  });

  const exported = 'deviceId,group,labels\na,HQ,os=linux\nb,"Größe, 2",\n';
  const withSeparator = (separator: string) => exported.replaceAll(/(?<!e),/g, separator);
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
  it.each<[how: string, bytes: string | Uint8Array, firstLine?: number]>([
    ['commas', exported],
    ['semicolons', withSeparator(';')],
    ['tabs', withSeparator('\t')],
    ['a byte order mark', `\ufeff${exported}`],
    ['line ends of Windows', exported.replaceAll('\n', '\r\n')],
    ['line ends of an old Macintosh', exported.replaceAll('\n', '\r')],
    ['line ends of several kinds', exported.replace('\n', '\r\n')],
    ['UTF-16', utf16(withSeparator('\t').replaceAll('\n', '\r\n'))],
    ['UTF-16, big end first', utf16(exported).swap16()],
    ['its separator in a line of its own', `sep=;\r\n${withSeparator(';')}`, 3],
    ['a separator that nobody would guess', `sep=|\n${withSeparator('|')}`, 3],
    ['the line that PowerShell puts before it', `#TYPE System.Management.Automation.PSCustomObject\n${exported}`, 3],
    ['blank lines and rows before its heading', `\n \n,,\n${exported}`, 5],
    ['blank rows and columns', exported.replaceAll('\n', ',,\n').replace('\nb', '\n,,,,\n  \nb')],
    ['quotes around all', exported.replaceAll(/[^,\n"]+(?=[,\n])/g, '"$&"').replace('""Größe"', '"Größe')],
    ['a heading in quotes', exported.replace('deviceId,group', '"deviceId", "group"')],
    ['no line end at its end', exported.trimEnd()],
  ])('as a spreadsheet or a shell exports it is read: with %s', async (_how, bytes, firstLine = 2) => {
    const rows = await read('devices.csv', bytes);
    expect(rows.map(({ device }) => device)).toEqual([
      { deviceId: 'a', group: 'HQ', labels: { os: 'linux' } },
      { deviceId: 'b', group: 'Größe, 2' },
    ]);
    expect(rows[0]?.line).toBe(firstLine);
  });

  it('in JSON Lines may have what JSON may have', async () => {
    const line = '{"deviceId": "a", "group": "HQ\u2028\u2029 2", "labels": {"a": "b", "group": "x"}}';
    for (const text of [line, `\ufeff${line}`, `${line}\r\n`, utf16(line)]) {
      expect((await read('devices.jsonl', text)).map(({ device }) => device.group)).toEqual(['HQ\u2028\u2029 2']);
    }
  });

  it.each([
    [
      'a.csv',
      'deviceId,grup\n',
      'line 1, field 2: there is no column "grup"; there are deviceId, group, secret, labels, linkKinds',
    ],
    ['a.csv', 'deviceId\n', 'line 1: there is no column group'],
    ['a.csv', `${head}a,HQ\n`, 'line 2: 2 fields, and 5 columns in the first line'],
    ['a.csv', `${head}a,"HQ,,,\n`, 'line 2, field 2: a double quote is not closed'],
    ['a.csv', `${head}a,"H"Q",,,"\n`, 'line 2, field 2: a double quote in the midst of a field'],
    ['a.csv', `${head}a,HQ,,linux,\n`, 'line 2: labels must be key=value, as in os=linux;ring=early'],
    ['a.csv', 'deviceId,group,,secret,group\n', 'line 1, field 5: the column group is there twice, as field 2 too'],
    ['a.csv', 'DeviceID,group\n', 'line 1, field 1: the column "DeviceID" is written deviceId'],
    ['a.csv', 'deviceId|group\n', 'linkKinds; they stand between commas, semicolons or tabs'],
    ['a.csv', '\n[{"deviceId": "a"}]\n', 'line 2: this is JSON, not CSV; JSON Lines stand in a file'],
    ['a.csv', 'deviceId,group\x1b[2J\n', 'there is no column "group\\x1b[2J"'],
    ['a.csv', 'deviceId,,group\na,x,HQ\n', 'line 2, field 2: there is no column for it in the first line'],
    ['a.csv', 'deviceId,group\na,HQ,linux\n', 'line 2, field 3: there is no column for it in the first line'],
    [
      'a.csv',
      `${head}a,"x\r\ny",,,\nb,H"Q,,,`,
      'line 4, field 2: a double quote in the midst of a field; a field with',
    ],
    [
      'a.csv',
      `${head}a,"HQ,,,\nb,"HQ",,,`,
      'line 2, field 2: a double quote in the midst of a field that goes on to line 3',
    ],
    ['a.csv', `${head}a,HQ,,os=a;ring=b;os=c,\n`, 'line 2: the label os is there twice'],
    ['a.csv', `${head}${'a'.repeat(65_537)}\n`, 'line 2: longer than 64 KiB; no row is'],
    ['a.csv', `${head}${'"'.repeat(70_000)}`, 'line 2: longer than 64 KiB; no row is'],
    ['a.csv', Buffer.from(`${head}a,Größe,,,\n`, 'latin1'), 'line 2, column 5: the byte 0xf6 is not UTF-8 here'],
    ['a.csv', Buffer.from(head, 'utf16le'), 'line 1, column 2: a NUL character: not a text, or UTF-16 without'],
    ['a.csv', Buffer.from('PK\x03\x04'), 'is not a text but a workbook (.xlsx)'],
    ['a.jsonl', '{"deviceId": "a", "group": "HQ", "deviceId": "b"}', 'line 1: "deviceId" is there twice'],
    ['a.jsonl', '{"labels": {"os": "a", "o\\u0073": "b"}}', 'line 1: "os" is there twice'],
    ['a.jsonl', '{"secret": ""}', 'line 1: secret must be a text; leave it out, and the device keeps'],
    ['a.jsonl', '{"group": "\\ud83d"}', 'line 1: group must be a text'],
    ['a.jsonl', `{"group": "${'x'.repeat(65_536)}"}`, 'line 1: longer than 64 KiB; no row is'],
    ['a.json', '[\n{"deviceId": "a"}]', 'line 1: not JSON; each line is one whole object; `jq -c ".[]" devices.json >'],
    ['a.jsonl', '{"deviceId": "a"\n', 'line 1, column 17: not JSON'],
    ['a.jsonl', '\n[]\n', 'line 2: must be a JSON object'],
    ['a.jsonl', '{"id": "a"}', 'line 1: there is no column "id"'],
    ['a.jsonl', '{"deviceId": 7}', 'line 1: deviceId must be a text'],
    ['a.jsonl', '{"labels": {"os": 7}}', 'line 1: labels must be an object of texts'],
    ['a.csv', `${head}a,HQ,"sixteen letters!\n",,\n`, 'line 2: the secret has 2 lines; a secret is one line'],
    ['a.csv', `${head}a,HQ,sixteen\u200b letters!,,\n`, 'line 2: the secret has a character that nobody sees, U+200B'],
    ['a.jsonl', '{"secret": "sixteen letters!\\r"}', 'line 1: the secret has 2 lines'],
    ['a.jsonl', '{"secret": "sixteen \\u0000letters!"}', 'line 1: the secret has a character that nobody sees, U+0000'],
    ['a.jsonl', '{"linkKinds": "grpc"}', 'line 1: linkKinds must be a list of texts'],
  ] as [name: string, text: string | Uint8Array, problem: string][])(
    '%s is refused by its name and line: %j',
    async (name, text, problem) => {
      await expect(read(name, text)).rejects.toThrow(problem);
      await expect(read(name, text)).rejects.toThrow(`${join(dir, name)}`);
    },
  );

  it.each([
    ['never closed', 'pc,"HQ,,,'],
    ['closed by the next one', 'pc,"HQ,,,\npc,"HQ",,,'],
    ['in the midst of a field', 'pc,H"Q,,,'],
  ])('with a double quote that is %s is read no further than 64 KiB beyond it', async (_how, stray) => {
    const pulled = { lines: 0 };
    async function* lines(): AsyncGenerator<string[], void, undefined> {
      yield [head.trimEnd(), ...stray.split('\n')];
      for (; pulled.lines < 1_000_000; pulled.lines += 100) yield Array.from({ length: 100 }, () => 'pc-000,HQ,,,');
    }
    await expect(Array.fromAsync(parseCsv(lines(), isColumn))).rejects.toThrow('line 2, field 2: a double quote');
    // 12 characters each, and what the streams between have taken beforehand.
    expect(pulled.lines).toBeLessThan(20_000);
  });

  it('is not read further than its rows are taken', async () => {
    const pulled = { lines: 0 };
    async function* lines(): AsyncGenerator<string[], void, undefined> {
      yield [head.trimEnd()];
      for (; ; pulled.lines += 100) yield Array.from({ length: 100 }, () => 'pc-000,HQ,,,');
    }
    for await (const { line } of parseCsv(lines(), isColumn)) if (line >= 50_000) break;
    expect(pulled.lines).toBeLessThan(70_000);
  });

  describe('whatever it holds', () => {
    const taken = async (name: string, bytes: string | Uint8Array) => {
      try {
        return await read(name, bytes);
      } catch (error) {
        expect(error instanceof CommandFailure || error instanceof PushfleetError, String(error)).toBe(true);
        return String(error);
      }
    };
    const names = fc.constantFrom('a.csv', 'a.jsonl');
    const csvParts = fc.constantFrom(
      'deviceId',
      'group',
      'secret',
      ',',
      ';',
      '\t',
      '"',
      '\n',
      '\r',
      '\r\n',
      'sep=,',
      '\ufeff',
      ' ',
      '\0',
    );
    const jsonParts = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"deviceId"',
      '"group"',
      ':',
      ',',
      '"x"',
      '\n',
      '\\',
      '"',
      '\ud83d',
      '1e999',
    );
    const parts = fc.array(fc.oneof(csvParts, jsonParts), { maxLength: 40 }).map((some) => some.join(''));

    it('it is read, or refused in words', async () => {
      await fc.assert(
        fc.asyncProperty(names, fc.oneof(parts, fc.uint8Array({ maxLength: 64 })), async (name, content) => {
          await taken(name, content);
        }),
        { numRuns: 400 },
      );
    });

    it('what is written is read again', async () => {
      const text = fc.string({
        unit: fc.constantFrom('a', 'ö', ',', ';', '"', '\n', ' ', '\t', '日'),
        minLength: 1,
        maxLength: 8,
      });
      const field = (value: string) => `"${value.replaceAll('"', '""')}"`;
      const separator = fc.constantFrom(',', ';', '\t');
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1 }), separator, async (values, between) => {
          const rows = [['deviceId', 'group'], ...values].map((row) => row.map(field).join(between)).join('\r\n');
          const devices = (await read('a.csv', rows)).map(({ device }) => [device.deviceId, device.group]);
          expect(devices).toEqual(values);
          const json = values.map(([deviceId, group]) => JSON.stringify({ deviceId, group })).join('\n');
          expect((await read('a.jsonl', json)).map(({ device }) => [device.deviceId, device.group])).toEqual(values);
        }),
        { numRuns: 200 },
      );
    });

    it('no secret is told', async () => {
      const good = {
        'a.csv': `${head}a,HQ,${secret},os=linux,grpc\nb,HQ,${secret},,\n`,
        'a.jsonl': `${JSON.stringify({ deviceId: 'a', group: 'HQ', secret })}\n`,
      } as const;
      const change = fc.record({
        at: fc.nat(200),
        remove: fc.nat(2),
        insert: fc.constantFrom('', '"', ',', '\n', '\xff', '{', '\\'),
      });
      await fc.assert(
        fc.asyncProperty(fc.constantFrom('a.csv', 'a.jsonl'), change, async (name, { at, remove, insert }) => {
          const text = good[name];
          const changed = await taken(
            name,
            Buffer.from(text.slice(0, at) + insert + text.slice(at + remove), 'latin1'),
          );
          if (typeof changed === 'string') expect(changed).not.toContain('sixteen');
        }),
        { numRuns: 1_000 },
      );
    });
  });

  it('that is not there is named', async () => {
    await expect(Array.fromAsync(readRows(join(dir, 'none.csv')))).rejects.toThrow('none.csv (ENOENT)');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRows } from './read-rows.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pushfleet-rows-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function read(name: string, text: string) {
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

  it.each([
    [
      'a.csv',
      'deviceId,grup\n',
      'line 1: there is no column "grup"; there are deviceId, group, secret, labels, linkKinds',
    ],
    ['a.csv', 'deviceId\n', 'line 1: there is no column group'],
    ['a.csv', `${head}a,HQ\n`, 'line 2: 2 fields, and 5 columns in the first line'],
    ['a.csv', `${head}a,"HQ,,,\n`, 'line 2: a double quote is not closed'],
    ['a.csv', `${head}a,"H"Q",,,"\n`, 'line 2: a double quote in the midst of a field'],
    ['a.csv', `${head}a,HQ,,linux,\n`, 'line 2: the label "linux" must be key=value'],
    ['a.jsonl', '{"deviceId": "a"\n', 'line 1: not JSON'],
    ['a.jsonl', '\n[]\n', 'line 2: must be a JSON object'],
    ['a.jsonl', '{"id": "a"}', 'line 1: there is no column "id"'],
    ['a.jsonl', '{"deviceId": 7}', 'line 1: deviceId must be a text'],
    ['a.jsonl', '{"labels": {"os": 7}}', 'line 1: labels must be an object of texts'],
    ['a.jsonl', '{"linkKinds": "grpc"}', 'line 1: linkKinds must be a list of texts'],
  ])('%s is refused by its line: %j', async (name, text, problem) => {
    await expect(read(name, text)).rejects.toThrow(problem);
  });

  it('that is not there is named', async () => {
    await expect(Array.fromAsync(readRows(join(dir, 'none.csv')))).rejects.toThrow('none.csv (ENOENT)');
  });
});

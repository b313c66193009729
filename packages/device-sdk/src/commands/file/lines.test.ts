import { expect, it } from 'vitest';
import { cancelled, failed, rejected, stopped, succeeded, succeededWith } from '../ending.ts';
import { beginLine, endLine, keepWithin, readLines } from './lines.ts';

it.each([
  ['nothing to say', succeeded(undefined)],
  ['output', succeeded({ output: Buffer.from([0, 255, 10]) })],
  ['statistics', succeededWith({ counters: { cpu: 0.5, zero: 0 }, atMs: 1_790_000_000_000 })],
  ['a task that had ended', stopped(true)],
  ['failure', failed('disk full', Buffer.from('df'))],
  ['rejection', rejected('no')],
  ['cancellation', cancelled('enough')],
])('a command that ended with %s is read as it was written', (_, ending) => {
  expect(readLines(beginLine('c1') + endLine('c1', ending))).toMatchObject([{ id: 'c1', ending }]);
});

const three = beginLine('c1') + endLine('c1', succeeded({ output: 'x' })) + beginLine('c2');

it('reads what was written before a torn end, wherever it was torn', () => {
  for (let bytes = 0; bytes <= three.length; bytes += 1) {
    const isLineWhole = three[bytes] === '\n';
    const whole = three.slice(0, isLineWhole ? bytes + 1 : three.lastIndexOf('\n', bytes - 1) + 1);
    expect(readLines(three.slice(0, bytes))).toEqual(readLines(whole));
  }
  expect(readLines(`${three}\0\0\0\0`)).toEqual(readLines(three));
  expect(readLines(three).map(({ id }) => id)).toEqual(['c1', 'c2']);
});

it('says where the middle is damaged', () => {
  expect(() => readLines(`${beginLine('c1')}{"en\n${beginLine('c2')}`)).toThrow('line 2 cannot be read');
});

it('keeps the youngest, all that run, and outputs as long as they fit', () => {
  const all = readLines(
    ['c1', 'c2', 'c3', 'c4'].map((id) => beginLine(id) + endLine(id, succeeded({ output: '12345' }))).join(''),
  );
  const kept = keepWithin(
    { commands: 2, outputBytes: 7 },
    [{ id: 'runs', ending: 'begun' }, ...all],
    new Set(['runs']),
  );
  expect(kept.map(({ id }) => id)).toEqual(['runs', 'c3', 'c4']);
  expect(kept[1]?.ending).toBe('forgotten');
  expect(kept[2]?.ending).toMatchObject({ outcome: 'succeeded' });
});

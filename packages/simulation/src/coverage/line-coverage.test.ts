import { expect, it } from 'vitest';
import { countLines } from './line-coverage.ts';

const source = `function used() {
  if (never) {
    missed();
  }
  return 1; // said
}

// a comment
function unused() {
  return 2;
}
`;
const at = (text: string) => source.indexOf(text);
const file = { startOffset: 0, endOffset: source.length, count: 1 };
const used = { startOffset: 0, endOffset: at('\n\n//'), count: 3 };
const branch = { startOffset: at('{\n    missed'), endOffset: at('\n  return 1'), count: 0 };
const unused = { startOffset: at('function unused'), endOffset: source.length - 1, count: 0 };

it('counts lines that were executed, and none that do nothing', () => {
  // Four of `used` with its head, two of `unused`.
  expect(countLines(source, [file, used, branch, unused])).toEqual({ lines: 6, executed: 3 });
  expect(countLines(source, [unused, branch, used, file])).toEqual({ lines: 6, executed: 3 });
});

it('has executed nothing of a file that was not loaded', () => {
  expect(countLines(source, [])).toEqual({ lines: 6, executed: 0 });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visibleJson, visibleText } from './visible-text.ts';

it.each([
  ['\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
  ['\x9b31m\x7f', '\\x9b31m\\x7f'],
  ['done\n2 devices: 2 SUCCEEDED\r\t', 'done\\n2 devices: 2 SUCCEEDED\\r\\t'],
  ['\u202egnp.exe\u2069', '\\u202egnp.exe\\u2069'],
  ['a\u200bb\ufeff\u2028', 'a\\u200bb\\ufeff\\u2028'],
  ['\ud83d half', '\\ud83d half'],
  ['Größe 日本 👩‍💻 می‌خواهم \\x1b', 'Größe 日本 👩‍💻 می‌خواهم \\x1b'],
])('what a terminal would obey or hide is written out: %j', (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

it('JSON has the same value and nothing that a terminal would obey', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = visibleJson(JSON.stringify({ [text]: text }));
      expect(JSON.parse(json)).toEqual({ [text]: text });
      expect(visibleText(json)).toBe(json);
      expect(visibleText(visibleText(text))).toBe(visibleText(text));
    }),
  );
  const csi = '\x9b31m\x7f\u202e';
  expect(visibleJson(JSON.stringify(csi))).toBe('"\\u009b31m\\u007f\\u202e"');
});

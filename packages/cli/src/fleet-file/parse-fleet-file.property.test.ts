import { PushfleetError } from '@pushfleet/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandFailure } from '../output/failure.ts';
import { parseFleetFile } from './parse-fleet-file.ts';

describe('whatever the text holds', () => {
  const refusal = (text: string) => {
    try {
      parseFleetFile(text, 'fleet.yaml', { A: 'x' });
      return '';
    } catch (error) {
      expect(error instanceof CommandFailure || error instanceof PushfleetError, String(error)).toBe(true);
      return String(error);
    }
  };
  const parts = fc.constantFrom(
    ...[
      'groups',
      'devices',
      'id',
      ': ',
      '- ',
      '\n',
      '\n  ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '&a ',
      '*a',
      '<<',
      '? ',
      '!x ',
      '!!str ',
      '"',
      "'",
      '|\n',
      '>-\n',
      '# ',
      '---\n',
      '%YAML 1.1\n',
      '\t',
      `$${'{A}'}`,
      '${',
      '17',
      '~',
      '\\',
      '\ufeff',
      '\ud83d',
    ],
  );

  it('it is read, or refused in words', () => {
    const text = fc.oneof(
      fc.array(parts, { maxLength: 40 }).map((some) => some.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (given) => void refusal(given)),
      { numRuns: 1_000 },
    );
  });

  it('no secret is told', () => {
    const good =
      'devices:\n  - id: a\n    group: HQ\n    secret: sixteen letters!\n  - { id: b, group: HQ, secret: "sixteen letters!" }\n';
    const change = fc.record({ at: fc.nat(good.length), remove: fc.nat(3), insert: fc.oneof(fc.constant(''), parts) });
    fc.assert(
      fc.property(change, ({ at, remove, insert }) => {
        expect(refusal(good.slice(0, at) + insert + good.slice(at + remove))).not.toContain('sixteen');
      }),
      { numRuns: 1_000 },
    );
  });
});

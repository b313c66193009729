import { describe, expect, it } from 'vitest';
import { judgeSchema } from './schema-version.ts';

describe('the layout of a store', () => {
  const known = { version: 18, readableFrom: 17, migratesFrom: 16 };

  it.each([
    ['its own', { version: 18, readableFrom: 18 }, { kind: 'fits' }],
    ['a newer one that it can work with', { version: 20, readableFrom: 18 }, { kind: 'fits' }],
    ['an older one that can be migrated', { version: 16, readableFrom: 10 }, { kind: 'older' }],
  ] as const)('is good if it is %s', (_, stored, verdict) => {
    expect(judgeSchema(stored, known)).toEqual(verdict);
  });

  it.each([
    [
      'a newer one',
      { version: 20, readableFrom: 19 },
      'its data has the layout 20; this program knows 18 at most: take the version of pushfleet that wrote it',
    ],
    [
      'one from before all migrations',
      { version: 15, readableFrom: 15 },
      'its data has the layout 15; this program takes over 16 at least: upgrade first to a version of pushfleet that knows 16',
    ],
  ] as const)('is refused if it is %s, with what to do', (_, stored, words) => {
    expect(judgeSchema(stored, known)).toEqual({ kind: 'refused', words });
  });
});

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaced } from './replaced.ts';

const packages = join(import.meta.dirname, '../../..');

it.each(replaced.flatMap(({ sources }) => sources))('leaves out %s, which is there', (pattern) => {
  expect(globSync(pattern, { cwd: packages }).length).toBeGreaterThan(0);
});

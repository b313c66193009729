import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sizingTable } from './sizing.ts';

it('is the table in docs/scaling.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/scaling.md'), 'utf8');
  expect(page).toContain(sizingTable().join('\n'));
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readAdminToken } from './auth.ts';

const dir = mkdtempSync(join(tmpdir(), 'pushfleet-token-'));
const file = join(dir, 'admin-token');
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('reads the first line, says what is wrong with a short one, and where a missing one was looked for', () => {
  writeFileSync(file, 'sixteen-chars-ok\nsomething else\n');
  expect(readAdminToken(file)).toBe('sixteen-chars-ok');
  writeFileSync(file, 'short\n');
  expect(() => readAdminToken(file)).toThrow(
    `PUSHFLEET_ADMIN_TOKEN_FILE: the first line of ${file} must be a token of at least 16 characters; it has 5`,
  );
  writeFileSync(file, 'x'.repeat(1_048_577));
  expect(() => readAdminToken(file)).toThrow(`PUSHFLEET_ADMIN_TOKEN_FILE: ${file} is larger than 1048576 bytes`);
  expect(() => readAdminToken(join(dir, 'none'))).toThrow(
    `PUSHFLEET_ADMIN_TOKEN_FILE: cannot read ${join(dir, 'none')}`,
  );
});

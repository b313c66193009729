import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readBoundedFile } from './bounded-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'pushfleet-file-'));
afterAll(() => rmSync(dir, { recursive: true }));

it.each([0, 10, 65_536, 100_000])(
  'reads a file of %i bytes where it may have as many, and not where it may have one less',
  (bytes) => {
    const path = join(dir, `of-${bytes}`);
    writeFileSync(path, Buffer.alloc(bytes, 'x'));
    expect(readBoundedFile(path, bytes)).toHaveLength(bytes);
    if (bytes > 0) expect(() => readBoundedFile(path, bytes - 1)).toThrow(`${path} is larger than ${bytes - 1} bytes`);
  },
);

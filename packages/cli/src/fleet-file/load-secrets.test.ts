import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecrets } from './apply-fleet.ts';
import { parseFleetFile } from './parse-fleet-file.ts';

let dir: string;
const fleetOf = (secret: { secret?: string; secretFile?: string }) =>
  parseFleetFile(JSON.stringify({ devices: [{ id: 'laptop-17', group: 'HQ', ...secret }] }), 'fleet.yaml', {});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pushfleet-secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('loadSecrets', () => {
  const load = (secret: { secret?: string; secretFile?: string }, make = false) =>
    loadSecrets(fleetOf(secret), { file: join(dir, 'fleet.yaml'), make })[0];

  it('reads a file that is named relative to the fleet file, without the newline that editors add', () => {
    writeFileSync(join(dir, 'laptop-17'), 'sixteen letters!\n');
    expect(load({ secretFile: 'laptop-17' })).toEqual({ id: 'laptop-17', group: 'HQ', secret: 'sixteen letters!' });
    expect(load({ secretFile: join(dir, 'laptop-17') })?.secret).toBe('sixteen letters!');
  });

  it('takes a secret as it stands, and leaves a device without one as it is', () => {
    expect(load({ secret: 'sixteen letters!' })?.secret).toBe('sixteen letters!');
    expect(load({})).toEqual({ id: 'laptop-17', group: 'HQ' });
  });

  it('names the place and the file where there is none', () => {
    const problem = `devices[0].secretFile: there is no file ${join(dir, 'none')}; --make-secrets makes it`;
    expect(() => load({ secretFile: 'none' })).toThrow(problem);
    expect(() => load({ secretFile: '.' })).toThrow(`devices[0].secretFile: cannot read ${dir} (EISDIR)`);
  });

  it.each<[what: string, bytes: string | Uint8Array]>([
    ['a byte order mark', '\ufeffsixteen letters!\n'],
    ['UTF-16', Buffer.from('\ufeffsixteen letters!\r\n', 'utf16le')],
    ['blanks and blank lines around it', '\n  sixteen letters! \t\r\n\n'],
  ])('reads a file with %s', (_what, bytes) => {
    writeFileSync(join(dir, 'secret'), bytes);
    expect(load({ secretFile: 'secret' })?.secret).toBe('sixteen letters!');
  });

  it.each<[what: string, bytes: string | Uint8Array, problem: string]>([
    ['two lines', 'sixteen letters!\nsixteen letters!\n', ': the secret has 2 lines; a secret is one line'],
    [
      'two lines of an old Macintosh',
      'sixteen letters!\rsixteen letters!',
      ': the secret has 2 lines; a secret is one line',
    ],
    ['Latin-1', Buffer.from('sixteen lettersä', 'latin1'), ', line 1, column 16: the byte 0xe4 is not UTF-8'],
    ['UTF-16 without its mark', Buffer.from('sixteen letters!', 'utf16le'), ', line 1, column 2: a NUL character'],
    [
      'a character that nobody sees',
      'sixteen\u200b letters!',
      ': the secret has a character that nobody sees, U+200B at character 8',
    ],
    [
      'an escape sequence',
      'sixteen \x1b[8mletters!',
      ': the secret has a character that nobody sees, U+001B at character 9',
    ],
    ['nothing', '\n', ': a secret must be 16 to 256 bytes; it has 0'],
    ['too little', 'fifteen letters', ': a secret must be 16 to 256 bytes; it has 15'],
    ['too much', 'ä'.repeat(129), ': a secret must be 16 to 256 bytes; it has 258'],
    ['another kind of file', Buffer.alloc(65_537, 'x'), ' is larger than 65536 bytes'],
  ])('refuses a file with %s, without showing it', (_what, bytes, problem) => {
    const file = join(dir, 'secret');
    writeFileSync(file, bytes);
    expect(() => load({ secretFile: 'secret' })).toThrow(`devices[0].secretFile: ${file}${problem}`);
    expect(() => load({ secretFile: 'secret' })).not.toThrow('sixteen');
  });

  it('makes a file that is empty as if it were missing', () => {
    writeFileSync(join(dir, 'secret'), '');
    expect(load({ secretFile: 'secret' }, true)?.secret).toMatch(/^[\w-]{43}$/);
  });

  it('makes a missing file for its owner alone, once', () => {
    const made = load({ secretFile: 'secrets/laptop-17' }, true)?.secret;
    const file = join(dir, 'secrets/laptop-17');
    expect(readFileSync(file, 'utf8')).toBe(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(load({ secretFile: 'secrets/laptop-17' }, true)?.secret).toBe(made);
  });
});

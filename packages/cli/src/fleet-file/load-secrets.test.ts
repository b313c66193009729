import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecrets } from './load-secrets.ts';

let dir: string;
const fleetOf = (secret: { secret?: string; secretFile?: string }) => ({
  groups: [],
  distributionPoints: [],
  devices: [{ id: 'laptop-17', group: 'HQ', ...secret }],
});

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
    const problem = `devices[0].secretFile: there is no file ${join(dir, 'none')}; --make-secrets makes what is missing`;
    expect(() => load({ secretFile: 'none' })).toThrow(problem);
    expect(() => load({ secretFile: '.' })).toThrow(`devices[0].secretFile: cannot read ${dir} (EISDIR)`);
  });

  it('makes a missing file for its owner alone, once', () => {
    const made = load({ secretFile: 'secrets/laptop-17' }, true)?.secret;
    const file = join(dir, 'secrets/laptop-17');
    expect(readFileSync(file, 'utf8')).toBe(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(load({ secretFile: 'secrets/laptop-17' }, true)?.secret).toBe(made);
  });
});

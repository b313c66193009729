import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { processSettings } from '../process-settings.ts';
import { readSettings } from '../settings.ts';
import { loadAuthorities } from './authorities.ts';

const made = await MadeAuthority.create('made by pushfleet init');
const own = await MadeAuthority.create('own');
const [madeLeaf, ownLeaf] = await Promise.all([made, own].map((ca) => ca.issue({ names: ['localhost'] })));
const stateDir = mkdtempSync(join(tmpdir(), 'pushfleet-authorities-'));
afterAll(() => rmSync(stateDir, { recursive: true }));

function put(name: string, text: string): string {
  const path = join(stateDir, name);
  writeFileSync(path, text);
  return path;
}

function authorities(environment: Record<string, string>): string[] | undefined {
  const settings = readSettings(processSettings, { PUSHFLEET_STATE_DIR: stateDir, ...environment });
  return loadAuthorities(settings)?.map(({ subject }) => subject);
}

function show(leaf: typeof madeLeaf): Record<string, string> {
  return {
    PUSHFLEET_TLS_CERT_FILE: put('shown.crt', leaf?.chain ?? ''),
    PUSHFLEET_TLS_KEY_FILE: put('shown.key', leaf?.key ?? ''),
  };
}

describe('the CAs that devices trust', () => {
  beforeEach(() => void put('ca.crt', made.pem));

  it('are those in PUSHFLEET_CA_FILE, whatever else there is', () => {
    const both = put('cas.pem', `${own.pem}${made.pem}`);
    expect(authorities({ PUSHFLEET_CA_FILE: both })).toEqual(['CN=own', 'CN=made by pushfleet init']);
  });

  it('are the CA in the state directory, where the certificate shown is the one there or was issued by it', () => {
    expect(authorities({})).toEqual(['CN=made by pushfleet init']);
    expect(authorities(show(madeLeaf))).toEqual(['CN=made by pushfleet init']);
  });

  it('are not known where the certificate shown is of some other CA, or there is none', () => {
    expect(authorities(show(ownLeaf))).toBeUndefined();
    expect(authorities({ PUSHFLEET_TLS_CERT_FILE: '/nowhere' })).toBeUndefined();
    rmSync(join(stateDir, 'ca.crt'));
    expect(authorities({})).toBeUndefined();
    expect(authorities(show(madeLeaf))).toBeUndefined();
  });

  it('are said to be unreadable by variable and file', () => {
    expect(() => authorities({ PUSHFLEET_CA_FILE: '/nowhere' })).toThrow(/^PUSHFLEET_CA_FILE: cannot read \/nowhere/);
    const key = put('a.key', madeLeaf?.key ?? '');
    expect(() => authorities({ PUSHFLEET_CA_FILE: key })).toThrow(/^PUSHFLEET_CA_FILE: .*a\.key holds PRIVATE KEY/);
  });

  it('are all CAs: the certificate of a server among them is refused', () => {
    const refused = /^PUSHFLEET_CA_FILE: .*\.crt has a certificate that is not one of a CA: CN=/;
    put('ca.crt', madeLeaf?.cert ?? '');
    expect(() => authorities({})).toThrow(refused);
    const both = put('both.crt', `${own.pem}${ownLeaf?.cert}`);
    expect(() => authorities({ PUSHFLEET_CA_FILE: both })).toThrow(refused);
  });
});

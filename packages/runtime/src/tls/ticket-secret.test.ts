import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processSettings } from '../process-settings.ts';
import { readSettings } from '../settings.ts';
import { loadTicketSecret } from './credentials.ts';

describe('the secret of TLS session tickets', () => {
  let stateDir: string;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'pushfleet-secret-'));
  });
  afterEach(() => rmSync(stateDir, { recursive: true }));

  const pair = () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { cert: Buffer.alloc(0), key: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
  };
  const load = (environment: Record<string, string> = {}, cluster = pair()) =>
    loadTicketSecret(readSettings(processSettings, { PUSHFLEET_STATE_DIR: stateDir, ...environment }), cluster);

  it('is that of the file, whatever the certificate of the process', () => {
    writeFileSync(join(stateDir, 'tls-ticket-secret'), 'a secret of sixteen or more\n');
    expect(load().toString()).toBe('a secret of sixteen or more');
    writeFileSync(join(stateDir, 'other'), 'another secret of that length');
    expect(load({ PUSHFLEET_TLS_TICKET_SECRET_FILE: join(stateDir, 'other') }).toString()).toMatch(/^another/);
  });

  it('is derived from the private key where there is no file', () => {
    const [one, other] = [pair(), pair()];
    expect(load({}, one)).toEqual(load({}, one));
    expect(load({}, one)).not.toEqual(load({}, other));
    expect(one.key.includes(load({}, one))).toBe(false);
  });

  it.each([
    ['is not there', undefined, /cannot read .*missing; `pushfleet init` makes one/],
    ['is empty', '', /at least 16 characters; it has 0/],
    ['is too short', 'fifteen letters\n', /at least 16 characters; it has 15/],
  ])('is refused where a file that is named %s', (_, text, expected) => {
    const file = join(stateDir, 'missing');
    if (text !== undefined) writeFileSync(file, text);
    expect(() => load({ PUSHFLEET_TLS_TICKET_SECRET_FILE: file })).toThrow(expected);
  });
});

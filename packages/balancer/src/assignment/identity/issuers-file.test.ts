import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesOfIssuers, readIssuers } from './issuers-file.ts';

const directory = await mkdtemp(join(tmpdir(), 'pushfleet-issuers-'));
afterAll(() => rm(directory, { recursive: true }));
const file = join(directory, 'issuers.json');
const keys = { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] };
await writeFile(join(directory, 'keys.json'), JSON.stringify(keys));
await writeFile(join(directory, 'secret.json'), JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA' }] }));
const issuer = { issuer: 'https://id.example.org', audience: 'pushfleet', jwks: 'keys.json' };

describe('the list of issuers whose tokens devices may show', () => {
  it('names their keys in files beside it, or by URL', async () => {
    const remote = { issuer: 'b', audience: 'c', jwks: 'https://id.example.org/jwks', deviceIdClaim: 'device' };
    await writeFile(file, JSON.stringify({ issuers: [issuer, remote] }));
    expect(readIssuers(file)).toEqual([
      { issuer: issuer.issuer, audience: 'pushfleet', deviceIdClaim: 'sub', keys },
      { issuer: 'b', audience: 'c', deviceIdClaim: 'device', keys: new URL(remote.jwks) },
    ]);
    expect(filesOfIssuers(file)).toEqual([file, join(directory, 'keys.json')]);
  });

  it.each([
    ['is no JSON', '{', 'is no JSON'],
    ['is no list', '{"issuers": 1}', 'issuers: must be a list'],
    ['is empty', '{"issuers": []}', 'issuers: must name an issuer at least'],
    [
      'names no audience',
      JSON.stringify({ issuers: [{ ...issuer, audience: undefined }] }),
      'issuers.0.audience: must be a text',
    ],
    [
      'names one twice',
      JSON.stringify({ issuers: [issuer, issuer] }),
      'issuers: the issuer "https://id.example.org" is there twice',
    ],
    ['has a field that nobody knows', JSON.stringify({ issuers: [{ ...issuer, jwk: 1 }] }), 'Unrecognized key: "jwk"'],
    [
      'names a file that is not there',
      JSON.stringify({ issuers: [{ ...issuer, jwks: 'none.json' }] }),
      'none.json: cannot be read (ENOENT)',
    ],
    [
      'names a secret as a key',
      JSON.stringify({ issuers: [{ ...issuer, jwks: 'secret.json' }] }),
      'secret.json: keys.0.kty: must be EC, RSA or OKP',
    ],
    [
      'fetches keys unprotected',
      JSON.stringify({ issuers: [{ ...issuer, jwks: 'http://id.example.org/jwks' }] }),
      'issuers.0.jwks: must be the path of a file with a JSON Web Key Set, or an https URL of one',
    ],
  ])('is refused with its file and field where it %s', async (_, text, words) => {
    await writeFile(file, text);
    expect(() => readIssuers(file)).toThrow(words);
    expect(() => readIssuers(file)).toThrow(/PUSHFLEET_DEVICE_ISSUERS_FILE: /);
  });
});

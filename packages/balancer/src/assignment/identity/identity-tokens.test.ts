import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixed, LiveValue } from '@pushfleet/runtime';
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { IdentityTokens } from './identity-tokens.ts';
import type { DeviceIssuer } from './issuers-file.ts';

const issuer = 'https://id.example.org';
const audience = 'pushfleet';

async function createKey(alg: string, kid: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

const [known, other, rsa, ed] = await Promise.all([
  createKey('ES256', 'known'),
  createKey('ES256', 'other'),
  createKey('RS256', 'rsa'),
  createKey('EdDSA', 'ed'),
]);
const keys: JSONWebKeySet = { keys: [known.jwk, rsa.jwk, ed.jwk] };
const trusted: DeviceIssuer = { issuer, audience, deviceIdClaim: 'sub', keys };

interface Claims {
  iss?: string;
  aud?: string;
  sub?: string;
  device?: string;
  /** Seconds from now. */
  exp?: number | undefined;
  nbf?: number;
}

async function sign(clock: ManualClock, claims: Claims = {}, key = known): Promise<string> {
  const now = Math.floor(clock.wallMs() / 1_000);
  const { exp, nbf, ...rest } = { iss: issuer, aud: audience, sub: 'laptop', exp: 600, ...claims };
  const token = new SignJWT(rest).setProtectedHeader({ alg: key.alg, kid: key.kid });
  if (exp !== undefined) token.setExpirationTime(now + exp);
  if (nbf !== undefined) token.setNotBefore(now + nbf);
  return token.sign(key.privateKey);
}

function create(issuers = fixed<readonly DeviceIssuer[]>([trusted])) {
  const clock = new ManualClock();
  return { clock, tokens: new IdentityTokens({ issuers, clock }) };
}

describe('tokens of trusted issuers', () => {
  it.each([
    ['ES256', known],
    ['RS256', rsa],
    ['EdDSA', ed],
  ] as const)('name the device, signed with %s', async (_, key) => {
    const { clock, tokens } = create();
    expect(await tokens.verify(await sign(clock, {}, key))).toEqual({ kind: 'device', device: 'laptop' });
  });

  it('name it in another claim, where the issuer does so', async () => {
    const { clock, tokens } = create(fixed([{ ...trusted, deviceIdClaim: 'device' }]));
    const token = await sign(clock, { device: 'tablet' });
    expect(await tokens.verify(token)).toEqual({ kind: 'device', device: 'tablet' });
  });

  it.each([
    ['ended 59 s ago', { exp: -59 }],
    ['begins in 30 s', { nbf: 30 }],
  ])('are good where clocks may differ: one that %s', async (_, claims) => {
    const { clock, tokens } = create();
    expect(await tokens.verify(await sign(clock, claims))).toMatchObject({ kind: 'device' });
  });

  it.each([
    ['has expired', { exp: -61 }, /"exp" claim timestamp check failed/],
    ['is not yet valid', { nbf: 61 }, /"nbf" claim timestamp check failed/],
    ['never ends', { exp: undefined }, /missing required "exp" claim/],
    ['is of another issuer', { iss: 'https://evil.example' }, /no trusted issuer: "https:\/\/evil\.example"/],
    ['is for another audience', { aud: 'mail' }, /unexpected "aud" claim value/],
    ['names no device', { sub: '' }, /sub: must be/],
  ])('are refused where one %s', async (_, claims, why) => {
    const { clock, tokens } = create();
    const verdict = await tokens.verify(await sign(clock, claims));
    expect(verdict).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
  });

  it('are refused where they are signed by nobody, by a key of nobody, or with a secret', async () => {
    const { clock, tokens } = create();
    const [head, body] = (await sign(clock)).split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    const hmac = await new SignJWT({ sub: 'laptop' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(2_000_000_000)
      .sign(Buffer.from(JSON.stringify(known.jwk)));
    const stolenName = await sign(clock, {}, { ...other, kid: 'known' });
    for (const token of [none, hmac, stolenName, await sign(clock, {}, other), `${head}.${body}.AAAA`, 'a.b.c', '']) {
      expect((await tokens.verify(token)).kind, token).toBe('refused');
    }
  });

  it('follow the list of issuers when it changes', async () => {
    const issuers = new LiveValue<readonly DeviceIssuer[]>([trusted]);
    const { clock, tokens } = create(issuers);
    const token = await sign(clock, {}, other);
    expect((await tokens.verify(token)).kind).toBe('refused');
    issuers.replace([{ ...trusted, keys: { keys: [other.jwk] } }]);
    expect((await tokens.verify(token)).kind).toBe('device');
    expect((await tokens.verify(await sign(clock))).kind).toBe('refused');
  });

  it('are neither good nor bad while the keys cannot be fetched', async () => {
    const answers: { status: number; body: string } = { status: 503, body: '' };
    const server: Server = createServer((_, response) => response.writeHead(answers.status).end(answers.body));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const { clock, tokens } = create(fixed([{ ...trusted, keys: new URL(`http://127.0.0.1:${port}/jwks`) }]));
    const token = await sign(clock);
    expect((await tokens.verify(token)).kind).toBe('unknown');
    Object.assign(answers, { status: 200, body: 'no JSON' });
    expect((await tokens.verify(token)).kind).toBe('unknown');
    answers.body = JSON.stringify(keys);
    expect(await tokens.verify(token)).toEqual({ kind: 'device', device: 'laptop' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await tokens.verify(await sign(clock))).kind, 'with the keys that it has').toBe('device');
  });
});

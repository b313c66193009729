import { status } from '@grpc/grpc-js';
import type { device } from '@pushfleet/protocol';
import { fixed, systemClock } from '@pushfleet/runtime';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { call, secret, TestBalancer } from '../../balancer.fixture.ts';
import { post } from '../../https.fixture.ts';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const foreign = await generateKeyPair('ES256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' };
const issuer = { issuer: 'https://id.example.org', audience: 'pushfleet', deviceIdClaim: 'sub', keys: { keys: [jwk] } };

interface Claims {
  sub?: string;
  aud?: string;
  exp?: number;
  nbf?: number;
  key?: CryptoKey;
}

function sign({
  sub = 'laptop',
  aud = 'pushfleet',
  exp = 600,
  nbf = 0,
  key = privateKey,
}: Claims = {}): Promise<string> {
  const now = Math.floor(systemClock.wallMs() / 1_000);
  return new SignJWT({ sub, aud, iss: issuer.issuer, exp: now + exp, nbf: now + nbf })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(key);
}

async function start(more: object = { deviceIssuers: fixed([issuer]) }) {
  const test = await TestBalancer.start(more);
  await test.putFleet('HQ', 'dp-1', 'laptop');
  await test.startWorker('dp-1');
  return test;
}

/** Asks over gRPC and over HTTPS: the code of the refusal, or the push server. */
async function ask(test: TestBalancer, request: device.AssignRequestInit) {
  const grpc = await call<device.AssignResponse>((done) => test.assignments().assign(request, done)).then(
    ({ primary }) => primary?.nodeId,
    ({ code }) => status[code],
  );
  const { code, body } = await post(test, '/v1/assignment', JSON.stringify(request));
  return { grpc, http: code === 200 ? (body as { primary: device.Server }).primary.nodeId : code };
}

describe('a token of a trusted issuer', () => {
  it.each([
    ['a good one', {}],
    ['one that ended 30 s ago', { exp: -30 }],
    ['one that begins in 30 s', { nbf: 30 }],
  ])('takes the place of the secret: %s', async (_, claims) => {
    await using test = await start();
    expect(await ask(test, { deviceId: 'laptop', identityToken: await sign(claims) })).toEqual({
      grpc: 'dp-1',
      http: 'dp-1',
    });
  });

  it.each([
    ['of another device', { sub: 'tablet' }],
    ['for somebody else', { aud: 'mail' }],
    ['that ended two minutes ago', { exp: -120 }],
    ['that begins in two minutes', { nbf: 120 }],
    ['of another key', { key: foreign.privateKey }],
  ])('is refused: one %s', async (_, claims) => {
    await using test = await start();
    const refused = await ask(test, { deviceId: 'laptop', identityToken: await sign(claims) });
    expect(refused).toEqual({ grpc: 'UNAUTHENTICATED', http: 401 });
  });

  it('makes no device of one that nobody knows', async () => {
    await using test = await start();
    const identityToken = await sign({ sub: 'ghost' });
    expect(await ask(test, { deviceId: 'ghost', identityToken })).toEqual({ grpc: 'UNAUTHENTICATED', http: 401 });
  });

  it('is refused where no issuer is trusted, and leaves the secret good where one is', async () => {
    await using closed = await start({});
    const identityToken = await sign();
    expect(await ask(closed, { deviceId: 'laptop', identityToken })).toEqual({ grpc: 'UNAUTHENTICATED', http: 401 });
    await using open = await start();
    expect(await ask(open, { deviceId: 'laptop', secret })).toEqual({ grpc: 'dp-1', http: 'dp-1' });
  });

  it.each([
    ['is no JWT', { identityToken: 'a.b' }, 'identityToken'],
    ['is too long', { identityToken: `a.${'b'.repeat(8_192)}.c` }, 'identityToken'],
    ['comes with a secret', { identityToken: 'a.b.c', secret }, 'identityToken'],
    ['is empty, and there is no secret', { identityToken: '' }, 'secret'],
  ])('is refused by its name where it %s', async (_, shown, field) => {
    await using test = await start();
    const { code, body } = await post(test, '/v1/assignment', JSON.stringify({ deviceId: 'laptop', ...shown }));
    expect({ code, body }).toMatchObject({ code: 400, body: { error: { code: 'INVALID_ARGUMENT', field } } });
  });
});

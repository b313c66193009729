import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { NewAuditEvent } from '@pushfleet/registry';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { hashToken } from '../access/token-directory.ts';
import { adminToken, SteppedWallClock, TestBalancer } from '../balancer.fixture.ts';

type Options = Parameters<typeof TestBalancer.start>[0];
type Headers = Record<string, string>;

interface Answer {
  status: number;
  headers: globalThis.Headers;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
  body: any;
}

let test: TestBalancer;
beforeAll(async () => {
  test = await TestBalancer.start();
});
afterAll(() => test[Symbol.asyncDispose]());

/** One more. */
async function start(options: Options = {}): Promise<TestBalancer> {
  const more = await TestBalancer.start(options);
  onTestFinished(() => more[Symbol.asyncDispose]());
  return more;
}

async function ask(test: TestBalancer, line: string, headers: Headers = {}, body?: unknown): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const type: Headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${test.balancer.ports.rest}${path}`;
  const response = await fetch(url, { method, headers: { ...type, ...headers }, ...json });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? '' : JSON.parse(text) };
}

async function signIn(test: TestBalancer, token = adminToken) {
  const answer = await ask(test, 'POST /v1/session', {}, { token });
  expect(answer.status).toBe(201);
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  const csrf = { cookie, 'x-csrf-token': answer.body.csrfToken as string };
  return { answer, cookie, csrf };
}

/** Makes a token, and waits until the balancer knows it. */
async function makeToken(
  test: TestBalancer,
  name: string,
  rest: { hash?: string; expiresAtMs?: number } = {},
): Promise<string> {
  const record = {
    name,
    role: 'viewer' as const,
    hash: hashToken(`secret-of-${name}`),
    createdBy: 'root',
    createdAtMs: 1,
  };
  await test.registry.apiTokens.create({ ...record, ...rest });
  await test.registryCalls('apiTokens.list', 2);
  return `secret-of-${name}`;
}

/** Everything that a stream of server-sent events has said so far. */
async function watch(test: TestBalancer, cookie: string) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const url = `http://127.0.0.1:${test.balancer.ports.rest}/v1/events`;
  const response = await fetch(url, { headers: { cookie }, signal: abort.signal });
  const seen = { text: '', ended: false };
  void (async () => {
    for await (const chunk of response.body ?? []) seen.text += Buffer.from(chunk).toString();
    seen.ended = true;
  })().catch(() => {});
  await vi.waitFor(() => expect(seen.text).toMatch(/^id: .+\n\n/));
  return seen;
}

const expired = { status: 401, body: { code: 'SESSION_EXPIRED' } };

describe('a session of the console', () => {
  it('begins with a token, carries reads by its cookie and writes with its CSRF token, and ends', async () => {
    const { answer, cookie, csrf } = await signIn(test);
    const setCookie = answer.headers.get('set-cookie') ?? '';
    expect(setCookie).toMatch(/^pushfleet-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      apiToken: (await ask(test, 'GET /v1/token', { cookie })).body,
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
      expireTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(answer.body.apiToken).toMatchObject({ name: 'root', role: 'ROLE_ADMIN' });
    const leftMs = Date.parse(answer.body.expireTime) - Date.now();
    expect(leftMs > 1_700_000 && leftMs <= 1_800_000).toBe(true);
    const shown = await ask(test, 'GET /v1/session', { cookie });
    expect(shown).toMatchObject({ status: 200, body: { csrfToken: answer.body.csrfToken } });
    expect(await ask(test, 'PUT /v1/groups/HQ', csrf)).toMatchObject({ status: 200, body: { path: 'HQ' } });
    expect((await ask(test, 'DELETE /v1/session', { cookie })).status).toBe(403);
    const gone = await ask(test, 'DELETE /v1/session', csrf);
    expect(gone.status).toBe(204);
    expect(gone.headers.get('set-cookie')).toMatch(/^pushfleet-session=; .*Max-Age=0/);
    expect(await ask(test, 'GET /v1/session', { cookie })).toMatchObject(expired);
    expect(await ask(test, 'GET /v1/token', { cookie })).toMatchObject(expired);
    expect((await ask(test, 'DELETE /v1/session', { cookie })).status).toBe(204);
    expect(await ask(test, 'GET /v1/session')).toMatchObject({ status: 401, body: { code: 'BAD_TOKEN' } });
  });

  it('is kept under a hash alone, and tells nothing of its token', async () => {
    const { cookie } = await signIn(test);
    const secret = cookie.split('=')[1] ?? '';
    const [kept] = await test.registry.consoleSessions.read([hashToken(secret)]);
    expect(kept).toMatchObject({ tokenName: 'root' });
    expect(JSON.stringify(kept)).not.toMatch(new RegExp(`${secret}|${hashToken(adminToken)}`));
  });

  it('does not let a page of another site write', async () => {
    const { cookie, csrf } = await signIn(test);
    const host = `127.0.0.1:${test.balancer.ports.rest}`;
    const other = (await signIn(test)).csrf;
    const refused: Headers[] = [
      { cookie },
      { cookie, 'x-csrf-token': '' },
      { cookie, 'x-csrf-token': other['x-csrf-token'] },
      { ...csrf, origin: 'https://evil.example' },
      { ...csrf, origin: 'null' },
      { ...csrf, origin: `https://evil.example:${test.balancer.ports.rest}` },
      { ...csrf, 'sec-fetch-site': 'cross-site' },
      { ...csrf, 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of refused) {
      const answer = await ask(test, 'PUT /v1/groups/HQ', headers);
      expect(answer, JSON.stringify(headers)).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
    }
    for (const headers of [{ origin: `http://${host}` }, { 'sec-fetch-site': 'same-origin' }] as Headers[]) {
      expect((await ask(test, 'PUT /v1/groups/HQ', { ...csrf, ...headers })).status).toBe(200);
    }
    // Nor sign its visitor in with a token of its own.
    const token = { token: adminToken };
    expect((await ask(test, 'POST /v1/session', { 'sec-fetch-site': 'cross-site' }, token)).status).toBe(403);
    expect((await ask(test, 'POST /v1/session', { origin: 'https://evil.example' }, token)).status).toBe(403);
  });

  it('is not asked for where a request shows a token', async () => {
    const eyes = await makeToken(test, 'eyes');
    const { cookie } = await signIn(test);
    const both = { cookie, authorization: `Bearer ${eyes}` };
    expect((await ask(test, 'GET /v1/token', both)).body.name).toBe('eyes');
    expect(await ask(test, 'GET /v1/token', { cookie, authorization: 'Bearer wrong' })).toMatchObject({
      ...{ status: 401, body: { code: 'BAD_TOKEN' } },
    });
    const authorization = `Bearer ${adminToken}`;
    expect((await ask(test, 'PUT /v1/groups/HQ', { cookie, authorization })).status).toBe(200);
  });

  it('is good at every balancer, and ends at all of them', async () => {
    const other = await start({ registry: test.registry });
    const { cookie, csrf } = await signIn(test);
    const stream = await watch(other, cookie);
    expect((await ask(other, 'PUT /v1/groups/HQ', csrf)).status).toBe(200);
    expect((await ask(test, 'DELETE /v1/session', csrf)).status).toBe(204);
    await vi.waitFor(() => expect(stream.ended).toBe(true), { timeout: 5_000 });
    expect(stream.text).toContain('event: error\ndata: {"code":"SESSION_EXPIRED"');
    expect(await ask(other, 'GET /v1/token', { cookie })).toMatchObject(expired);
  });

  it('outlives the balancer at which it began', async () => {
    const before = await start({ registry: test.registry });
    const { cookie } = await signIn(before);
    await before.balancer[Symbol.asyncDispose]();
    expect((await ask(test, 'GET /v1/session', { cookie })).status).toBe(200);
  });

  it('ends with its token, in the middle of what it watches', async () => {
    const clock = new SteppedWallClock();
    const test = await start({ clock });
    const { cookie } = await signIn(test, await makeToken(test, 'eyes'));
    const late = await signIn(test, await makeToken(test, 'dusk', { expiresAtMs: clock.wallMs() + 3_600_000 }));
    const streams = [await watch(test, cookie), await watch(test, late.cookie)];
    await test.registry.apiTokens.revoke('eyes');
    // A token of the same name is another token.
    await makeToken(test, 'eyes', { hash: hashToken('another') });
    clock.aheadMs += 3_600_000;
    for (const stream of streams) await vi.waitFor(() => expect(stream.ended).toBe(true), { timeout: 15_000 });
    for (const { text } of streams) expect(text).toContain('SESSION_EXPIRED');
    for (const ended of [cookie, late.cookie]) {
      expect(await ask(test, 'GET /v1/session', { cookie: ended })).toMatchObject(expired);
    }
  });

  it('ends when nobody has used it for its idle time: what is watched does not count', async () => {
    const short = await start({ consoleIdleMs: 4_000 });
    const { cookie } = await signIn(short);
    const stream = await watch(short, cookie);
    await vi.waitFor(() => expect(stream.text).toContain('SESSION_EXPIRED'));
    expect(await ask(short, 'GET /v1/session', { cookie })).toMatchObject(expired);
  });

  it('that is not of this cluster, or of none, is refused as one that has ended', async () => {
    const foreign = await start();
    const { cookie } = await signIn(foreign);
    const hostile = [cookie, `pushfleet-session=${'A'.repeat(43)}`, 'pushfleet-session=', 'pushfleet-session="%00;\t"'];
    hostile.push(`pushfleet-session=${'x'.repeat(8_000)}`, 'pushfleet-session=__proto__; pushfleet-session=b');
    for (const shown of hostile) {
      expect(await ask(test, 'GET /v1/nodes', { cookie: shown }), shown).toMatchObject(expired);
    }
    for (const shown of ['__proto__=1', ';;;=;', 'pushfleet-session']) {
      expect((await ask(test, 'GET /v1/nodes', { cookie: shown })).body.code, shown).toBe('BAD_TOKEN');
    }
    const huge = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { cookie: `pushfleet-session=${'x'.repeat(100_000)}` };
      httpRequest({ port: test.balancer.ports.rest, path: '/v1/nodes', headers }, ({ statusCode }) =>
        resolve(statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(huge).toBe(431);
  });

  it('goes on without the registry, as far as it is known here', async () => {
    const { cookie } = await signIn(test);
    test.registrySwitch.on = false;
    onTestFinished(() => {
      test.registrySwitch.on = true;
    });
    expect((await ask(test, 'GET /v1/session', { cookie })).status).toBe(200);
    const unknown = await ask(test, 'GET /v1/session', { cookie: `pushfleet-session=${'A'.repeat(43)}` });
    expect(unknown).toMatchObject({ status: 503, body: { code: 'REGISTRY_UNAVAILABLE' } });
  });

  it('has a cookie that only goes over TLS where it was made over TLS', async () => {
    const cookies = await new Promise<string[] | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const at = { host: 'localhost', port: test.balancer.ports.rest, path: '/v1/session' };
      const { ca } = test.certificates.cluster;
      const request = httpsRequest({ ...at, ca, method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.headers['set-cookie']);
      });
      request.on('error', reject).end(JSON.stringify({ token: adminToken }));
    });
    expect(cookies?.[0]).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
  });
});

describe('a sign-in', () => {
  it('that is no sign-in is refused by what is wrong with it', async () => {
    for (const body of [
      {},
      [],
      { code: '' },
      { code: ['a'] },
      { token: 7 },
      { token: '' },
      { token: 'a', code: 'b' },
      { user: 'a' },
      'token',
    ]) {
      const answer = await ask(test, 'POST /v1/session', {}, body);
      expect(answer, JSON.stringify(body)).toMatchObject({ status: 400, body: { field: 'body' } });
    }
    const large = await ask(test, 'POST /v1/session', {}, { token: 'x'.repeat(10_000) });
    expect(large.status).toBe(413);
    expect(await ask(test, 'POST /v1/session', {}, { token: 'wrong' })).toMatchObject({
      ...{ status: 401, body: { code: 'BAD_TOKEN' } },
    });
  });

  it('is in the audit, as a sign-out and a refused one are', async () => {
    const begin = await test.registry.audit.end();
    const { csrf } = await signIn(test);
    await ask(test, 'POST /v1/session', {}, { token: 'wrong' });
    await ask(test, 'DELETE /v1/session', csrf);
    // Those of other tests may still come.
    const deeds = async () => ((await test.registry.audit.read(begin, 100)) as NewAuditEvent[]).slice(-3);
    await vi.waitFor(async () => expect((await deeds()).at(-1)?.method).toMatch(/^DELETE/), { timeout: 5_000 });
    expect((await deeds()).map(({ method, caller, outcome }) => [method, caller, outcome])).toEqual([
      ['POST /v1/session', 'root', 'OK'],
      ['POST /v1/session', '', 'BAD_TOKEN'],
      ['DELETE /v1/session', 'root', 'OK'],
    ]);
    expect((await deeds())[1]?.address).toMatch(/^(::ffff:)?127\.0\.0\.1:\d+$/);
  });

  it('by a code is good once, at any balancer, with the rights of whoever made it', async () => {
    const other = await start({ registry: test.registry });
    const eyes = await makeToken(test, 'code-eyes');
    const made = await ask(test, 'POST /v1/sign-in-codes', { authorization: `Bearer ${eyes}` }, {});
    expect(made).toMatchObject({ status: 201, body: { restPort: test.balancer.ports.rest } });
    const { code } = made.body;
    await vi.waitFor(async () => {
      const known = await ask(other, 'GET /v1/token', { authorization: `Bearer ${eyes}` });
      expect(known.status).toBe(200);
    });
    const race = await Promise.all([other, test].map((at) => ask(at, 'POST /v1/session', {}, { code })));
    expect(race.map(({ status }) => status).toSorted()).toEqual([201, 401]);
    const begun = race.find(({ status }) => status === 201);
    expect(begun?.body.apiToken).toMatchObject({ name: 'code-eyes', role: 'ROLE_VIEWER' });
    expect(await ask(test, 'POST /v1/session', {}, { code })).toMatchObject({
      ...{ status: 401, body: { code: 'BAD_TOKEN', detail: expect.stringContaining('used before') } },
    });
  });

  it('by a code is refused when it is too old, or when its token has ended', async () => {
    const make = async (token: string) =>
      (await ask(test, 'POST /v1/sign-in-codes', { authorization: `Bearer ${token}` }, {})).body.code as string;
    const { signInCodes, apiTokens } = test.registry;
    const eyes = await makeToken(test, 'ended-eyes');
    const orphan = await make(eyes);
    await apiTokens.revoke('ended-eyes');
    await makeToken(test, 'ended-eyes', { hash: hashToken('yet another') });
    const old = await make(adminToken);
    const kept = await signInCodes.end(hashToken(old));
    await signInCodes.put(kept as never, 1, 1);
    await vi.waitFor(async () => expect(await signInCodes.read([hashToken(old)])).toEqual([]));
    for (const code of [orphan, old, 'x'.repeat(43), 'garbage']) {
      expect((await ask(test, 'POST /v1/session', {}, { code })).status).toBe(401);
    }
  });

  it('by a code is not made by a session, which could go on for ever by it', async () => {
    const { csrf } = await signIn(test);
    expect((await ask(test, 'POST /v1/sign-in-codes', csrf, {})).body).toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('is looked at no more when ten have failed, also when they come at once, and scripts go on', async () => {
    const locking = await start();
    const tries = Array.from({ length: 25 }, (_, at) => (at % 2 ? { token: 'wrong' } : { code: 'x'.repeat(43) }));
    const answers = await Promise.all(tries.map((body) => ask(locking, 'POST /v1/session', {}, body)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    const locked = await ask(locking, 'POST /v1/session', {}, { token: adminToken });
    expect(locked).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
    expect(locked.body.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(Number(locked.headers.get('retry-after'))).toBe(Math.ceil(locked.body.retryAfterMs / 1_000));
    const authorization = `Bearer ${adminToken}`;
    expect((await ask(locking, 'GET /v1/token', { authorization })).status).toBe(200);
  });
});

import { status } from '@grpc/grpc-js';
import {
  type admin,
  type DeviceId,
  type device,
  fromStatus,
  type GroupPath,
  parseGroupPath,
} from '@pushfleet/protocol';
import { hashSecret } from '@pushfleet/registry';
import { describe, expect, it, vi } from 'vitest';
import { hashToken } from '../../access/token-directory.ts';
import { call, secret, TestBalancer, withToken } from '../../balancer.fixture.ts';
import { post } from '../../https.fixture.ts';

async function start(): Promise<TestBalancer> {
  const test = await TestBalancer.start();
  await test.putFleet('HQ', 'dp-1', 'laptop');
  await test.startWorker('dp-1');
  return test;
}

function createToken(test: TestBalancer, request: admin.CreateEnrollmentTokenRequestInit = {}, token?: string) {
  const wish = { group: 'HQ', count: 2, ...request };
  return call<admin.CreateEnrollmentTokenResponse>((done) =>
    test.fleet().createEnrollmentToken(wish, withToken(token), done),
  );
}

async function listTokens(test: TestBalancer, group = '', token?: string) {
  const { enrollmentTokens } = await call<admin.ListEnrollmentTokensResponse>((done) =>
    test.fleet().listEnrollmentTokens({ group }, withToken(token), done),
  );
  return enrollmentTokens;
}

function revoke(test: TestBalancer, enrollmentTokenId: string, token?: string) {
  return call((done) => test.fleet().revokeEnrollmentToken({ enrollmentTokenId }, withToken(token), done));
}

/** A code of ours, or the group. */
type Enroll = (test: TestBalancer, request: device.EnrollRequestInit) => Promise<string>;

const overGrpc: Enroll = (test, request) =>
  call<device.EnrollResponse>((done) => test.assignments().enroll(request, done)).then(
    ({ group }) => group,
    (error) => fromStatus(error).code,
  );
const overHttps: Enroll = async (test, request) => {
  const { code, body } = await post(test, '/v1/enrollment', JSON.stringify(request));
  return code === 200 ? (body as { group: string }).group : (body as { error: { code: string } }).error.code;
};

function assign(test: TestBalancer, deviceId: string, itsSecret: string): Promise<string> {
  return call<device.AssignResponse>((done) => test.assignments().assign({ deviceId, secret: itsSecret }, done)).then(
    ({ primary }) => primary?.nodeId ?? '',
    ({ code }) => status[code] ?? '',
  );
}

describe.each([
  ['gRPC', overGrpc],
  ['HTTPS', overHttps],
])('a new device, over %s,', (_, enroll) => {
  it('registers itself once, with a secret of its own, and is assigned', async () => {
    await using test = await start();
    const begin = await test.registry.events.end();
    const { secret: enrollmentToken, enrollmentToken: made } = await createToken(test);
    const wish = { deviceId: 'new-1', enrollmentToken, secret: 'a-secret-that-it-made' };
    expect(await enroll(test, wish)).toBe('HQ');
    expect(await assign(test, 'new-1', 'a-secret-that-it-made')).toBe('dp-1');
    expect(await listTokens(test)).toMatchObject([{ ...made, left: 1 }]);
    const reason = `with enrollment token ${made?.enrollmentTokenId}`;
    await vi.waitFor(async () => {
      const enrolled = { kind: 'device-enrolled', device: 'new-1', group: 'HQ', reason };
      expect(await test.registry.events.read(begin, 100)).toContainEqual(expect.objectContaining(enrolled));
    });
  });

  it('may ask again where the answer was lost, also after the token has ended', async () => {
    await using test = await start();
    const { secret: enrollmentToken, enrollmentToken: made } = await createToken(test, { count: 1 });
    const wish = { deviceId: 'new-1', enrollmentToken, secret: 'a-secret-that-it-made' };
    expect(await Promise.all([wish, wish, wish].map((one) => enroll(test, one)))).toEqual(['HQ', 'HQ', 'HQ']);
    expect(await listTokens(test)).toMatchObject([{ left: 0 }]);
    await revoke(test, made?.enrollmentTokenId ?? '');
    expect(await enroll(test, wish)).toBe('HQ');
  });

  it('never takes the id of another one', async () => {
    await using test = await start();
    const { secret: enrollmentToken } = await createToken(test);
    const taken = { deviceId: 'laptop', enrollmentToken, secret: 'a-secret-that-it-made' };
    expect(await enroll(test, taken)).toBe('ALREADY_EXISTS');
    expect(await assign(test, 'laptop', secret)).toBe('dp-1');
    const clones = ['one-secret-of-a-clone', 'another-secret-of-one'].map((itsSecret) =>
      enroll(test, { deviceId: 'cloned', enrollmentToken, secret: itsSecret }),
    );
    expect((await Promise.all(clones)).toSorted()).toEqual(['ALREADY_EXISTS', 'HQ']);
    expect(await listTokens(test)).toMatchObject([{ left: 1 }]);
  });

  it('takes another registration where it comes back after it was removed', async () => {
    await using test = await start();
    const { secret: enrollmentToken } = await createToken(test, { count: 1 });
    const wish = { deviceId: 'new-1', enrollmentToken, secret: 'a-secret-that-it-made' };
    await enroll(test, wish);
    await test.registry.fleet.deleteDevice('new-1' as DeviceId);
    expect(await enroll(test, wish)).toBe('ENROLLMENT_TOKEN_ENDED');
    expect(await assign(test, 'new-1', 'a-secret-that-it-made')).toBe('UNAUTHENTICATED');
  });

  it('goes on where a balancer died between counting it and writing it', async () => {
    await using test = await start();
    const { secret: enrollmentToken, enrollmentToken: made } = await createToken(test, { count: 1 });
    await test.registry.enrollmentTokens.take(made?.enrollmentTokenId ?? '', 'new-1' as DeviceId);
    const its = { enrollmentToken, secret: 'a-secret-that-it-made' };
    expect(await enroll(test, { deviceId: 'new-2', ...its })).toBe('ENROLLMENT_TOKEN_ENDED');
    expect(await enroll(test, { deviceId: 'new-1', ...its })).toBe('HQ');
  });

  it.each([
    ['is none', 'BAD_CREDENTIAL', () => undefined, `pushfleet_enroll_${'x'.repeat(43)}`],
    ['has no form of one', 'INVALID_ARGUMENT', () => undefined, 'x'],
    [
      'was revoked',
      'ENROLLMENT_TOKEN_ENDED',
      (test: TestBalancer, id: string) => test.registry.enrollmentTokens.revoke(id, 1),
    ],
    [
      'is of a group that was deleted',
      'ENROLLMENT_TOKEN_ENDED',
      (test: TestBalancer) => test.registry.fleet.deleteGroup('New' as GroupPath),
    ],
  ] as [string, string, (test: TestBalancer, id: string) => unknown, string?][])(
    'is refused with a token that %s',
    async (__, code, change, shown) => {
      await using test = await start();
      await test.registry.fleet.putGroup('New' as GroupPath);
      const made = await createToken(test, { group: 'New' });
      await change(test, made.enrollmentToken?.enrollmentTokenId ?? '');
      const wish = { deviceId: 'new-1', enrollmentToken: shown ?? made.secret, secret: 'a-secret-that-it-made' };
      expect(await enroll(test, wish)).toBe(code);
      expect(await test.registry.fleet.getDevice('new-1' as DeviceId)).toBeUndefined();
    },
  );
});

describe('enrollment tokens', () => {
  it('are shown once and kept hashed', async () => {
    await using test = await start();
    const { secret: shown, enrollmentToken: made } = await createToken(test, { lifetimeMs: 3_600_000 });
    expect(made).toMatchObject({ group: 'HQ', count: 2, left: 2, createdBy: 'root' });
    expect((made?.expiresAtMs ?? 0) - (made?.createdAtMs ?? 0)).toBe(3_600_000);
    const kept = JSON.stringify(await test.registry.enrollmentTokens.list());
    expect(kept).toContain(made?.enrollmentTokenId);
    expect(kept).not.toContain(shown.slice('pushfleet_enroll_'.length));
    expect(JSON.stringify(await listTokens(test))).not.toContain(shown.slice('pushfleet_enroll_'.length));
  });

  it.each([
    ['no group', { group: '' }, 'INVALID_ARGUMENT'],
    ['a group that is not there', { group: 'Nowhere' }, 'GROUP_NOT_FOUND'],
    ['no device', { count: 0 }, 'INVALID_ARGUMENT'],
    ['too many devices', { count: 100_001 }, 'INVALID_ARGUMENT'],
    ['less than a minute', { lifetimeMs: 59_999 }, 'INVALID_ARGUMENT'],
    ['more than a year', { lifetimeMs: 366 * 86_400_000 }, 'INVALID_ARGUMENT'],
  ])('are not made for %s', async (_, request, code) => {
    await using test = await start();
    await expect(createToken(test, request).catch((error) => fromStatus(error).code)).resolves.toBe(code);
  });

  it('are made, listed and revoked by administrators of their group alone', async () => {
    await using test = await start();
    await test.registry.fleet.putGroup('HQ/Lab' as GroupPath);
    const scoped = { role: 'admin' as const, createdBy: 'root', createdAtMs: 1, scope: parseGroupPath('HQ/Lab') };
    await test.registry.apiTokens.create({ ...scoped, name: 'lab', hash: hashToken('lab') });
    await test.registry.apiTokens.create({ ...scoped, name: 'op', hash: hashToken('op'), role: 'operator' });
    await test.registryCalls('apiTokens.list', 2);
    const { enrollmentToken: hq } = await createToken(test);
    const { enrollmentToken: lab } = await createToken(test, { group: 'HQ/Lab' }, 'lab');
    expect(lab).toMatchObject({ createdBy: 'lab' });
    const refused = [
      createToken(test, {}, 'lab'),
      createToken(test, { group: 'HQ/Lab' }, 'op'),
      listTokens(test, '', 'lab'),
      listTokens(test, 'HQ/Lab', 'op'),
      revoke(test, hq?.enrollmentTokenId ?? '', 'lab'),
    ].map((asked) => asked.catch((error) => fromStatus(error).code));
    expect(await Promise.all(refused)).toEqual(Array(5).fill('PERMISSION_DENIED'));
    expect(await listTokens(test, 'HQ/Lab', 'lab')).toMatchObject([{ group: 'HQ/Lab' }]);
    await revoke(test, lab?.enrollmentTokenId ?? '', 'lab');
    const codeOf = (asked: Promise<unknown>) => asked.catch((error) => fromStatus(error).code);
    expect(await codeOf(revoke(test, '0'.repeat(16)))).toBe('ENROLLMENT_TOKEN_NOT_FOUND');
    expect(await codeOf(revoke(test, 'what?'))).toBe('INVALID_ARGUMENT');
    expect((await listTokens(test)).map(({ group, revokedAtMs }) => [group, revokedAtMs > 0]).sort()).toEqual([
      ['HQ', false],
      ['HQ/Lab', true],
    ]);
  });

  it('leave the secret of a device as it was given', async () => {
    await using test = await start();
    const { secret: enrollmentToken } = await createToken(test);
    const secretHash = hashSecret('a-secret-that-it-made');
    const known = { id: 'new-1' as DeviceId, group: 'HQ' as GroupPath, secretHash, labels: {}, linkKinds: [] };
    await test.registry.fleet.putDevice(known);
    const wish = { deviceId: 'new-1', enrollmentToken, secret: 'a-secret-that-it-made' };
    expect(await overHttps(test, wish)).toBe('HQ');
    expect(await listTokens(test)).toMatchObject([{ left: 2 }]);
  });
});

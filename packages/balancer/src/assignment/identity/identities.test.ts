import { once } from 'node:events';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import tls, { type TLSSocket } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { type DeviceId, type device, fromStatus, type GroupPath } from '@pushfleet/protocol';
import { AssignmentService } from '@pushfleet/protocol/device';
import { hashSecret } from '@pushfleet/registry';
import { fixed, LiveValue, systemClock } from '@pushfleet/runtime';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { call, secret, TestBalancer } from '../../balancer.fixture.ts';
import { createEnrollmentToken, digestEnrollmentToken } from '../enrollment/enrollment-token.ts';
import { DeviceCa, type DeviceCertificate } from './device-ca.fixture.ts';
import type { DeviceTrust } from './device-trust.ts';
import type { DeviceIssuer } from './issuers-file.ts';

const [good, foreign] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
const ca = await DeviceCa.create();
const foreignCa = await DeviceCa.create();
const jwk = { ...(await exportJWK(good.publicKey)), kid: 'k', alg: 'ES256' };
const issuer = (keys = [jwk]): DeviceIssuer => ({
  ...{ issuer: 'factory', audience: 'pushfleet', deviceIdClaim: 'sub', keys: { keys } },
});

class Balancer {
  readonly test: TestBalancer;
  readonly issuers: LiveValue<readonly DeviceIssuer[]>;
  readonly trust: LiveValue<DeviceTrust>;

  static async start(): Promise<Balancer> {
    const [issuers, trust] = [new LiveValue<readonly DeviceIssuer[]>([issuer()]), new LiveValue(await ca.trust())];
    const test = await TestBalancer.start({ deviceIssuers: issuers, deviceTrust: trust });
    await test.putFleet('HQ', 'dp-1', 'laptop', 'tablet');
    await test.startWorker('dp-1');
    return new Balancer(test, issuers, trust);
  }

  private constructor(test: TestBalancer, issuers: LiveValue<readonly DeviceIssuer[]>, trust: LiveValue<DeviceTrust>) {
    [this.test, this.issuers, this.trust] = [test, issuers, trust];
  }

  [Symbol.asyncDispose]() {
    return this.test[Symbol.asyncDispose]();
  }
}

/** The credentials that a device shows. */
interface Shown {
  secret?: string;
  identityToken?: string;
  enrollmentToken?: string;
  certificate?: DeviceCertificate;
}

type Ask = (balancer: Balancer, deviceId: string, shown: Shown) => Promise<string>;

const overGrpc: Ask = async ({ test }, deviceId, { certificate, enrollmentToken, ...shown }) => {
  const { ca: trusted } = test.certificates.cluster;
  const key = certificate && Buffer.from(certificate.key);
  const cert = certificate && Buffer.from(certificate.cert);
  const channel = credentials.createSsl(trusted, key, cert);
  const address = `localhost:${test.balancer.ports.assign}`;
  const client = new AssignmentService(address, channel, { 'grpc.use_local_subchannel_pool': 1 });
  try {
    if (enrollmentToken) {
      const request = { deviceId, enrollmentToken, secret };
      const { group } = await call<device.EnrollResponse>((done) => client.enroll(request, done));
      return `in ${group}`;
    }
    const { primary } = await call<device.AssignResponse>((done) => client.assign({ deviceId, ...shown }, done));
    return primary?.nodeId ?? '';
  } catch (error) {
    return fromStatus(error as never).code;
  } finally {
    client.close();
  }
};

async function request(balancer: Balancer, path: string, body: object, more: https.RequestOptions = {}) {
  const { cluster } = balancer.test.certificates;
  const port = balancer.test.balancer.ports.assign;
  const asked = https.request({ host: '127.0.0.1', port, path, method: 'POST', agent: false, ca: cluster.ca, ...more });
  asked.end(JSON.stringify(body));
  const [response] = await once(asked, 'response');
  return (await json(response)) as {
    error?: { code: string };
    primary?: device.Server;
    group?: string;
  };
}

const overHttps: Ask = async (balancer, deviceId, { certificate, enrollmentToken, ...shown }) => {
  const path = enrollmentToken ? '/v1/enrollment' : '/v1/assignment';
  const body = enrollmentToken ? { deviceId, enrollmentToken, secret } : { deviceId, ...shown };
  const more = certificate ? { cert: certificate.cert, key: certificate.key } : {};
  const { error, primary, group } = await request(balancer, path, body, more);
  return error?.code ?? primary?.nodeId ?? `in ${group}`;
};

type Condition = 'good' | 'expired' | 'wrong issuer' | 'revoked' | 'not yet valid by 30 s' | 'not yet valid by 2 min';

function sign(seconds: { exp?: number; nbf?: number }, key: CryptoKey = good.privateKey): Promise<string> {
  const now = Math.floor(systemClock.wallMs() / 1_000);
  const { exp = 600, nbf = 0 } = seconds;
  return new SignJWT({ sub: 'laptop', aud: 'pushfleet', iss: 'factory', exp: now + exp, nbf: now + nbf })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(key);
}

async function createToken({ test }: Balancer, times: { fromS?: number; toS?: number } = {}): Promise<string> {
  const { fromS = 0, toS = 600 } = times;
  const token = createEnrollmentToken();
  const now = systemClock.wallMs();
  const record = { ...digestEnrollmentToken(token), group: 'HQ' as GroupPath, count: 1, createdBy: 'root' };
  const lifetime = { createdAtMs: now + fromS * 1_000, expiresAtMs: now + toS * 1_000 };
  await test.registry.enrollmentTokens.create({ ...record, ...lifetime }, now);
  return token;
}

type Show = (balancer: Balancer) => Promise<Shown>;
type Row = Partial<Record<Condition, [Show, string]>>;

const refused = 'BAD_CREDENTIAL';

/** The credentials of each kind of identity under each condition, and what comes of them. A shared secret has no issuer and no dates: it is that of its device. */
const identities: Record<string, Row> = {
  secret: {
    good: [async () => ({ secret }), 'dp-1'],
    expired: [
      async ({ test }) => {
        const device = { id: 'laptop' as DeviceId, group: 'HQ' as GroupPath, labels: {}, linkKinds: [] };
        await test.registry.fleet.putDevice({ ...device, secretHash: hashSecret('another-secret-since') });
        return { secret };
      },
      refused,
    ],
    'wrong issuer': [async () => ({ secret: 'the-secret-of-somebody-else' }), refused],
    revoked: [
      async ({ test }) => {
        await test.registry.fleet.deleteDevice('laptop' as DeviceId);
        return { secret };
      },
      refused,
    ],
  },
  'identity token': {
    good: [async () => ({ identityToken: await sign({}) }), 'dp-1'],
    expired: [async () => ({ identityToken: await sign({ exp: -120 }) }), refused],
    'wrong issuer': [async () => ({ identityToken: await sign({}, foreign.privateKey) }), refused],
    // The issuer has withdrawn the key.
    revoked: [
      async ({ issuers }) => {
        issuers.replace([issuer([{ ...(await exportJWK(foreign.publicKey)), kid: 'other', alg: 'ES256' }])]);
        return { identityToken: await sign({}) };
      },
      refused,
    ],
    'not yet valid by 30 s': [async () => ({ identityToken: await sign({ nbf: 30 }) }), 'dp-1'],
    'not yet valid by 2 min': [async () => ({ identityToken: await sign({ nbf: 120 }) }), refused],
  },
  certificate: {
    good: [async () => ({ certificate: await ca.issue() }), 'dp-1'],
    expired: [async () => ({ certificate: await ca.issue({ fromS: -600, toS: -120 }) }), refused],
    'wrong issuer': [async () => ({ certificate: await foreignCa.issue() }), refused],
    revoked: [
      async ({ trust }) => {
        const certificate = await ca.issue();
        trust.replace(await ca.trust({ kind: 'cn' }, certificate.serial));
        return { certificate };
      },
      refused,
    ],
    'not yet valid by 30 s': [async () => ({ certificate: await ca.issue({ fromS: 30 }) }), 'dp-1'],
    'not yet valid by 2 min': [async () => ({ certificate: await ca.issue({ fromS: 120 }) }), refused],
  },
  'enrollment token': {
    good: [async (balancer) => ({ enrollmentToken: await createToken(balancer) }), 'in HQ'],
    expired: [
      async (balancer) => ({ enrollmentToken: await createToken(balancer, { toS: -1 }) }),
      'ENROLLMENT_TOKEN_ENDED',
    ],
    // That of another cluster.
    'wrong issuer': [async () => ({ enrollmentToken: createEnrollmentToken() }), refused],
    revoked: [
      async (balancer) => {
        const enrollmentToken = await createToken(balancer);
        await balancer.test.registry.enrollmentTokens.revoke(digestEnrollmentToken(enrollmentToken).id, 1);
        return { enrollmentToken };
      },
      'ENROLLMENT_TOKEN_ENDED',
    ],
    // Made by a balancer whose clock is ahead.
    'not yet valid by 30 s': [
      async (balancer) => ({ enrollmentToken: await createToken(balancer, { fromS: 30 }) }),
      'in HQ',
    ],
  },
};

const cases = Object.entries(identities).flatMap(([kind, row]) =>
  Object.entries(row).flatMap(([condition, [show, answer]]) => [
    { kind, condition, show, answer, wire: 'gRPC', ask: overGrpc },
    { kind, condition, show, answer, wire: 'HTTPS', ask: overHttps },
  ]),
);

describe('the identity of a device', () => {
  it.each(cases)('$kind, $condition, over $wire: $answer', async ({ kind, show, answer, ask }) => {
    await using balancer = await Balancer.start();
    const device = kind === 'enrollment token' ? 'new-1' : 'laptop';
    expect(await ask(balancer, device, await show(balancer))).toBe(answer);
  });

  it.each([
    ['gRPC', overGrpc],
    ['HTTPS', overHttps],
  ])('of several kinds is good at the same time, over %s', async (_, ask) => {
    await using balancer = await Balancer.start();
    const [certificate, identityToken] = [await ca.issue(), await sign({})];
    for (const shown of [{ secret }, { identityToken }, { certificate }]) {
      expect(await ask(balancer, 'laptop', shown)).toBe('dp-1');
    }
    // What the request says goes before the connection.
    const expired = await ca.issue({ fromS: -600, toS: -120 });
    expect(await ask(balancer, 'laptop', { secret, certificate: expired })).toBe('dp-1');
    expect(await ask(balancer, 'laptop', { secret: 'a-secret-that-is-wrong', certificate })).toBe('BAD_CREDENTIAL');
  });

  it.each([
    ['gRPC', overGrpc],
    ['HTTPS', overHttps],
  ])('by a certificate is that of its device alone, over %s', async (_, ask) => {
    await using balancer = await Balancer.start();
    expect(await ask(balancer, 'tablet', { certificate: await ca.issue() })).toBe('BAD_CREDENTIAL');
    expect(await ask(balancer, 'ghost', { certificate: await ca.issue({ cn: 'ghost' }) })).toBe('BAD_CREDENTIAL');
    expect(await ask(balancer, 'laptop', {})).toBe('INVALID_ARGUMENT');
  });
});

describe('a certificate that was revoked meanwhile', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is refused in a %s session that is resumed', async (version) => {
    await using balancer = await Balancer.start();
    const { cert, key, serial } = await ca.issue();
    const port = balancer.test.balancer.ports.assign;
    const options = { ca: balancer.test.certificates.cluster.ca, cert, key, maxVersion: version, minVersion: version };
    /** One question over a connection of its own: the answer, whether the session was resumed, and the session for the next. */
    const ask = async (session?: Buffer) => {
      const socket: TLSSocket = tls.connect({ ...options, port, host: '127.0.0.1', ...(session ? { session } : {}) });
      let next = session;
      socket.on('session', (given) => {
        next = given;
      });
      await once(socket, 'secureConnect');
      const resumed = socket.isSessionReused();
      const begun = socket.getSession();
      const body = JSON.stringify({ deviceId: 'laptop' });
      const head = `POST /v1/assignment HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`;
      socket.write(head + body);
      let answer = '';
      for await (const chunk of socket) answer += chunk;
      return { code: answer.slice(9, 12), resumed, session: version === 'TLSv1.2' ? begun : next };
    };
    const first = await ask();
    const second = await ask(first.session);
    expect([first, second]).toMatchObject([
      { code: '200', resumed: false },
      { code: '200', resumed: true },
    ]);
    balancer.trust.replace(await ca.trust({ kind: 'cn' }, serial));
    expect(await ask(second.session)).toMatchObject({ code: '401' });
  });

  it('is refused on a connection that was open before', async () => {
    await using balancer = await Balancer.start();
    const { cert, key, serial } = await ca.issue();
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    const more = { agent, cert, key };
    expect(await request(balancer, '/v1/assignment', { deviceId: 'laptop' }, more)).toHaveProperty('primary');
    balancer.trust.replace(await ca.trust({ kind: 'cn' }, serial));
    const { error } = await request(balancer, '/v1/assignment', { deviceId: 'laptop' }, more);
    expect(error?.code).toBe('BAD_CREDENTIAL');
    agent.destroy();
  });

  it('is not asked for where no CA of devices is trusted', async () => {
    await using test = await TestBalancer.start({ deviceIssuers: fixed([issuer()]) });
    await test.putFleet('HQ', 'dp-1', 'laptop');
    const balancer = { test } as Balancer;
    expect(await overHttps(balancer, 'laptop', { certificate: await ca.issue() })).toBe('INVALID_ARGUMENT');
  });
});

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevice, type Device, type DeviceOptions, fileSecretStore } from '@pushfleet/device-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MadeAuthority } from './certificates/made-authority.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';

const ca = await MadeAuthority.create('CA of devices');
const issuer = generateKeyPairSync('ed25519');
let directory: string;
let cluster: TestCluster;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pushfleet-identities-'));
  const jwk = { ...issuer.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'EdDSA' };
  await write('keys.json', JSON.stringify({ keys: [jwk] }));
  const factory = { issuer: 'factory', audience: 'pushfleet', jwks: 'keys.json' };
  await write('devices.crl', await ca.revoke());
  cluster = await TestCluster.create({
    pushServers: 2,
    environment: {
      PUSHFLEET_DEVICE_ISSUERS_FILE: await write('issuers.json', JSON.stringify({ issuers: [factory] })),
      PUSHFLEET_DEVICE_CLIENT_CA_FILE: await write('devices-ca.crt', ca.pem),
      PUSHFLEET_DEVICE_CLIENT_CRL_FILE: join(directory, 'devices.crl'),
    },
  });
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** Writes a file as careful people do: under another name, then renamed. */
async function write(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
  return path;
}

function signToken(deviceId: string, change: object = {}): string {
  const nowS = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'factory', aud: 'pushfleet', sub: deviceId, exp: nowS + 600, ...change };
  const text = [{ alg: 'EdDSA', kid: 'k' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${sign(null, Buffer.from(text), issuer.privateKey).toString('base64url')}`;
}

type Credential = Pick<DeviceOptions, 'secret' | 'identityToken' | 'enrollment' | 'certificate' | 'key'>;

/** Devices ask for their assignment over gRPC where they have such a link, and over HTTPS where it is MQTT. */
describe.each([
  ['gRPC', 'grpc'],
  ['HTTPS', 'mqtt'],
] as const)('a device whose identity is not the secret of a list, over %s,', (_, link) => {
  const begin = (deviceId: string, credential: Credential): Device & AsyncDisposable => {
    const { assignUrls: balancers, ca: trusted } = cluster;
    const backoff = { baseMs: 50, capMs: 1_000 };
    const device = createDevice({ deviceId, balancers, ca: trusted, link, backoff, ...credential });
    device.handle('forceSync', () => {});
    device.start();
    return Object.assign(device, { [Symbol.asyncDispose]: () => device.stop() });
  };
  const obeys = async (deviceId: string, credential: Credential) => {
    await using device = begin(deviceId, credential);
    await device.connected(AbortSignal.timeout(40_000));
    const { status } = await cluster.admin.commands.push({ deviceId, operation: { forceSync: {} } });
    expect(status?.outcome).toBe('OUTCOME_SUCCEEDED');
  };
  /** Why it does not get in, once it is told so in these words; `connected`: it does. */
  const refusal = async (deviceId: string, credential: Credential, words: string): Promise<string> => {
    await using device = begin(deviceId, credential);
    return await eventually(`${deviceId} is refused: ${words}`, () => {
      const status = device.currentStatus;
      if (status.kind === 'connected') return status.kind;
      return 'cause' in status && status.cause?.detail?.includes(words) && words;
    });
  };

  it('registers itself with an enrollment token, once, and comes back with the secret that it has made', async () => {
    const [id, late] = [`new-${link}`, `late-${link}`];
    const { secret: token, enrollmentToken } = await cluster.admin.devices.createEnrollmentToken({
      ...{ group: 'Test', count: 1 },
    });
    const credential = { enrollment: { token, store: fileSecretStore(join(directory, `${id}.json`)) } };
    await obeys(id, credential);
    const left = async () => (await cluster.admin.devices.listEnrollmentTokens()).find((one) => one.count === 1)?.left;
    expect(await left()).toBe(0);
    const other = { enrollment: { token, store: fileSecretStore(join(directory, `${late}.json`)) } };
    expect(await refusal(late, other, 'used up')).toBe('used up');
    // An id that is there is not taken over.
    const { secret: another } = await cluster.admin.devices.createEnrollmentToken({ group: 'Test', count: 5 });
    const clone = { enrollment: { token: another, store: fileSecretStore(join(directory, `${id}-clone.json`)) } };
    expect(await refusal(id, clone, 'with another secret')).toBe('with another secret');
    await cluster.admin.devices.revokeEnrollmentToken(enrollmentToken.enrollmentTokenId);
    await obeys(id, credential);
  });

  it('shows a client certificate, until that is revoked', async () => {
    const [id, foreign] = [`certified-${link}`, `foreign-${link}`];
    for (const one of [id, foreign]) await cluster.devices.register(one);
    const { cert: certificate, key } = await ca.issue({ names: [id], use: 'client' });
    await obeys(id, { certificate, key });
    const stranger = await (await MadeAuthority.create('a stranger')).issue({ names: [foreign], use: 'client' });
    const unknown = { certificate: stranger.cert, key: stranger.key };
    const notGood = 'a certificate that is not good for it';
    expect(await refusal(foreign, unknown, notGood)).toBe(notGood);
    await write('devices.crl', await ca.revoke(certificate));
    await eventually('the revoked one is refused', async () => {
      return (await refusal(id, { certificate, key }, notGood)) === notGood;
    });
    // It may move to another kind of identity.
    await obeys(id, { identityToken: () => signToken(id) });
  });

  it('shows a token of an issuer that is trusted, and no other', async () => {
    const id = `tokened-${link}`;
    await cluster.devices.register(id);
    await obeys(id, { identityToken: () => signToken(id) });
    const nowS = Math.floor(Date.now() / 1_000);
    const changes = [{ iss: 'another' }, { aud: 'another' }, { exp: nowS - 120 }, { sub: `certified-${link}` }];
    const notGood = 'a token that is not good for it';
    for (const change of changes)
      expect(await refusal(id, { identityToken: () => signToken(id, change) }, notGood)).toBe(notGood);
    await obeys(id, { secret: testSecret });
  });
});

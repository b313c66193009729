import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { memberUri } from '../cluster/member.ts';
import { fixed } from '../live.ts';
import { certifyKey, type KeyCertification, KeyJudge, thumbprintOf } from './key-certification.ts';

const day = 86_400_000;

function makeKey() {
  const jwk = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) };
  return { jwk, kid: thumbprintOf(jwk) };
}

describe('a ticket key', () => {
  let authority: MadeAuthority;
  let revoked: Set<string>;
  let clock: ManualClock;
  const key = makeKey();

  beforeAll(async () => {
    authority = await MadeAuthority.create('cluster CA');
  });

  beforeEach(() => {
    clock = new ManualClock({ wallMs: Date.now() });
  });

  const issue = (role: 'balancer' | 'push-server', by = authority) =>
    by.issue({ names: ['pushfleet-cluster'], uris: [memberUri({ role, name: 'one' })], use: 'member' });
  const pem = ({ cert, key: privateKey }: { cert: string; key: string }) => ({
    cert: Buffer.from(cert),
    key: Buffer.from(privateKey),
  });

  function judge(certification: unknown, { jwk = key.jwk, kid = key.kid } = {}): string | undefined {
    const judge = new KeyJudge({
      cluster: fixed({ ca: Buffer.from(authority.pem) }),
      gate: {
        judgeCertificate: ({ serialNumber }) =>
          revoked.has(serialNumber) ? { reason: 'revoked', member: undefined, detail: 'revoked' } : undefined,
      },
      clock,
    });
    return judge.judge(kid, jwk, certification)?.reason;
  }

  it('is good when a balancer has certified it', async () => {
    revoked = new Set();
    expect(judge(certifyKey(key.kid, pem(await issue('balancer'))))).toBeUndefined();
  });

  it.each<[what: string, certify: () => Promise<unknown>]>([
    ['nobody has certified', async () => undefined],
    ['has something else for it', async () => ({ chain: 'x', signature: 7 })],
    ['has an empty chain for it', async () => ({ chain: [], signature: '' })],
    ['a push server has certified', async () => certifyKey(key.kid, pem(await issue('push-server')))],
    [
      'a balancer of another CA has certified',
      async () => certifyKey(key.kid, pem(await issue('balancer', await MadeAuthority.create('another CA')))),
    ],
    ['has the certification of another key', async () => certifyKey(makeKey().kid, pem(await issue('balancer')))],
    [
      'a push server has certified, behind the certificate of a balancer',
      async () => {
        const { signature } = certifyKey(key.kid, pem(await issue('push-server')));
        return { ...certifyKey(key.kid, pem(await issue('balancer'))), signature };
      },
    ],
    [
      'was certified by what a balancer has issued',
      async () => {
        const forged = await issue('balancer', await MadeAuthority.create('another CA'));
        const { chain, signature } = certifyKey(key.kid, pem(forged));
        return { chain: [...chain, ...certifyKey(key.kid, pem(await issue('balancer'))).chain], signature };
      },
    ],
  ])('that %s is not', async (_, certify) => {
    revoked = new Set();
    expect(judge(await certify())).toBe('uncertified-key');
  });

  it('is not good under the name of another one that is certified', async () => {
    revoked = new Set();
    const certification = certifyKey(key.kid, pem(await issue('balancer')));
    expect(judge(certification, { jwk: makeKey().jwk })).toBe('uncertified-key');
  });

  it('is good no more when the certificate of its balancer was revoked or has ended', async () => {
    const certification: KeyCertification = certifyKey(key.kid, pem(await issue('balancer')));
    revoked = { has: () => true } as unknown as Set<string>;
    expect(judge(certification)).toBe('revoked');
    revoked = new Set();
    clock.advance(20_000 * day);
    expect(judge(certification)).toBe('uncertified-key');
  });
});

import { X509Certificate } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '../state/certificates.ts';
import { checkAuthority, checkCertificate, checkDeviceTrust } from './certificate-checks.ts';
import type { Finding } from './finding.ts';

const dayMs = 86_400_000;
const check = 'certificate';
const words = ({ level, detail, change = '' }: Finding) => `${level}: ${detail} → ${change}`;

let ca: X509Certificate;
let other: X509Certificate;
let chain: X509Certificate[];

beforeAll(async () => {
  const [authority, stranger] = await Promise.all([createAuthority('CA'), createAuthority('another CA')]);
  const request = { commonName: 'pushfleet', names: ['push.example.org', '192.0.2.7'], uses: ['server'] } as const;
  chain = [new X509Certificate((await issueCertificate(authority, request)).cert)];
  ca = new X509Certificate(authority.cert);
  other = new X509Certificate(stranger.cert);
});

it('judges dates, names and the way up to a CA, and says how to renew', () => {
  const wallMs = Date.now();
  const of = (change: object) => words(checkCertificate({ check, chain, wallMs, authorities: [ca], ...change }));
  expect(of({})).toMatch(/^ok: good for 82\d days, for push\.example\.org, 192\.0\.2\.7; its key fits/);
  expect(of({ address: '192.0.2.7' })).toMatch(/^ok/);
  expect(of({ address: 'away.example.org' })).toMatch(/^problem: .* → pushfleet init --host away\.example\.org; /);
  expect(of({ wallMs: wallMs + 800 * dayMs })).toMatch(/^warning: it ends in 2\d days → pushfleet init; running/);
  expect(of({ wallMs: wallMs + 900 * dayMs })).toMatch(/^problem: .*expired.* → pushfleet init; /);
  expect(of({ wallMs: wallMs - 900 * dayMs })).toMatch(/^problem: .*valid from.*set the clock/);
  expect(of({ authorities: [other] })).toMatch(/^problem: .*issued by.* → append/);
  expect(of({ chain: [...chain, ca], authorities: [other] })).toMatch(
    /^problem: .*no CA that devices trust.* → name the CA/,
  );
  expect(of({ chain: [other], authorities: [ca] })).toMatch(/^problem: it names no host .* → pushfleet init/);
  expect(of({ chain: { failure: 'the key does not belong to it' } })).toMatch(
    /^problem: the key does not belong to it → /,
  );
});

it('judges the bundle of a push server by its role, and names the command that makes it', async () => {
  const wallMs = Date.now();
  const authority = await createAuthority('push server CA');
  const of = async (uri: string | undefined, change: object = {}) => {
    const request = { commonName: 'dp-1', names: ['192.0.2.7'], uses: ['server'], ...(uri ? { uri } : {}) } as const;
    const { cert } = await issueCertificate(authority, request);
    const shown = { check, chain: [new X509Certificate(cert)], wallMs, distributionPoint: 'dp-1', ...change };
    return words(checkCertificate(shown));
  };
  const own = 'pushfleet://devices/push-server/dp-1';
  expect(await of(own)).toMatch(/^ok: good for \d+ days, for 192\.0\.2\.7/);
  expect(await of(undefined)).toMatch(/^ok/);
  const others = ['pushfleet://devices/push-server/dp-10', 'pushfleet://devices/balancer/balancer'];
  for (const other of others) {
    expect(await of(other)).toMatch(
      `problem: it is the certificate of ${other} → pushfleet enroll dp-1 (where the keys`,
    );
  }
  expect(await of(own, { distributionPoint: undefined })).toMatch(
    /^problem: it is the certificate of .* → pushfleet init/,
  );
  expect(await of(own, { wallMs: wallMs + 800 * dayMs })).toMatch(/^warning: it ends in .* → pushfleet enroll dp-1 \(/);
  expect(await of(own, { wallMs: wallMs + 900 * dayMs })).toMatch(/^problem: .*expired.* → pushfleet enroll dp-1 \(/);
  expect(await of(own, { address: 'dp-1.example.org' })).toMatch(
    /^problem: .*not for dp-1\.example\.org.* → pushfleet enroll dp-1 --host dp-1\.example\.org \(/,
  );
  expect(await of(own, { chain: { failure: 'no such file' } })).toMatch(
    /^problem: no such file → pushfleet enroll dp-1 /,
  );
});

it('judges CAs, which are to be replaced long before they end', () => {
  const wallMs = Date.now();
  const of = (days: number) => words(checkAuthority({ check, certificates: [ca], wallMs: wallMs + days * dayMs }));
  expect(of(0)).toMatch(/^ok: good for 36\d\d days/);
  expect(of(3_500)).toMatch(/^warning: it ends in \d+ days → pushfleet init makes a new one/);
  expect(of(3_700)).toMatch(/^problem: it ended \d+ days ago/);
  expect(words(checkAuthority({ check, certificates: { failure: 'no such file' }, wallMs }))).toMatch(
    /^problem: no such file → copy ca\.crt/,
  );
});

it('says when the next list of revoked client certificates was due', () => {
  const wallMs = Date.parse('2026-11-26T12:00:00Z');
  const of = (trust: Parameters<typeof checkDeviceTrust>[0]['trust']) => words(checkDeviceTrust({ trust, wallMs }));
  expect(of({ nextListMs: wallMs + 60_000 })).toMatch(/^ok: .* due on 2026-11-26 12:01 UTC/);
  expect(of({ nextListMs: wallMs - 60_000 })).toMatch(
    /^warning: .* was due on 2026-11-26 11:59 UTC → put the CA's new/,
  );
  expect(of({})).toMatch(/^ok: /);
  expect(of({ failure: 'the file is no list' })).toMatch(/^problem: the file is no list/);
});

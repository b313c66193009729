import { describe, expect, it } from 'vitest';
import { certificatesIn, MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { findCertificateFault } from './certificate-fault.ts';

const root = await MadeAuthority.create('Root');
const stranger = await MadeAuthority.create('Stranger');
const intermediate = await root.createIntermediate('Intermediate');
const lower = await intermediate.createIntermediate('Lower');
const staleIntermediate = await root.createIntermediate('Stale', { endsInDays: -0.5 });
const names = ['push.example', '10.0.0.7', '2001:db8::7', '*.wild.example'];
const expected = { address: 'push.example', wallMs: Date.now(), authorities: [root.certificate] };

function faultOf(pem: string, change: Partial<typeof expected> = {}): string | undefined {
  return findCertificateFault(certificatesIn(pem), { ...expected, ...change })?.kind;
}

describe('findCertificateFault finds nothing', () => {
  it('with a certificate of a trusted CA', async () => {
    expect(faultOf((await root.issue({ names })).cert)).toBeUndefined();
  });

  it.each(['10.0.0.7', '2001:db8::7', '2001:0DB8:0:0::7', 'push.example', 'PUSH.example', 'a.wild.example'])(
    'with one that names %s',
    async (address) => {
      expect(faultOf((await root.issue({ names })).cert, { address })).toBeUndefined();
    },
  );

  it('with intermediates, in any order, and with the root or anything else shown as well', async () => {
    const { cert, chain } = await lower.issue({ names });
    expect(faultOf(chain)).toBeUndefined();
    expect(faultOf(`${cert}${intermediate.pem}${lower.pem}`)).toBeUndefined();
    expect(faultOf(`${chain}${root.pem}`)).toBeUndefined();
    expect(faultOf(`${chain}${stranger.pem}`)).toBeUndefined();
  });

  it('where devices trust the intermediate itself, or the very certificate', async () => {
    const { cert } = await intermediate.issue({ names });
    expect(faultOf(cert, { authorities: [intermediate.certificate] })).toBeUndefined();
    expect(faultOf(cert, { authorities: certificatesIn(cert) })).toBeUndefined();
  });

  it('in the way up to a CA where nobody knows what devices trust', async () => {
    const { cert } = await intermediate.issue({ names });
    expect(findCertificateFault(certificatesIn(cert), { ...expected, authorities: undefined })).toBeUndefined();
  });
});

describe('findCertificateFault finds', () => {
  it.each([
    ['certificate-expired', { names, beginsInDays: -30, endsInDays: -1 }],
    ['certificate-not-yet-valid', { names, beginsInDays: 1, endsInDays: 30 }],
    ['certificate-name-mismatch', { names: ['other.example', '10.0.0.8'] }],
    ['certificate-name-mismatch', { names: ['*.example.org'] }],
  ])('%s with %j, whether or not the CA is known', async (kind, wish) => {
    const { cert } = await root.issue(wish);
    expect(faultOf(cert)).toBe(kind);
    expect(findCertificateFault(certificatesIn(cert), { ...expected, authorities: undefined })?.kind).toBe(kind);
  });

  it('an intermediate that is missing, at either place', async () => {
    const { cert } = await lower.issue({ names });
    for (const pem of [cert, `${cert}${lower.pem}`, `${cert}${intermediate.pem}`]) {
      expect(faultOf(pem)).toBe('certificate-incomplete');
    }
  });

  it('an intermediate that has expired', async () => {
    const { chain } = await staleIntermediate.issue({ names });
    expect(faultOf(chain)).toBe('certificate-expired');
  });

  it('a CA that devices do not trust, shown or not', async () => {
    const { cert, chain } = await stranger.issue({ names });
    expect(faultOf(`${chain}${stranger.pem}`)).toBe('certificate-untrusted');
    expect(faultOf(cert)).toBe('certificate-incomplete');
    expect(faultOf(stranger.pem, { address: 'Stranger' })).toBe('certificate-untrusted');
  });

  it('a CA of the right name and another key', async () => {
    const { cert } = await (await MadeAuthority.create('Root')).issue({ names });
    expect(faultOf(cert)).toBe('certificate-incomplete');
  });

  it('a certificate that is not for servers', async () => {
    expect(faultOf((await root.issue({ names, use: 'client' })).cert)).toBe('certificate-untrusted');
  });

  it('no certificate', () => {
    expect(faultOf('')).toBe('certificate-incomplete');
  });

  it('an end in chains that lead in circles', async () => {
    const { cert } = await lower.issue({ names });
    const many = Array.from({ length: 20 }, () => lower.pem).join('');
    expect(faultOf(`${cert}${many}`)).toBe('certificate-incomplete');
  });
});

it('says what is wrong and what would be right', async () => {
  const { cert } = await root.issue({ names: ['a.example', '10.0.0.8'], beginsInDays: -30 });
  expect(findCertificateFault(certificatesIn(cert), { ...expected, address: '10.0.0.7' })?.detail).toBe(
    'its certificate is for a.example, 10.0.0.8, and not for 10.0.0.7, by which devices reach it; put a good one into ' +
      'PUSHFLEET_TLS_CERT_FILE',
  );
});

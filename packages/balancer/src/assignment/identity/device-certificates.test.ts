import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixed } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { DeviceCa, type IssueWish } from './device-ca.fixture.ts';
import { DeviceCertificates } from './device-certificates.ts';
import { type DeviceNameRule, isSameTrust, readDeviceTrust, toDeviceNameRule } from './device-trust.ts';
import { readRevocationList } from './revocation-file.ts';

const ca = await DeviceCa.create();
const other = await DeviceCa.create('another CA');
const directory = mkdtempSync(join(tmpdir(), 'pushfleet-device-ca-'));

function write(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function verify(wish: IssueWish, rule: DeviceNameRule = { kind: 'cn' }, from = ca, atMs = Date.now()) {
  const certificates = new DeviceCertificates(fixed(await ca.trust(rule)), { wallMs: () => atMs });
  const verdict = certificates.verify((await from.issue(wish)).x509);
  return verdict.kind === 'device' ? verdict.device : verdict.why.replace(/^a certificate: /, '');
}

describe('the device of a client certificate', () => {
  const uri: DeviceNameRule = { kind: 'uri', prefix: 'urn:device:' };
  it.each<[string, IssueWish, DeviceNameRule, string]>([
    ['common name', { cn: 'laptop' }, { kind: 'cn' }, 'laptop'],
    ['DNS name', { names: [{ type: 'dns', value: 'laptop.example' }] }, { kind: 'dns' }, 'laptop.example'],
    [
      'URI with the prefix',
      {
        names: [
          { type: 'url', value: 'urn:other:x' },
          { type: 'url', value: 'urn:device:laptop' },
        ],
      },
      uri,
      'laptop',
    ],
  ])('is its %s', async (_, wish, rule, device) => {
    expect(await verify(wish, rule)).toBe(device);
  });

  it.each<[string, IssueWish, DeviceNameRule, string]>([
    ['no such name', { cn: 'laptop' }, { kind: 'dns' }, 'names 0 devices'],
    [
      'two of them',
      {
        names: [
          { type: 'dns', value: 'a' },
          { type: 'dns', value: 'b' },
        ],
      },
      { kind: 'dns' },
      'names 2 devices',
    ],
    ['two common names', { cn: 'laptop, CN=tablet' }, { kind: 'cn' }, 'names 2 devices'],
    ['a name that is no id', { cn: 'not an id' }, { kind: 'cn' }, 'must be 1 to 128'],
    ['a name that looks like two', { names: [{ type: 'url', value: 'urn:x, URI:urn:device:victim' }] }, uri, 'quotes'],
    ['the usage of a server', { usage: '1.3.6.1.5.5.7.3.1' }, { kind: 'cn' }, 'is not for clients'],
    ['the rights of a CA', { isCa: true }, { kind: 'cn' }, 'is that of a CA'],
    ['an end of two minutes ago', { fromS: -600, toS: -120 }, { kind: 'cn' }, 'was valid until'],
    ['a begin in two minutes', { fromS: 120 }, { kind: 'cn' }, 'is not valid before'],
  ])('is nobody with %s', async (_, wish, rule, why) => {
    expect(await verify(wish, rule)).toContain(why);
  });

  it('is nobody where another CA has issued it, also one of the same name', async () => {
    expect(await verify({}, { kind: 'cn' }, other)).toContain('issued by none');
    expect(await verify({}, { kind: 'cn' }, await DeviceCa.create())).toContain('issued by none');
  });

  it('is nobody once its CA has ended', async () => {
    expect(await verify({ toS: 10 * 86_400 }, { kind: 'cn' }, ca, Date.now() + 2 * 86_400_000)).toContain(
      'was valid until',
    );
  });
});

describe('the files of CAs and of what they have revoked', () => {
  const caFile = write('ca.pem', `\uFEFF${ca.pem}\r\n${other.pem}`);
  const rule = toDeviceNameRule('cn');

  it.each(['pem', 'der'] as const)('are read, lists in %s', async (form) => {
    const [one, two] = [await ca.issue(), await other.issue()];
    const lists = [await ca.revoke(one.serial), await other.revoke(two.serial)];
    const content = form === 'pem' ? lists.map(({ pem }) => pem).join('\n') : (lists[0]?.der ?? '');
    const trust = readDeviceTrust({ caFile, crlFile: write(`list.${form}`, content), rule });
    const certificates = new DeviceCertificates(fixed(trust), { wallMs: () => Date.now() });
    const kinds = [one, two, await ca.issue()].map(({ x509 }) => certificates.verify(x509).kind);
    expect(kinds).toEqual(['refused', form === 'pem' ? 'refused' : 'device', 'device']);
    expect(isSameTrust(trust, readDeviceTrust({ caFile, rule }))).toBe(false);
    expect(isSameTrust(trust, trust)).toBe(true);
  });

  it('say when the first CA is to issue another list, by the newest that each has', async () => {
    const nowMs = Math.floor(Date.now() / 1_000) * 1_000;
    const ends = [
      [ca, nowMs + 1_000_000],
      [ca, nowMs + 9_000_000],
      [other, nowMs + 8_000_000],
    ] as const;
    const lists = await Promise.all(ends.map(([by, endMs]) => by.revokeUntil(endMs)));
    const crlFile = write('due.pem', lists.map(({ pem }) => pem).join('\n'));
    expect(readDeviceTrust({ caFile, crlFile, rule }).nextListMs).toBe(nowMs + 8_000_000);
    expect(readDeviceTrust({ caFile, rule }).nextListMs).toBeUndefined();
  });

  it('reads a list that revokes nothing, and one without a next update', async () => {
    expect(readRevocationList((await ca.revoke()).der)).toMatchObject({ serials: new Set() });
  });

  it.each<[string, () => Promise<[string, string | undefined]>, string]>([
    ['no file of CAs', async () => [join(directory, 'none'), undefined], 'PUSHFLEET_DEVICE_CLIENT_CA_FILE'],
    ['a certificate of no CA', async () => [write('leaf.pem', (await ca.issue()).cert), undefined], 'not one of a CA'],
    ['no list', async () => [caFile, join(directory, 'none')], 'PUSHFLEET_DEVICE_CLIENT_CRL_FILE'],
    ['something else in it', async () => [caFile, write('rubbish', 'what?')], 'no certificate revocation list'],
    [
      'a part of a list',
      async () => [caFile, write('part', (await ca.revoke('1')).der.subarray(0, 60))],
      'no certificate',
    ],
    [
      'a list of an unknown CA',
      async () => [caFile, write('unknown', (await (await DeviceCa.create('third')).revoke()).der)],
      'a CA that',
    ],
    [
      'a list that somebody else has signed',
      async () => [caFile, write('forged', (await (await DeviceCa.create()).revoke('1')).der)],
      'has not signed',
    ],
  ])('are refused in words: %s', async (_, files, words) => {
    const [first, crlFile] = await files();
    expect(() => readDeviceTrust({ caFile: first, crlFile, rule })).toThrow(words);
  });

  it('never crash on bytes that are cut or changed', async () => {
    const { der } = await ca.revoke('1', '2');
    for (let at = 0; at < der.length; at += 1) {
      const changed = Buffer.from(der);
      changed[at] = 0xff;
      for (const bytes of [der.subarray(0, at), changed]) {
        try {
          readRevocationList(bytes);
        } catch (error) {
          expect((error as Error).message).toMatch(/revocation list|critical|algorithm/);
        }
      }
    }
  });
});

import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MadeAuthority, type MadeLeaf } from '../../../../test/certificates/made-authority.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { memberUri } from '../cluster/member.ts';
import { silentLogger } from '../logger.ts';
import { meter } from '../metrics/meter.ts';
import { metrics } from '../metrics/metric-table.ts';
import { processSettings } from '../process-settings.ts';
import { readSettings } from '../settings.ts';
import { CredentialFiles, type CredentialReport } from './credential-files.ts';
import { clusterServerName } from './credentials.ts';
import { readProcessCredentials } from './process-credentials.ts';

const dayMs = 86_400_000;
const root = await MadeAuthority.create('a CA');
const [stranger, nextRoot] = await Promise.all(['a stranger', 'the next CA'].map((name) => MadeAuthority.create(name)));
const names = ['push.example'];
const self = { role: 'balancer', name: 'b-1' } as const;
const top = mkdtempSync(join(tmpdir(), 'pushfleet-live-'));
afterAll(() => rmSync(top, { recursive: true }));

/** A process with credentials in files of its own, the way they lie there being up to the test. */
async function begin({ environment = {}, first = {} }: { environment?: object; first?: object } = {}) {
  const dir = mkdtempSync(join(top, 'state-'));
  const clock = new ManualClock({ wallMs: Date.now() });
  const put = (file: string, text: string | Uint8Array) => writeFileSync(join(dir, file), text);
  const putServer = ({ chain, key }: Pick<MadeLeaf, 'chain' | 'key'>) => {
    put('server.crt', chain);
    put('server.key', key);
  };
  const member = await root.issue({ names: [clusterServerName], uris: [memberUri(self)] });
  put('ca.crt', root.pem);
  put('cluster-ca.crt', root.pem);
  put('cluster.crt', member.chain);
  put('cluster.key', member.key);
  putServer(await root.issue({ names, ...first }));
  const address = { current: 'push.example' };
  const files = new CredentialFiles();
  const settings = readSettings(processSettings, { PUSHFLEET_STATE_DIR: dir, ...environment });
  const wallMs = () => clock.wallMs();
  const live = readProcessCredentials(files, settings, { member: self, wallMs, address: () => address.current });
  const reports: CredentialReport[] = [];
  files.watch({ clock, logger: silentLogger, report: (one) => void reports.push(one) });
  /** Time for a change to be seen, and to be found to stand still. */
  const settle = async () => {
    for (let look = 0; look < 3; look += 1) await files.look();
  };
  const shown = () => String(live.server.current.cert);
  return { dir, clock, put, putServer, files, live, reports, settle, shown, address };
}

describe('a certificate', () => {
  it.each<[string, (dir: string, next: MadeLeaf) => void]>([
    [
      'written over',
      (dir, { chain, key }) => {
        writeFileSync(join(dir, 'server.crt'), chain);
        writeFileSync(join(dir, 'server.key'), key);
      },
    ],
    [
      'renamed over, as careful writers do',
      (dir, { chain, key }) => {
        for (const [file, text] of [
          ['server.crt', chain],
          ['server.key', key],
        ] as const) {
          writeFileSync(join(dir, `${file}.new`), text);
          renameSync(join(dir, `${file}.new`), join(dir, file));
        }
      },
    ],
    [
      'behind a link that is swapped, as Kubernetes mounts secrets',
      (dir, { chain, key }) => {
        mkdirSync(join(dir, '..2026'));
        writeFileSync(join(dir, '..2026/server.crt'), chain);
        writeFileSync(join(dir, '..2026/server.key'), key);
        symlinkSync('..2026', join(dir, '..data_tmp'));
        renameSync(join(dir, '..data_tmp'), join(dir, '..data'));
        for (const file of ['server.crt', 'server.key']) {
          rmSync(join(dir, file));
          symlinkSync(join('..data', file), join(dir, file));
        }
      },
    ],
  ])('that is %s is used, and those who use it are told', async (_, replace) => {
    const { dir, live, reports, settle, shown } = await begin();
    const used: string[] = [];
    live.server.onChange(({ cert }) => void used.push(String(cert)));
    const next = await root.issue({ names });
    replace(dir, next);
    await settle();
    expect(shown()).toBe(next.chain);
    expect(used).toEqual([next.chain]);
    expect(reports).toEqual([{ kind: 'replaced', name: 'server', detail: expect.stringContaining('was replaced') }]);
    expect(meter.get(metrics.certificateExpiry, 'server')).toBeGreaterThan(0);
  });

  it('in a directory that is a link is seen when the link is swapped', async () => {
    const versions = mkdtempSync(join(top, 'versions-'));
    const lay = ({ chain, key }: MadeLeaf, version: string) => {
      mkdirSync(join(versions, version));
      writeFileSync(join(versions, version, 'server.crt'), chain);
      writeFileSync(join(versions, version, 'server.key'), key);
      symlinkSync(version, join(versions, 'next'));
      renameSync(join(versions, 'next'), join(versions, 'now'));
    };
    lay(await root.issue({ names }), 'one');
    const environment = {
      PUSHFLEET_TLS_CERT_FILE: join(versions, 'now/server.crt'),
      PUSHFLEET_TLS_KEY_FILE: join(versions, 'now/server.key'),
    };
    const { settle, shown } = await begin({ environment });
    const next = await root.issue({ names });
    lay(next, 'two');
    await settle();
    expect(shown()).toBe(next.chain);
  });

  it('that is half written is left until it is whole, and nobody is told of a fault meanwhile', async () => {
    const { put, files, reports, settle, shown } = await begin();
    const { chain, key } = await root.issue({ names });
    put('server.crt', chain.slice(0, 200));
    await files.look();
    put('server.crt', chain);
    await files.look();
    put('server.key', key);
    await settle();
    expect(shown()).toBe(chain);
    expect(reports.map(({ kind }) => kind)).toEqual(['replaced']);
  });

  it('is read at once when that is asked for, and nothing is told where it is the same', async () => {
    const { putServer, files, reports, shown } = await begin();
    await files.reload();
    expect(reports).toEqual([]);
    const next = await root.issue({ names });
    putServer(next);
    await files.reload();
    expect(shown()).toBe(next.chain);
  });
});

describe('a new certificate is refused, in words, and the former stays in use', () => {
  it.each<[string, (next: MadeLeaf, other: MadeLeaf) => Pick<MadeLeaf, 'chain' | 'key'>, object, string]>([
    ['without its key', ({ chain }, { key }) => ({ chain, key }), {}, 'a private key that does not belong to the cert'],
    [
      'for another name',
      (next) => next,
      { names: ['other.example'] },
      'is for other.example, and not for push.example',
    ],
    ['that has ended', (next) => next, { endsInDays: -0.5 }, 'its certificate expired on'],
    ['that is not good yet', (next) => next, { beginsInDays: 1 }, 'its certificate is valid from'],
    ['for clients', (next) => next, { use: 'client' }, 'is not for servers'],
    ['cut off', ({ chain, key }) => ({ chain: chain.slice(0, 300), key }), {}, 'is cut off'],
    ['removed', ({ key }) => ({ chain: '', key }), {}, 'is empty'],
  ])('%s', async (_, make, wish, problem) => {
    const { putServer, reports, settle, shown } = await begin();
    const former = shown();
    putServer(make(await root.issue({ names, ...wish }), await root.issue({ names })));
    await settle();
    expect(shown()).toBe(former);
    expect(reports).toEqual([{ kind: 'refused', name: 'server', detail: expect.stringContaining(problem) }]);
    expect(reports[0]?.detail).toContain('the former certificate for devices and Administration Servers stays in use');
    expect(meter.get(metrics.credentialsRefused, 'server')).toBe(1);

    const good = await root.issue({ names });
    putServer(good);
    await settle();
    expect(shown()).toBe(good.chain);
    expect(meter.get(metrics.credentialsRefused, 'server')).toBe(0);
  });

  it('of a CA that devices do not trust, until they do', async () => {
    const { put, putServer, reports, settle, shown } = await begin();
    const next = await (stranger as MadeAuthority).issue({ names });
    putServer(next);
    await settle();
    expect(reports.at(-1)?.detail).toContain('was issued by "CN=a stranger"');
    put('ca.crt', `${root.pem}${stranger?.pem}`);
    await settle();
    await settle();
    expect(shown()).toBe(next.chain);
  });

  it('until its time has come', async () => {
    const { clock, putServer, settle, shown } = await begin();
    const next = await root.issue({ names, beginsInDays: 1 });
    putServer(next);
    await settle();
    clock.stepWall(dayMs + 60_000);
    await settle();
    expect(shown()).toBe(next.chain);
  });

  it('until the address for remote hosts is the one that it names', async () => {
    const { address, putServer, settle, shown } = await begin();
    const next = await root.issue({ names: ['new.example'] });
    putServer(next);
    await settle();
    expect(shown()).not.toBe(next.chain);
    address.current = 'new.example';
    await settle();
    expect(shown()).toBe(next.chain);
  });

  it('but not for what the former had, too: as behind a proxy with a certificate of its own', async () => {
    const { putServer, settle, shown } = await begin({ first: { names: ['inside.example'], endsInDays: 0.001 } });
    const next = await root.issue({ names: ['inside.example'] });
    putServer(next);
    await settle();
    expect(shown()).toBe(next.chain);
  });
});

describe('the list of CAs that devices trust', () => {
  it.each<[string, (dir: string) => Promise<void> | void, string]>([
    ['gone', (dir) => rmSync(join(dir, 'ca.crt')), 'is gone'],
    ['of another CA', (dir) => writeFileSync(join(dir, 'ca.crt'), String(stranger?.pem)), 'has no CA to which'],
    [
      'a certificate that is none of a CA',
      async (dir) => writeFileSync(join(dir, 'ca.crt'), (await root.issue({ names })).cert),
      'is not one of a CA',
    ],
  ])('is refused where it is %s, and the former stays in use', async (_, change, problem) => {
    const { dir, put, live, reports, settle } = await begin();
    const former = live.authorities.current;
    await change(dir);
    await settle();
    expect(live.authorities.current).toBe(former);
    expect(reports).toEqual([{ kind: 'refused', name: 'ca', detail: expect.stringContaining(problem) }]);
    put('ca.crt', root.pem);
    await settle();
    expect(reports).toHaveLength(1);
    expect(meter.get(metrics.credentialsRefused, 'ca')).toBe(0);
  });

  it.each([
    ['with the certificate', false],
    ['before the certificate', true],
  ])('follows its file to another CA that comes %s', async (_, comesFirst) => {
    const { put, putServer, live, settle, shown } = await begin();
    const next = nextRoot as MadeAuthority;
    put('ca.crt', next.pem);
    if (comesFirst) await settle();
    const leaf = await next.issue({ names });
    putServer(leaf);
    await settle();
    await settle();
    expect(live.authorities.current?.map(({ subject }) => subject)).toEqual(['CN=the next CA']);
    expect(shown()).toBe(leaf.chain);
  });

  it('is not known any more with a certificate of an issuer that nobody knows', async () => {
    const own = join(mkdtempSync(join(top, 'own-')), 'own');
    const lay = ({ chain, key }: MadeLeaf) => {
      writeFileSync(`${own}.crt`, chain);
      writeFileSync(`${own}.key`, key);
    };
    lay(await root.issue({ names }));
    const environment = { PUSHFLEET_TLS_CERT_FILE: `${own}.crt`, PUSHFLEET_TLS_KEY_FILE: `${own}.key` };
    const { live, settle, shown } = await begin({ environment });
    const next = await (stranger as MadeAuthority).issue({ names });
    lay(next);
    await settle();
    expect(live.authorities.current).toBeUndefined();
    expect(shown()).toBe(next.chain);
  });
});

describe('the certificate for the cluster', () => {
  const lay = (put: (file: string, text: string) => void, ca: string, { chain, key }: MadeLeaf) => {
    put('cluster-ca.crt', ca);
    put('cluster.crt', chain);
    put('cluster.key', key);
  };

  it('follows its files to another CA', async () => {
    const { put, live, settle } = await begin();
    const next = nextRoot as MadeAuthority;
    const member = await next.issue({ names: [clusterServerName], uris: [memberUri(self)], use: 'member' });
    lay(put, `${root.pem}${next.pem}`, member);
    await settle();
    expect(String(live.cluster.current.cert)).toBe(member.chain);
    expect(String(live.cluster.current.ca)).toBe(`${root.pem}${next.pem}`);
  });

  it.each([
    ['of another name', { names: ['push.example'], use: 'member' as const }, `and not for ${clusterServerName}`],
    ['that is for servers only', { names: [clusterServerName] }, 'is not for clients'],
    ['that has ended', { names: [clusterServerName], use: 'member' as const, endsInDays: -0.5 }, 'expired on'],
  ])('is refused %s', async (_, wish, problem) => {
    const { put, live, reports, settle } = await begin();
    const former = String(live.cluster.current.cert);
    lay(put, root.pem, await root.issue({ uris: [memberUri(self)], ...wish }));
    await settle();
    expect(String(live.cluster.current.cert)).toBe(former);
    expect(reports).toContainEqual({ kind: 'refused', name: 'cluster', detail: expect.stringContaining(problem) });
  });
});

it('tells of a certificate that ends, from 30 days before on, and of its end', async () => {
  const { clock, reports, settle } = await begin({ first: { endsInDays: 35 } });
  const ending = () => reports.filter(({ kind, name }) => kind === 'ending' && name === 'server').length;
  const counts: number[] = [];
  for (const days of [0, 4, 6, 15, 8, 0, 3]) {
    clock.stepWall(days * dayMs);
    await settle();
    counts.push(ending());
  }
  expect(counts).toEqual([0, 0, 1, 2, 3, 3, 4]);
  expect(reports.at(-1)?.detail).toMatch(/^certificate for .* ended on \d{4}-/);
});

it('tells of a list of revoked certificates that is late, while it stays away, and of none that came in time', async () => {
  const clock = new ManualClock({ wallMs: Date.now() });
  const file = join(mkdtempSync(join(top, 'list-')), 'list');
  const dueIn = (days: number) => writeFileSync(file, String(clock.wallMs() + days * dayMs));
  dueIn(7);
  const files = new CredentialFiles();
  // Newer lists revoke what the former did: nobody has to use another one for that.
  const isSame = () => true;
  const load = () => Number(readFileSync(file, 'utf8'));
  files.add<number>({ name: 'device-cas', files: [file], load, isSame, nextListMs: (dueMs) => dueMs });
  const reports: CredentialReport[] = [];
  files.watch({ clock, logger: silentLogger, report: (one) => void reports.push(one) });
  const passDays = async (days: number) => {
    clock.stepWall(days * dayMs);
    await files.look();
    return reports.length;
  };
  expect(await passDays(6)).toBe(0);
  dueIn(7);
  await files.reload();
  expect(meter.get(metrics.revocationListDue, '')).toBeCloseTo((clock.wallMs() + 7 * dayMs) / 1_000);
  const counts: number[] = [];
  for (const days of [6, 1.5, 1, 1, 6, 1]) counts.push(await passDays(days));
  expect(counts).toEqual([0, 1, 2, 2, 3, 3]);
  expect(reports.at(-1)).toMatchObject({ kind: 'ending', name: 'device-cas' });
  expect(reports.at(-1)?.detail).toMatch(/^the next list of revoked client certificates of devices was due on \d{4}-/);
});

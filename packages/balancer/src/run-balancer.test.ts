import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findFreePorts } from '../../../test/cluster/free-ports.ts';
import { createCertificates } from './certificates.fixture.ts';
import { runBalancer } from './run-balancer.ts';

const dir = mkdtempSync(join(tmpdir(), 'pushfleet-run-'));
const environment = {
  PUSHFLEET_STATE_DIR: dir,
  PUSHFLEET_LOG_LEVEL: 'silent',
  PUSHFLEET_BIND: '127.0.0.1',
  PUSHFLEET_ASSIGN_PORT: '0',
  PUSHFLEET_ADMIN_PORT: '0',
  PUSHFLEET_REST_PORT: '0',
};

beforeAll(async () => {
  const { tls, cluster } = await createCertificates();
  const files = {
    'server.crt': tls.cert,
    'server.key': tls.key,
    'cluster-ca.crt': cluster.ca,
    'cluster.crt': cluster.cert,
    'cluster.key': cluster.key,
    'admin-token': 'a-token-of-the-administration-server\n',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('serves until it is told to stop', async () => {
  const stop = new AbortController();
  const [port = 0] = await findFreePorts(1);
  const run = runBalancer({ ...environment, PUSHFLEET_REST_PORT: String(port) }, stop.signal);
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200), 5_000);
  stop.abort();
  await run;
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});

it.each<[string, Record<string, string>, expected: [assign: string, admin: string, rest: string]]>([
  ['devices alone are heard everywhere', { PUSHFLEET_BIND: '0.0.0.0' }, ['both', 'loopback', 'loopback']],
  [
    'each port is heard where it is told',
    { PUSHFLEET_ASSIGN_BIND: '127.0.0.2', PUSHFLEET_ADMIN_BIND: '0.0.0.0', PUSHFLEET_REST_BIND: '127.0.0.2' },
    ['other', 'both', 'other'],
  ],
])('%s', async (_, binds, expected) => {
  const stop = new AbortController();
  const ports = (await findFreePorts(3)) as [number, number, number];
  const [assign, admin, rest] = ports.map(String) as [string, string, string];
  const set = { PUSHFLEET_ASSIGN_PORT: assign, PUSHFLEET_ADMIN_PORT: admin, PUSHFLEET_REST_PORT: rest };
  const run = runBalancer({ ...environment, ...set, ...binds }, stop.signal);
  const heard = () => Promise.all(ports.map(whereHeard));
  await vi.waitFor(async () => expect(await heard()).toEqual(expected), 20_000);
  stop.abort();
  await run;
});

/** At which addresses somebody listens on the port: 127.0.0.1, 127.0.0.2, which stands for any other, or both. */
async function whereHeard(port: number): Promise<string> {
  const [loopback, other] = await Promise.all(['127.0.0.1', '127.0.0.2'].map((host) => isHeard(host, port)));
  return loopback ? (other ? 'both' : 'loopback') : other ? 'other' : 'nowhere';
}

function isHeard(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

it('says all that is set wrong', async () => {
  const wrong = { ...environment, PUSHFLEET_ADMIN_PORT: 'x', PUSHFLEET_TICKET_LIFETIME_MS: '1' };
  await expect(runBalancer(wrong, AbortSignal.abort())).rejects.toThrow(
    /PUSHFLEET_ADMIN_PORT: must be a port.*\nPUSHFLEET_TICKET_LIFETIME_MS: must be/,
  );
});

it('says which file it misses', async () => {
  const wrong = { ...environment, PUSHFLEET_ADMIN_TOKEN_FILE: join(dir, 'none') };
  await expect(runBalancer(wrong, AbortSignal.abort())).rejects.toThrow('PUSHFLEET_ADMIN_TOKEN_FILE: cannot read');
});

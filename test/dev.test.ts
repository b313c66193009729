import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterProcess } from './cluster/cluster-process.ts';
import { eventually } from './cluster/eventually.ts';
import { findAdjacentPorts, findFreePorts } from './cluster/free-ports.ts';
import { isGone } from './cluster/processes.ts';
import { linksOn } from './cluster/spread.ts';
import { binary, runTool } from './cluster/tools.ts';
import { startTestRedis } from './redis/redis-server.ts';

/** The status of a sign-in with the code of a link, as the console's page sends it. */
async function signIn({ origin, searchParams }: URL): Promise<number> {
  const body = JSON.stringify({ code: searchParams.get('code') });
  const headers = { 'content-type': 'application/json', origin };
  return (await fetch(`${origin}/v1/session`, { method: 'POST', headers, body })).status;
}

/** A node as `pushfleet nodes --json` prints it. */
interface ListedNode {
  nodeId: string;
  live: number;
  workers: { pid: number }[];
}

describe('pushfleet dev', () => {
  let stateDir: string;
  let environment: Record<string, string>;

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-dev-'));
    const [assign, admin, rest] = await findFreePorts(3);
    environment = {
      PUSHFLEET_STATE_DIR: stateDir,
      PUSHFLEET_ASSIGN_PORT: `${assign}`,
      PUSHFLEET_ADMIN_PORT: `${admin}`,
      PUSHFLEET_REST_PORT: `${rest}`,
      PUSHFLEET_DEV_DEVICE_PORT: `${await findAdjacentPorts(3)}`,
      PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${admin}`,
    };
  });

  afterEach(() => rm(stateDir, { recursive: true, force: true }));

  /** Another command, as from a second terminal. */
  async function pushfleet(...args: string[]): Promise<unknown> {
    const ran = await runTool(process.execPath, [binary, ...args, '--json'], environment);
    expect(ran, args.join(' ')).toMatchObject({ status: 0, errors: '' });
    return JSON.parse(ran.output);
  }

  async function ready(more: Record<string, string> = {}): Promise<ClusterProcess> {
    const dev = new ClusterProcess('dev', ['dev'], { ...environment, ...more });
    await dev.said('30 SUCCEEDED', 60_000);
    return dev;
  }

  it('comes up, forces a sync of 30 devices, answers a second terminal, and ends cleanly; twice in a row', async () => {
    for (const _ of ['first', 'second']) {
      const dev = await ready();
      expect(dev.output).toContain('ready');
      for (const setting of ['PUSHFLEET_ASSIGN_PORT', 'PUSHFLEET_ADMIN_PORT', 'PUSHFLEET_REST_PORT']) {
        expect(dev.output).toContain(`127.0.0.1:${environment[setting]}`);
      }
      expect(dev.output).toContain('admin-token');
      const link = new URL(/http:\S+\/console\/sign-in\?code=[\w-]+/.exec(dev.output)?.[0] ?? '');
      expect((await fetch(link)).headers.get('content-type')).toMatch(/^text\/html/);
      expect(await signIn(link)).toBe(201);
      expect(await signIn(link)).toBe(401);
      const { url } = (await pushfleet('console')) as { url: string };
      expect(new URL(url).origin).toBe(link.origin);
      expect(await signIn(new URL(url))).toBe(201);

      const nodes = await eventually('every link is counted', async () => {
        const listed = (await pushfleet('nodes')) as ListedNode[];
        return linksOn(listed) === 30 && listed;
      });
      expect(nodes).toMatchObject(
        ['dp-1', 'dp-2', 'dp-3'].map((nodeId) => ({ nodeId, status: 'ready', address: '127.0.0.1' })),
      );
      expect(await pushfleet('push', 'sync', '--group', 'Demo')).toMatchObject({
        outcomes: { SUCCEEDED: 30 },
        devices: expect.arrayContaining([{ id: 'demo-01', outcome: 'SUCCEEDED', reason: '' }]),
      });
      expect(await pushfleet('devices', '--group', 'Demo')).toHaveLength(30);

      const pids = nodes.flatMap(({ workers }) => workers.map(({ pid }) => pid));
      await dev.stop('SIGINT');
      await eventually('no process is left', () => pids.every(isGone), 5_000);
    }
  });

  it('runs on Redis when it is told to', async () => {
    await using redis = await startTestRedis();
    const dev = await ready({ PUSHFLEET_REDIS_URL: redis.url, PUSHFLEET_REDIS_KEY_PREFIX: redis.keyPrefix });
    expect(dev.output).toContain(`Redis, ${new URL(redis.url).host}`);
    expect(await readdir(stateDir)).not.toContain('registry.sqlite');
    await dev.stop('SIGINT');
  });

  it('gives the secrets of its devices to those who want to play one', async () => {
    const dev = await ready();
    const secret = await readFile(join(stateDir, 'devices/workbench-01.secret'), 'utf8');
    const url = `https://127.0.0.1:${environment.PUSHFLEET_ASSIGN_PORT}/v1/assignment`;
    const body = JSON.stringify({ deviceId: 'workbench-01', secret: secret.trim() });
    const asked = await runTool('curl', ['-sS', '--fail', '--cacert', join(stateDir, 'ca.crt'), url, '--json', body]);
    expect(JSON.parse(asked.output)).toMatchObject({ primary: { address: '127.0.0.1' }, ticket: expect.any(String) });
    await dev.stop('SIGTERM');
  });

  it.each(['PUSHFLEET_ASSIGN_PORT', 'PUSHFLEET_ADMIN_PORT', 'PUSHFLEET_REST_PORT', 'PUSHFLEET_DEV_DEVICE_PORT'])(
    'says which port is taken, and that %s changes it',
    async (setting) => {
      const port = environment[setting] as string;
      const squatter = net.createServer().listen(Number(port), '127.0.0.1');
      await once(squatter, 'listening');
      const ran = await runTool(process.execPath, [binary, 'dev'], environment);
      squatter.close();
      expect(ran.status).toBe(1);
      expect(ran.errors).toContain(port);
      expect(ran.errors).toContain(setting);
    },
  );
});

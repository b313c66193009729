import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterProcess } from './cluster/cluster-process.ts';
import { findAdjacentPorts, findFreePorts } from './cluster/free-ports.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { binary, runTool } from './cluster/tools.ts';

/** Takes connections and never answers: whoever goes through it hangs. */
let proxy: net.Server;
let asked: string[];
let environment: Record<string, string>;

beforeEach(async () => {
  asked = [];
  proxy = net.createServer((socket) => {
    socket.on('data', (bytes) => asked.push(bytes.toString().split('\r\n', 1).join()));
    socket.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://user:hunter2@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const names = ['grpc_proxy', 'http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  environment = {
    ...Object.fromEntries(names.map((name) => [name, url])),
    // Node.js itself takes them for fetch and the like.
    NODE_USE_ENV_PROXY: '1',
  };
});

afterEach(() => void proxy.close());

describe('where the environment names a proxy', () => {
  it('a cluster and its commands on this machine do without it', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-proxy-'));
    const [assign, admin, rest] = await findFreePorts(3);
    const ours = {
      ...environment,
      PUSHFLEET_STATE_DIR: stateDir,
      PUSHFLEET_ASSIGN_PORT: `${assign}`,
      PUSHFLEET_ADMIN_PORT: `${admin}`,
      PUSHFLEET_REST_PORT: `${rest}`,
      PUSHFLEET_DEV_DEVICE_PORT: `${await findAdjacentPorts(3)}`,
      PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${admin}`,
    };
    const dev = new ClusterProcess('dev', ['dev'], ours);
    await dev.said('30 SUCCEEDED', 60_000);
    const ran = await runTool(process.execPath, [binary, 'push', 'sync', 'demo-01'], ours);
    expect(ran).toMatchObject({ status: 0, errors: '' });
    await dev.stop('SIGINT');
    await rm(stateDir, { recursive: true, force: true });
    expect(asked).toEqual([]);
  });

  it('processes of a cluster reach one another without it, on whatever addresses', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, environment });
    await cluster.devices.register('twin');
    const twins = (['grpc', 'mqtt'] as const).map((link) => cluster.devices.create('twin', { link }));
    for (const { device } of twins) {
      device.start();
      await device.connected(AbortSignal.timeout(40_000));
    }
    // The worker of the second link has told that of the first one.
    await expect.poll(() => twins[0]?.device.currentStatus.kind, { timeout: 20_000 }).toBe('stopped');
    expect(asked).toEqual([]);
  });

  it('a command that it lets wait gives up, and names it without its password', async () => {
    await using cluster = await TestCluster.create();
    const more = {
      ...environment,
      PUSHFLEET_STATE_DIR: cluster.stateDir,
      PUSHFLEET_ADMIN_ADDRESS: 'push.invalid:13299',
    };
    const ran = await runTool(process.execPath, [binary, 'nodes'], more);
    expect(ran.status).toBe(1);
    expect(ran.errors).toContain('cannot reach the balancer at push.invalid:13299 through the proxy 127.0.0.1:');
    expect(ran.errors).toContain('(grpc_proxy; NO_PROXY names what needs none): nothing answered within 10 s');
    expect(ran.errors).not.toContain('hunter2');
    expect(asked).toEqual(['CONNECT push.invalid:13299 HTTP/1.1']);
    const direct = await runTool(process.execPath, [binary, 'nodes'], { ...more, NO_PROXY: '.invalid' });
    expect(direct.errors).toContain('cannot reach the balancer at push.invalid:13299: ');
  });
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { PushLoad } from './cluster/push-load.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { binary, runTool } from './cluster/tools.ts';
import { startTestRedis } from './redis/redis-server.ts';

async function pushfleet(environment: Record<string, string>, ...args: string[]): Promise<string> {
  const { status, output, errors } = await runTool(process.execPath, [binary, ...args], environment);
  expect([status, errors]).toEqual([0, '']);
  return output;
}

it('a cluster under pushes is backed up, and goes on in Redis with its devices, tokens, settings and waiting commands', async () => {
  await using small = await TestCluster.create({ pushServers: 2 });
  const connected = await small.devices.connect(12);
  const load = new PushLoad(small.admin, connected);
  await small.devices.register('absent');
  const ids: string[] = [];
  for (const priority of ['PRIORITY_NORMAL', 'PRIORITY_HIGH'] as const) {
    const operation = { runTask: { taskId: priority } };
    const more = { deviceId: 'absent', ttlMs: 3_600_000, wait: 'WAIT_ACCEPTED', priority } as const;
    ids.unshift((await small.admin.commands.push({ operation, ...more })).commandId);
  }
  const { secret: token } = await small.admin.tokens.create({ name: 'night shift', role: 'viewer' });
  await eventually('pushes flow', () => load.succeededSince(0).size === connected.length);
  const file = join(small.stateDir, 'fleet.backup');
  const written = await pushfleet({ PUSHFLEET_STATE_DIR: small.stateDir }, 'backup', file);
  expect(written).toMatch(
    /1 group, 2 distribution points, 0 drains, 13 devices, 1 API token, 0 enrollment tokens, \d+ commands/,
  );
  const from = load.records.length;
  await eventually('pushes went on', () => load.succeededSince(from).size === connected.length);
  await load.stop();
  expect(load.lies()).toEqual([]);

  await using redis = await startTestRedis();
  const environment = { PUSHFLEET_REDIS_URL: redis.url, PUSHFLEET_REDIS_KEY_PREFIX: redis.keyPrefix };
  const restore = async (stateDir: string) => {
    await pushfleet({ ...environment, PUSHFLEET_STATE_DIR: stateDir }, 'restore', file);
  };
  await using large = await TestCluster.create({ pushServers: 2, environment, prepare: restore });
  // They have their secrets, and nothing else of the new cluster.
  const again = ['absent', ...connected.map(({ id }) => id)].map((id) => large.devices.create(id));
  for (const { device } of again) device.start();
  const [absent] = again;
  await eventually('the commands that waited arrive', () => absent?.seen.length === ids.length);
  expect(absent?.seen.map(({ id }) => id)).toEqual(ids);
  await eventually('all are connected', () => again.every(({ device }) => device.currentStatus.kind === 'connected'));
  using night = large.adminOf(0, token);
  expect(await Array.fromAsync(night.devices.list({ group: 'Test' }))).toHaveLength(13);
  await expect(night.groups.put('Another')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

it('makes no registry where there is nothing to restore', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-restore-'));
  onTestFinished(() => rm(stateDir, { recursive: true }));
  const restore = (file: string) =>
    runTool(process.execPath, [binary, 'restore', file], { PUSHFLEET_STATE_DIR: stateDir });
  const missing = join(stateDir, 'missing.backup');
  expect(await restore(missing)).toMatchObject({ status: 1, errors: `pushfleet: cannot read ${missing} (ENOENT)\n` });
  const directory = { status: 1, errors: `pushfleet: ${stateDir} is a directory, and no backup\n` };
  expect(await restore(stateDir)).toMatchObject(directory);
  expect(await readdir(stateDir)).toEqual([]);
});

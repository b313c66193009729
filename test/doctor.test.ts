import { once } from 'node:events';
import { chmod, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { redisUserLine } from '@pushfleet/registry';
import { enrollPushServer } from 'pushfleet';
import { expect, it } from 'vitest';
import { TestCluster } from './cluster/test-cluster.ts';
import { binary, runTool } from './cluster/tools.ts';
import { askRedis } from './redis/redis-command.ts';

interface Finding {
  check: string;
  level: string;
  detail: string;
  change?: string;
}

it('doctor looks at a cluster that runs, and at what is wrong beside it', async () => {
  await using cluster = await TestCluster.create({ registry: 'redis' });
  await cluster.devices.register('pc-1');
  const ports = cluster.balancerPorts[0];
  const environment = {
    PUSHFLEET_STATE_DIR: cluster.stateDir,
    PUSHFLEET_BIND: '127.0.0.1',
    PUSHFLEET_REDIS_URL: cluster.redis.url,
    PUSHFLEET_REDIS_KEY_PREFIX: cluster.redis.keyPrefix,
    PUSHFLEET_ASSIGN_PORT: String(ports?.assign),
    PUSHFLEET_ADMIN_PORT: String(ports?.admin),
    PUSHFLEET_REST_PORT: String(ports?.rest),
    PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${ports?.admin}`,
    PUSHFLEET_DISTRIBUTION_POINT: 'dp-0',
  };
  const examine = async (change: Record<string, string> = {}, runs = ['balancer', 'push-server']) => {
    const args = [binary, 'doctor', '--json', '--runs', ...runs];
    const { status, output, errors } = await runTool(process.execPath, args, { ...environment, ...change });
    expect(errors).toBe('');
    const { findings } = JSON.parse(output) as { findings: Finding[] };
    return { status, findings, problems: findings.filter(({ level }) => level === 'problem') };
  };

  const sound = await examine();
  expect(sound.problems).toEqual([]);
  expect(sound.status).toBe(0);
  const detailOf = (check: string) => sound.findings.find((finding) => finding.check === check)?.detail;
  expect(detailOf(`port ${ports?.admin}`)).toMatch(/^pushfleet has it \(pid \d+\), for the admin API/);
  expect(detailOf(`port ${cluster.devicePorts[0]}`)).toMatch(/^pushfleet has it .* for device links/);
  expect(detailOf('registry')).toMatch(/^Redis at 127\.0\.0\.1:\d+ answers and takes writes/);
  expect(detailOf('registry clock')).toMatch(/^that of Redis is [+-]\d+ms/);
  expect(detailOf('distribution point')).toMatch(/^dp-0 at /);
  expect(detailOf('admin API')).toMatch(/role admin$/);
  expect(detailOf('versions')).toMatch(/^balancer \S+, dp-0: \S+, as this program is/);
  expect(detailOf('clocks of push servers')).toBe('1 within a minute of this one');
  for (const whose of ['certificate', 'certificate of dp-0'])
    for (const whom of ['devices', 'the cluster'])
      expect(detailOf(`${whose} for ${whom}`)).toMatch(/^good for \d+ days, for .*; its key fits$/);
  expect(detailOf('bundle')).toMatch(/^\/.*\/push-servers\/dp-0: /);
  expect(sound.findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['Node.js', 'settings', 'clock', 'CA', 'net.core.somaxconn', 'open files']),
  );

  // A push server that is alone on its machine has a user of its own in Redis, with few rights.
  const user = { role: 'push-server', distributionPoint: 'dp-0' } as const;
  const [, name = '', ...rights] = redisUserLine(cluster.redis.keyPrefix, user, 'a password').split(' ');
  await askRedis(cluster.redis.url, ['ACL', 'SETUSER', name, 'reset', ...rights]);
  const own = cluster.redis.url.replace('://', `://${name}:a%20password@`);
  const alone = await examine({ PUSHFLEET_REDIS_URL: own }, ['push-server']);
  expect(alone.problems).toEqual([]);
  expect(alone.findings.find(({ check }) => check === 'registry')).toMatchObject({ level: 'ok' });

  const stranger = createServer().listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  await chmod(join(cluster.stateDir, 'admin-token'), 0o644);
  const key = join(cluster.stateDir, 'other.key');
  await writeFile(key, await readFile(join(cluster.stateDir, 'cluster.key')), { mode: 0o600 });
  const broken = await examine({
    PUSHFLEET_REST_PORT: String(port),
    PUSHFLEET_TLS_KEY_FILE: key,
    PUSHFLEET_DISTRIBUTION_POINT: 'dp-9',
    PUSHFLEET_METRICS_PORT: String(port),
  });
  stranger.close();
  expect(broken.status).toBe(1);
  expect(broken.problems.map(({ check }) => check)).toEqual([
    'settings',
    'state directory',
    `port ${port}`,
    `port ${port}`,
    'distribution point',
    'certificate for devices',
    // It has no bundle.
    'certificate of dp-9 for devices',
    'certificate of dp-9 for the cluster',
  ]);
  expect(broken.problems.every(({ change }) => change !== undefined)).toBe(true);
  expect(broken.problems.find(({ check }) => check.startsWith('port'))?.detail).toContain(`pid ${process.pid}`);

  // What belongs to another push server, in the bundle of this one.
  const enroll = (point: string) => enrollPushServer({ stateDir: cluster.stateDir, distributionPoint: point });
  await enroll('dp-1');
  const bundle = cluster.bundleDir(0);
  for (const file of ['server.crt', 'server.key', 'cluster.crt', 'cluster.key'])
    await copyFile(join(cluster.bundleDir(1), file), join(bundle, file));
  await chmod(join(bundle, 'cluster.key'), 0o640);
  const mixed = await examine();
  expect(mixed.problems.map(({ check, detail }) => `${check}: ${detail}`)).toEqual([
    expect.stringMatching(/^state directory: others .*admin-token$/),
    expect.stringMatching(/^bundle: others than the owner may read .*dp-0\/cluster\.key$/),
    expect.stringMatching(/^certificate of dp-0 for devices: it is the certificate of .*push-server\/dp-1$/),
    expect.stringMatching(/^certificate of dp-0 for the cluster: .* is the certificate of push server dp-1, and not/),
  ]);
  await enroll('dp-0');
  await rm(join(bundle, 'cluster.key'));
  const bare = await examine();
  expect(bare.problems.find(({ check }) => check === 'certificate of dp-0 for the cluster')).toMatchObject({
    detail: expect.stringMatching(/cannot read .*cluster\.key; .*`pushfleet enroll` does$/),
    change: expect.stringMatching(/^pushfleet enroll dp-0 \(/),
  });

  const away = await examine({ PUSHFLEET_REDIS_URL: 'redis://127.0.0.1:1', PUSHFLEET_ADMIN_ADDRESS: '127.0.0.1:1' });
  expect(away.status).toBe(1);
  expect(away.problems.map(({ check }) => check)).toContain('registry');

  const ids = (...args: string[]) => cluster.run('known-ids', ...args).then(({ output }) => output.trim());
  expect(await ids('devices', 'pc')).toBe('pc-1');
  expect(await ids('nodes')).toBe('dp-0');
});

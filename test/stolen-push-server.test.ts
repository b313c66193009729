import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistry } from '@pushfleet/registry';
import { Redis } from 'ioredis';
import { enrollPushServer } from 'pushfleet';
import { expect, it, onTestFinished } from 'vitest';
import { askTicket } from './cluster/ask-assignment.ts';
import { peerPort } from './cluster/control-port.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { isGone } from './cluster/processes.ts';
import { StolenPushServer, showTicket } from './cluster/stolen-push-server.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { type TestDevice, testSecret } from './cluster/test-devices.ts';
import { binary, runTool } from './cluster/tools.ts';

const forceSync = { forceSync: {} };

/** A cluster whose push servers have users of their own in Redis. */
class EnrolledCluster {
  readonly cluster: TestCluster;
  readonly #admin: Redis;

  constructor(cluster: TestCluster) {
    this.cluster = cluster;
    this.#admin = new Redis(cluster.redis.url, { protocol: 2 });
  }

  /** The address of Redis with a user, without the password. */
  urlOf(user: string): string {
    const url = new URL(this.cluster.redis.url);
    url.username = `${this.cluster.redis.keyPrefix}-${user}`;
    return url.toString();
  }

  /** Enrols a push server, and gives Redis the users that are listed by then. */
  async enroll(index: number): Promise<{ bundle: string; environment: Record<string, string> }> {
    const { stateDir, redis } = this.cluster;
    const distributionPoint = `dp-${index}`;
    const { path: bundle } = await enrollPushServer({ stateDir, distributionPoint, redisKeyPrefix: redis.keyPrefix });
    await this.#loadUsers();
    const environment = {
      PUSHFLEET_REDIS_URL: this.urlOf(`push-server-${distributionPoint}`),
      PUSHFLEET_REDIS_PASSWORD_FILE: join(bundle, 'redis-password'),
    };
    return { bundle, environment };
  }

  /** Attempts that Redis refused, as `command or key by user`. */
  async refusedByRedis(): Promise<string[]> {
    const entries = (await this.#admin.call('ACL', 'LOG')) as unknown[][];
    return entries.map((entry) => `${entry[entry.indexOf('object') + 1]} by ${entry[entry.indexOf('username') + 1]}`);
  }

  /** Both push servers are ready; else says what they say, and what Redis has refused. */
  async bothReady(): Promise<void> {
    const { cluster } = this;
    try {
      await eventually(
        'both push servers are ready',
        async () => (await cluster.nodes()).filter(({ status }) => status === 'NODE_STATUS_READY').length === 2,
      );
    } catch (cause) {
      const outputs = cluster.pushServers.map(({ output }) => output.slice(-2_000));
      throw new Error(`${cause}\n${outputs.join('\n')}\n${(await this.refusedByRedis()).join('\n')}`, { cause });
    }
  }

  async revoke(distributionPoint: string) {
    const { stateDir, redis } = this.cluster;
    const { output, errors } = await runTool(process.execPath, [binary, 'revoke', distributionPoint, '--json'], {
      PUSHFLEET_STATE_DIR: stateDir,
      PUSHFLEET_REDIS_URL: this.urlOf('balancer'),
      PUSHFLEET_REDIS_PASSWORD_FILE: join(stateDir, 'redis-password'),
      PUSHFLEET_REDIS_KEY_PREFIX: redis.keyPrefix,
    });
    expect(errors).toBe('');
    return JSON.parse(output);
  }

  async #loadUsers(): Promise<void> {
    const prefix = this.cluster.redis.keyPrefix;
    const { output } = await runTool(process.execPath, [binary, 'init', '--redis-acl'], {
      PUSHFLEET_STATE_DIR: this.cluster.stateDir,
      PUSHFLEET_REDIS_KEY_PREFIX: prefix,
    });
    for (const line of output.split('\n').filter((one) => one.startsWith(`user ${prefix}-`))) {
      const [, name = '', ...rules] = line.split(' ');
      await this.#admin.call('ACL', 'SETUSER', name, 'reset', ...rules);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#admin.disconnect();
    await this.cluster[Symbol.asyncDispose]();
  }
}

async function allReachable({ admin }: TestCluster, devices: readonly TestDevice[]): Promise<void> {
  for (const { id } of devices) {
    await eventually(`${id} is reachable`, async () => {
      const { status } = await admin.commands.push({ deviceId: id, operation: forceSync });
      return status?.outcome === 'OUTCOME_SUCCEEDED';
    });
  }
}

async function workerOf(cluster: TestCluster, nodeId: string): Promise<string> {
  const { url: redisUrl, keyPrefix: redisKeyPrefix } = cluster.redis;
  const values = { stateDir: cluster.stateDir, redisUrl, redisKeyPrefix, suspectAfterMs: 5_000, deadAfterMs: 15_000 };
  await using registry = await openRegistry(values as Parameters<typeof openRegistry>[0]);
  const node = (await registry.nodes.list()).find((one) => one.nodeId === nodeId);
  return node?.workers[0]?.controlAddress ?? '';
}

it('a stolen push server is nobody else, until it is revoked with links on it, and is enrolled anew', {
  timeout: 240_000,
}, async () => {
  await using at = new EnrolledCluster(await TestCluster.create({ pushServers: 0, registry: 'redis', ownRedis: true }));
  const { cluster } = at;
  const first = await at.enroll(0);
  await cluster.addPushServer({ environment: first.environment });
  await cluster.addPushServer({ environment: (await at.enroll(1)).environment });
  await at.bothReady();
  await using log = await EventLog.start(cluster.admin);
  const devices = await cluster.devices.connect(8);
  await allReachable(cluster, devices);
  expect(await at.refusedByRedis()).toEqual([]);
  const stolen = new StolenPushServer(first.bundle);
  const refusals = () => log.of('EVENT_KIND_MEMBER_REFUSED').map(({ reason }) => reason);
  const refused = (words: string) =>
    eventually(`there is an event: ${words}`, () => refusals().some((reason) => reason.includes(words)));

  // It orders nobody about, and evicts nobody who has no newer session with it.
  const worker = await workerOf(cluster, 'dp-1');
  expect(await stolen.order(worker, 'dp-1')).toContain('which is for a balancer');
  await refused('push server dp-0 called NodeControlService/Channel');
  const victim = await eventually('a device is at dp-1', async () => {
    for (const { id } of devices) {
      const { session } = await cluster.admin.devices.get(id);
      if (session?.nodeId === 'dp-1') return { id, epoch: Number(session.epoch) };
    }
    return undefined;
  });
  expect(await stolen.evict(worker, 'dp-1', victim.id, victim.epoch)).toBe(0);
  await refused(`push server dp-0 asked to evict device ${victim.id}`);
  expect(Number((await cluster.admin.devices.get(victim.id)).session?.epoch)).toBe(victim.epoch);
  expect(await stolen.askBalancer(peerPort(cluster))).toContain('which is for a balancer');
  await refused('push server dp-0 called PeerService/GetStatus');

  // Devices tell it from a balancer before they say anything.
  await using played = await stolen.playBalancer();
  const { device } = cluster.devices.create(victim.id, { balancers: [played.url], link: 'mqtt' });
  device.start();
  await eventually('the device sees who it is', () => {
    const status = device.currentStatus;
    return status.kind === 'waiting' && String(status.cause?.detail).includes('that of a push server');
  });
  await device.stop();
  expect(played.heard).toEqual([]);

  // It issues no tickets: it cannot publish a key, and one that somebody else has let in is not believed.
  const { key, ticket } = await stolen.forge(victim.id, 'dp-1');
  const { url: redisUrl, keyPrefix: redisKeyPrefix } = cluster.redis;
  const values = { stateDir: cluster.stateDir, suspectAfterMs: 5_000, deadAfterMs: 15_000, redisKeyPrefix };
  const asThief = {
    ...values,
    redisUrl: first.environment.PUSHFLEET_REDIS_URL,
    redisPasswordFile: join(first.bundle, 'redis-password'),
  };
  {
    await using own = await openRegistry(asThief as Parameters<typeof openRegistry>[0], undefined, { migrates: false });
    const attempts = [
      own.ticketKeys.publish(key, 600_000),
      own.fleet.getDevice(victim.id as never),
      own.fleet.deleteDistributionPoint('dp-1' as never),
      own.apiTokens.list(),
      own.revocations.add([{ serial: '0A', member: 'x', revokedAtMs: 1, expiresAtMs: 9e15 }]),
      own.maintenance.request('dp-1' as never, { kind: 'drain', ratePerSecond: 1, deadlineMs: 1 }),
    ];
    for (const one of await Promise.allSettled(attempts)) expect(one.status).toBe('rejected');
    const seen = (await at.refusedByRedis()).filter((one) => one.endsWith(`${redisKeyPrefix}-push-server-dp-0`));
    expect(seen.length).toBeGreaterThanOrEqual(5);
  }
  await refused(`Redis refused its user ${redisKeyPrefix}-push-server-dp-0 the key`);
  await using others = await openRegistry({ ...values, redisUrl } as Parameters<typeof openRegistry>[0]);
  await others.ticketKeys.publish(key, 600_000);
  expect(await showTicket(ticket, cluster.devicePorts[1] as number, cluster.ca)).not.toBe('welcome');
  await refused('a ticket key in the registry is not certified by a balancer: it is by push server dp-0');

  // Revoked, it is out: its devices are elsewhere, its process has ended, its user is gone.
  const [running] = cluster.pushServers;
  const revoked = await at.revoke('dp-0');
  expect(revoked).toMatchObject({ certificates: 1, before: 0, isGone: true, user: { removal: 'removed' } });
  await eventually('its process has ended', () => running?.isRunning === false);
  expect(running?.output).toContain('the certificate of push server dp-0 was revoked');
  await allReachable(cluster, devices);
  for (const { id } of devices) expect((await cluster.admin.devices.get(id)).session?.nodeId).toBe('dp-1');
  const revocations = () => log.of('EVENT_KIND_MEMBER_REVOKED').map(({ nodeId }) => nodeId);
  await expect.poll(revocations).toEqual(['dp-0']);
  expect(log.of('EVENT_KIND_REGISTRY_LOST')).toEqual([]);
  await eventually('dp-1 refuses it', async () => (await stolen.evict(worker, 'dp-1', victim.id, 1)) !== 0, 10_000);
  await refused('the certificate of push server dp-0 was revoked');
  const password = await readFile(join(first.bundle, 'redis-password'), 'utf8');
  const user = new Redis(at.urlOf('push-server-dp-0'), {
    password,
    protocol: 2,
    lazyConnect: true,
    retryStrategy: null,
  });
  user.on('error', () => {});
  await expect(user.connect().then(() => user.get('x'))).rejects.toThrow();
  user.disconnect();

  // Enrolled anew, it is a member as before.
  const again = await at.enroll(0);
  await cluster.startPushServer(0, again.environment);
  await at.bothReady();
  expect(await at.revoke('dp-0')).toMatchObject({ certificates: 2, before: 1, isGone: true });
});

/** Stops the supervisor of dp-0, or all of its push server, in its tracks; what is left of it wakes when the test ends. */
async function freeze(cluster: TestCluster, frozen: 'supervisor' | 'all'): Promise<Disposable> {
  const workers = (await cluster.node('dp-0'))?.workers.map(({ pid }) => pid) ?? [];
  const pids = [cluster.pushServers[0]?.pid as number, ...(frozen === 'all' ? workers : [])];
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const thaw = () => {
    for (const pid of pids) if (!isGone(pid)) process.kill(pid, 'SIGCONT');
  };
  return { [Symbol.dispose]: thaw };
}

it.each(['supervisor', 'all'] as const)(
  'a revoked push server that does not end, because it is frozen (%s), has nothing after ten seconds',
  async (frozen) => {
    await using at = new EnrolledCluster(
      await TestCluster.create({ pushServers: 0, registry: 'redis', ownRedis: true }),
    );
    const { cluster } = at;
    await cluster.addPushServer({ environment: (await at.enroll(0)).environment });
    await cluster.addPushServer({ environment: (await at.enroll(1)).environment });
    await at.bothReady();
    const devices = await cluster.devices.connect(8, 'device', { keepAliveMs: 2_000 });
    await allReachable(cluster, devices);
    const nodeOf = async (id: string) => (await cluster.admin.devices.get(id)).session?.nodeId;
    const held: string[] = [];
    for (const { id } of devices) if ((await nodeOf(id)) === 'dp-0') held.push(id);
    expect(held.length).toBeGreaterThan(0);

    using thaw = await freeze(cluster, frozen);
    expect(await at.revoke('dp-0')).toMatchObject({ certificates: 1, isGone: true, user: { removal: 'removed' } });
    const revokedAtMs = Date.now();
    // Nobody is sent there any more, and nothing is; what was its is nobody's until the device comes back.
    expect((await cluster.nodes()).map(({ nodeId }) => nodeId)).toEqual(['dp-1']);
    await eventually('no session is with it', async () => {
      for (const id of held) if ((await nodeOf(id)) === 'dp-0') return false;
      return true;
    });
    expect(Date.now() - revokedAtMs).toBeLessThan(10_000);
    const { primary, backups } = await askTicket(cluster.assignUrls[0] ?? '', cluster.ca, held[0] ?? '', testSecret);
    expect([primary, ...backups].map(({ nodeId }) => nodeId)).toEqual(['dp-1']);
    // Its devices hear nothing from it, or that they are to go.
    await allReachable(cluster, devices);
    for (const { id } of devices) expect(await nodeOf(id)).toBe('dp-1');

    // Awake again, it may read nothing, not even that it was revoked, and takes nobody back.
    thaw[Symbol.dispose]();
    const refusals = async () => (await at.refusedByRedis()).filter((one) => one.endsWith('-push-server-dp-0')).length;
    await eventually('Redis refuses it', async () => (await refusals()) > 0);
    await allReachable(cluster, devices);
    for (const { id } of devices) expect(await nodeOf(id)).toBe('dp-1');
    expect((await cluster.nodes()).map(({ nodeId }) => nodeId)).toEqual(['dp-1']);
    await cluster.pushServers[0]?.kill();
  },
);

it('a push server is revoked on the embedded registry, too, and does not start until it is enrolled anew', async () => {
  await using cluster = await TestCluster.create({ pushServers: 2 });
  const devices = await cluster.devices.connect(4);
  const [running] = cluster.pushServers;
  const stolen = await mkdtemp(join(tmpdir(), 'pushfleet-stolen-'));
  onTestFinished(() => rm(stolen, { recursive: true }));
  await cp(cluster.bundleDir(0), stolen, { recursive: true });
  const { output, errors } = await cluster.run('revoke', 'dp-0');
  expect([output, errors]).toEqual([
    expect.stringContaining('1 certificate of push server dp-0.\nIt is taken out.'),
    '',
  ]);
  await eventually('its process has ended', () => running?.isRunning === false);
  await allReachable(cluster, devices);
  const again = await cluster.startPushServer(0, {
    PUSHFLEET_CLUSTER_CERT_FILE: join(stolen, 'cluster.crt'),
    PUSHFLEET_CLUSTER_KEY_FILE: join(stolen, 'cluster.key'),
  });
  await eventually('it does not start', () => !again.isRunning);
  expect(again.output).toContain(
    'the certificate of push server dp-0 was revoked; `pushfleet enroll dp-0` makes another one',
  );
  expect((await cluster.run('enroll', 'dp-0')).status).toBe(0);
  await cluster.startPushServer(0);
  await cluster.nodesReady(2);
  expect((await cluster.run('revoke', 'dp-7')).errors).toContain('no certificate of push server dp-7 is listed');
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { askTicket, postAssignment } from './cluster/ask-assignment.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';

const forceSync = { forceSync: {} };
const deadAfterMs = 6_000;

/** A registry that answers and takes no writes, until what is returned is disposed. */
interface Setup {
  options: { registry: 'redis' | 'embedded'; ownRedis?: boolean };
  words: RegExp;
  refuse(cluster: TestCluster): Promise<AsyncDisposable>;
}

const setups: Record<string, Setup> = {
  'Redis without the replica that min-replicas-to-write asks for': {
    options: { registry: 'redis', ownRedis: true },
    words: /takes no writes: .+ \(NOREPLICAS\)/,
    refuse: async ({ redis }) => {
      const admin = new Redis(redis.url);
      await admin.config('SET', 'min-replicas-to-write', '1');
      return {
        [Symbol.asyncDispose]: async () => {
          await admin.config('SET', 'min-replicas-to-write', '0');
          admin.disconnect();
        },
      };
    },
  },
  'a SQLite file that another process holds': {
    options: { registry: 'embedded' },
    words: /takes no writes: another process holds the file/,
    refuse: async ({ stateDir }) => {
      const script = `const db = new (require('node:sqlite').DatabaseSync)(process.argv[1], { timeout: 10000 });
        db.exec('BEGIN EXCLUSIVE'); console.log('held'); process.stdin.on('data', () => process.exit()); `;
      const holder = spawn(process.execPath, ['-e', script, join(stateDir, 'registry.sqlite')]);
      await once(holder.stdout, 'data');
      return {
        [Symbol.asyncDispose]: async () => {
          holder.stdin.write('\n');
          await once(holder, 'exit');
        },
      };
    },
  },
};

describe.each(Object.entries(setups))('%s', (_, { options, words, refuse }) => {
  it('keeps nobody from devices that are there, says so, and leaves no trace', async () => {
    const environment = { PUSHFLEET_SUSPECT_AFTER_MS: '5000', PUSHFLEET_DEAD_AFTER_MS: `${deadAfterMs}` };
    await using cluster = await TestCluster.create({ ...options, environment });
    await using log = await EventLog.start(cluster.admin);
    const devices = await cluster.devices.connect(6);
    await eventually('all devices are told of', () => log.arrivals().length === devices.length);
    const eventsBefore = log.events.length;
    const seen = new Set<string>();
    for (const { device } of devices) device.onStatus((status) => void seen.add(status.kind));
    const rest = (path: string) => fetch(`http://127.0.0.1:${cluster.balancerPorts[0]?.rest}/${path}`);
    const outcomeOf = async (id: string, durable = {}) =>
      (await cluster.admin.commands.push({ deviceId: id, operation: forceSync, ...durable })).status?.outcome;
    const [first = devices[0], ...others] = devices;
    if (!first) throw new Error('no devices');
    // The one whose route is known; those of the others are read while nobody can write.
    expect(await outcomeOf(first.id)).toBe('OUTCOME_SUCCEEDED');

    {
      await using _refused = await refuse(cluster);
      const missing = await eventually('the balancer names it', async () => {
        const answer = await rest('readyz');
        return answer.status === 503 && ((await answer.json()) as { missing: string[] }).missing;
      });
      expect(missing).toEqual([expect.stringMatching(words)]);
      for (const startedAt = Date.now(); Date.now() < startedAt + deadAfterMs + 3_000; ) {
        for (const { id } of devices) expect(await outcomeOf(id)).toBe('OUTCOME_SUCCEEDED');
        expect((await rest('healthz')).status).toBe(200);
      }
      expect((await cluster.nodes())[0]?.status).toBe('NODE_STATUS_READY');
      const refused = { code: 'REGISTRY_UNAVAILABLE', message: expect.stringMatching(words) };
      await expect(outcomeOf(first.id, { ttlMs: 60_000 })).rejects.toMatchObject(refused);
      const body = JSON.stringify({ deviceId: first.id, secret: testSecret });
      const answer = await postAssignment(cluster.assignUrls[0] as string, cluster.ca, body);
      expect(answer).toMatchObject({ status: 503, retryAfter: expect.any(String), body: { error: refused } });
    }

    await eventually('it is as before', async () => (await rest('readyz')).status === 200);
    expect(await outcomeOf(first.id, { ttlMs: 60_000 })).toBe('OUTCOME_SUCCEEDED');
    for (const { id } of others) expect(await outcomeOf(id)).toBe('OUTCOME_SUCCEEDED');
    await askTicket(cluster.assignUrls[0] as string, cluster.ca, first.id, testSecret);
    await cluster.devices.connect(1, 'late');
    await eventually('the newest device is told of', () => log.arrivals('late-0').length === 1);
    // Nobody has come, gone or died meanwhile.
    expect(log.events.slice(eventsBefore).map(({ kind, deviceId }) => [kind, deviceId])).toEqual([
      ['EVENT_KIND_DEVICE_CONNECTED', 'late-0'],
    ]);
    expect([...seen]).toEqual([]);
  });
});

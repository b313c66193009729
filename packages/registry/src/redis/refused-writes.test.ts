import { rm } from 'node:fs/promises';
import { systemClock } from '@pushfleet/runtime';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import { newCommand, policy } from '../conformance/command-samples.fixture.ts';
import {
  arrivals,
  device,
  deviceId,
  nodeRecord,
  openSession,
  reservation,
  stored,
  workerRef,
} from '../conformance/samples.fixture.ts';
import { eventually, patientLimits } from '../conformance/store.fixture.ts';
import type { Registry } from '../registry.ts';
import { openRedisRegistry } from './registry.ts';

interface Refusal {
  begin(admin: Redis): Promise<unknown>;
  end(admin: Redis): Promise<unknown>;
}

const refusals: Record<string, Refusal> = {
  NOREPLICAS: {
    begin: (admin) => admin.config('SET', 'min-replicas-to-write', '1'),
    end: (admin) => admin.config('SET', 'min-replicas-to-write', '0'),
  },
  OOM: {
    begin: async (admin) => {
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
      await admin.config('SET', 'maxmemory', '1mb');
    },
    end: (admin) => admin.config('SET', 'maxmemory', '0'),
  },
  MISCONF: {
    begin: async (admin) => {
      const [, directory = ''] = (await admin.config('GET', 'dir')) as string[];
      await admin.config('SET', 'save', '3600 1');
      await rm(directory, { recursive: true });
      await admin.bgsave();
      await eventually(async () => expect(await admin.info('persistence')).toContain('rdb_last_bgsave_status:err'));
    },
    end: (admin) => admin.config('SET', 'stop-writes-on-bgsave-error', 'no'),
  },
  READONLY: {
    begin: (admin) => admin.replicaof('127.0.0.1', '1'),
    end: (admin) => admin.replicaof('NO', 'ONE'),
  },
};

describe.each(Object.entries(refusals))('Redis that takes no writes (%s)', { timeout: 60_000 }, (code, refusal) => {
  it('is read from, refuses whatever writes by that name, and is as before afterwards', async () => {
    await using redis = await startTestRedis({ own: true });
    const admin = new Redis(redis.url);
    await using registry = await open(redis);
    await registry.fleet.putDevice(device(1, 'HQ'));
    await registry.nodes.register(nodeRecord());
    const { epoch } = await openSession(registry, deviceId(1), workerRef('dp-1'), 'mqtt');
    const lapsing = reservation(deviceId(2), [['dp-1']], { lapseMs: 1 });
    await registry.assignments.reserve(lapsing);

    await refusal.begin(admin);
    for (const [what, write] of Object.entries(writes(registry))) {
      const refused = expect.objectContaining({
        code: 'REGISTRY_UNAVAILABLE',
        message: expect.stringMatching(new RegExp(`takes no writes: .+ \\(${code}\\)$`)),
      });
      // On the way to it the client may be looking for another master.
      await eventually(() => expect(write(), what).rejects.toEqual(refused));
    }
    await eventually(async () => {
      expect(await registry.nodes.list()).toMatchObject([{ nodeId: 'dp-1', liveness: 'alive', reserved: 0 }]);
      expect(await registry.nodes.bootsWithDevices()).toEqual([]);
      expect(await registry.sessions.find(deviceId(1))).toMatchObject({ epoch });
      expect(await registry.fleet.getDevice(deviceId(1))).toEqual(stored(device(1, 'HQ')));
      expect(await registry.commands.get(deviceId(1), newCommand(1).id)).toBeUndefined();
    });

    await refusal.end(admin);
    for (const write of Object.values(writes(registry))) await eventually(async () => void (await write()));
    admin.disconnect();
  });
});

function writes(registry: Registry): Record<string, () => Promise<unknown>> {
  return {
    ping: () => registry.ping(),
    register: () => registry.nodes.register(nodeRecord()),
    beat: () => registry.nodes.heartbeat(nodeRecord(), arrivals()),
    reserve: () => registry.assignments.reserve(reservation(deviceId(1), [['dp-1']])),
    open: () => openSession(registry, deviceId(3), workerRef('dp-1'), 'mqtt'),
    put: () => registry.commands.put(newCommand(1), policy),
    hold: () => registry.leases.hold('housekeeping', 'a', 1_000),
    append: () => registry.events.append([{ kind: 'node-ready', atMs: 1 }]),
    import: () => registry.fleet.putDevices([device(4, 'HQ')], () => {}),
  };
}

function open({ url, keyPrefix }: TestRedis): Promise<Registry> {
  return openRedisRegistry({ url, keyPrefix, limits: patientLimits, connectWithinMs: 10_000, attended: systemClock });
}

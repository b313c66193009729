import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeRegistry } from '../conformance/registry.fixture.ts';
import { device, deviceId, nodeRecord, openSession, stored, workerRef } from '../conformance/samples.fixture.ts';
import { createEmbeddedStore } from './embedded-store.fixture.ts';

describeRegistry('the embedded registry', createEmbeddedStore);

describe('the embedded registry', { timeout: 60_000 }, () => {
  it('spreads devices evenly over push servers when several processes open it and reserve at once', async () => {
    await using store = await createEmbeddedStore();
    const script = fileURLToPath(new URL('reserve-many.fixture.ts', import.meta.url));
    const run = promisify(execFile);
    // Opened by all of them at once: one makes the tables, and nobody sees a half-made file.
    await Promise.all(['p1', 'p2', 'p3', 'p4'].map((name) => run(process.execPath, [script, store.file, name, '250'])));

    await using registry = await store.open();
    const places = (await registry.nodes.list()).map((node) => node.reserved);
    expect(places).toEqual([250, 250, 250, 250]);
  });

  it('still has everything when it is opened again', async () => {
    await using store = await createEmbeddedStore();
    {
      await using registry = await store.open();
      await registry.fleet.putDevice(device(1, 'HQ'));
      await openSession(registry, deviceId(1), workerRef('dp-1'), 'mqtt');
    }
    await using registry = await store.open();
    expect(await registry.fleet.getDevice(deviceId(1))).toEqual(stored(device(1, 'HQ')));
    expect(await registry.sessions.find(deviceId(1))).toMatchObject({ nodeId: 'dp-1' });
  });

  it('is REGISTRY_UNAVAILABLE while another process holds the file, and works again afterwards', async () => {
    await using store = await createEmbeddedStore();
    await using registry = await store.open();
    {
      using other = new DatabaseSync(store.file);
      other.exec('BEGIN IMMEDIATE');
      const refused = registry.nodes.register(nodeRecord());
      await expect(refused).rejects.toMatchObject({
        code: 'REGISTRY_UNAVAILABLE',
        message: expect.stringMatching(/takes no writes: another process holds the file/),
        cause: expect.objectContaining({ message: expect.stringContaining('locked') }),
      });
      // Readers wait for nobody.
      expect(await registry.sessions.find(deviceId(1))).toBeUndefined();
    }
    await registry.nodes.register(nodeRecord());
    expect(await registry.nodes.list()).toHaveLength(1);
  });

  it('goes on with other things while another process holds the file, then writes everything in its order', async () => {
    await using store = await createEmbeddedStore();
    await using registry = await store.open();
    const from = await registry.events.end();
    using other = new DatabaseSync(store.file);
    other.exec('BEGIN IMMEDIATE');
    const settled: string[] = [];
    const writes = [1, 2, 3].map(async (atMs) => {
      await registry.events.append([{ kind: 'node-ready', atMs }]);
      settled.push(`write ${atMs}`);
    });
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    settled.push('twenty turns of the event loop');
    expect(await registry.nodes.list()).toEqual([]);
    other.exec('COMMIT');
    await Promise.all(writes);
    expect(settled).toEqual(['twenty turns of the event loop', 'write 1', 'write 2', 'write 3']);
    expect(await registry.events.read(from, 10)).toMatchObject([{ atMs: 1 }, { atMs: 2 }, { atMs: 3 }]);
  });

  it('opens once another process has made its tables', async () => {
    await using store = await createEmbeddedStore();
    await (await store.open())[Symbol.asyncDispose]();
    using other = new DatabaseSync(store.file);
    other.exec('BEGIN EXCLUSIVE');
    const opening = store.open();
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    other.exec('COMMIT');
    await using registry = await opening;
    await registry.ping();
  });

  it('forgets leases a day after they lapsed, a few at a time', async () => {
    await using store = await createEmbeddedStore();
    await using registry = await store.open();
    for (const push of [1, 2, 3, 4, 5, 6]) await registry.leases.hold(`group-push:${push}`, 'a', 60_000);
    await registry.leases.release('group-push:1', 'a');
    using other = new DatabaseSync(store.file);
    other.exec(`UPDATE leases SET lapses_at_ms = lapses_at_ms - 86470000 WHERE name <> 'group-push:6'`);
    const names = () =>
      other
        .prepare('SELECT name FROM leases ORDER BY name')
        .all()
        .map(({ name }) => name);
    await registry.leases.hold('housekeeping', 'a', 60_000);
    expect(names()).toHaveLength(3);
    await registry.leases.hold('housekeeping', 'a', 60_000);
    expect(names()).toEqual(['group-push:6', 'housekeeping']);
  });

  it('lets nobody else read the file', async () => {
    await using store = await createEmbeddedStore();
    await using registry = await store.open();
    await registry.nodes.register(nodeRecord());
    for (const name of [store.file, `${store.file}-wal`, `${store.file}-shm`]) {
      expect((await stat(name)).mode & 0o077).toBe(0);
    }
  });

  it('forgets sessions that were closed, or not asserted, for a day', async () => {
    await using store = await createEmbeddedStore();
    await using registry = await store.open();
    const closeOne = async (id: string) => {
      const { epoch } = await openSession(registry, deviceId(id), workerRef('dp-1'), 'mqtt');
      await registry.sessions.close(deviceId(id), epoch);
    };
    await closeOne('old');
    await openSession(registry, deviceId('left-behind'), workerRef('dp-1'), 'mqtt');
    using other = new DatabaseSync(store.file);
    other.exec(`UPDATE sessions SET kept_until_ms = kept_until_ms - ${25 * 3_600_000}`);
    expect(await registry.sessions.find(deviceId('left-behind'))).toBeUndefined();
    await closeOne('new');
    expect(other.prepare('SELECT device_id AS id FROM sessions').all()).toEqual([{ id: 'device-new' }]);
  });
});

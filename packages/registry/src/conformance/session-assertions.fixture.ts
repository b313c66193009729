import { parseBootId, parseEpoch } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { by, deviceId, openSession, workerRef } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

export function describeSessionAssertions(createStore: CreateStore): void {
  describe('sessions: assertion and reaping', () => {
    it('writes a session that was lost anew, with its epoch', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const at = workerRef('dp-1');
      const { epoch } = await openSession({ sessions }, deviceId(1), at, 'grpc');
      const before = await sessions.find(deviceId(1));
      expect(await sessions.assert(deviceId(1), epoch, at, by('grpc'))).toBe('ok');
      expect(await sessions.find(deviceId(1))).toEqual(before);
      await store.wipe();
      expect(await sessions.assert(deviceId(1), epoch, at, by('grpc'))).toBe('ok');
      expect(await sessions.find(deviceId(1))).toEqual(before);
      expect(await sessions.close(deviceId(1), epoch)).toBe(true);
    });

    it('takes a session over to the next life of its worker, and to no other worker', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const { epoch } = await openSession({ sessions }, deviceId(1), workerRef('dp-1', 'boot-1'), 'mqtt');
      expect(await sessions.assert(deviceId(1), epoch, workerRef('dp-1', 'boot-2'), by('mqtt'))).toBe('ok');
      expect(await sessions.find(deviceId(1))).toMatchObject({ bootId: 'boot-2', epoch });
      expect(await sessions.assert(deviceId(1), epoch, workerRef('dp-2'), by('mqtt'))).toBe('ended');
      expect(await sessions.find(deviceId(1))).toMatchObject({ nodeId: 'dp-1', bootId: 'boot-2' });
    });

    it('calls a session superseded that was followed by another, and one that was merely closed ended', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const older = await openSession({ sessions }, deviceId(1), workerRef('dp-1'), 'mqtt');
      const newer = await openSession({ sessions }, deviceId(1), workerRef('dp-2'), 'mqtt');
      expect(await sessions.assert(deviceId(1), older.epoch, workerRef('dp-1'), by('mqtt'))).toBe('superseded');
      expect(await sessions.find(deviceId(1))).toMatchObject({ nodeId: 'dp-2', epoch: newer.epoch });

      await sessions.close(deviceId(1), newer.epoch);
      expect(await sessions.assert(deviceId(1), newer.epoch, workerRef('dp-2'), by('mqtt'))).toBe('ended');
      expect(await sessions.assert(deviceId(1), older.epoch, workerRef('dp-1'), by('mqtt'))).toBe('superseded');
      expect(await sessions.find(deviceId(1))).toBeUndefined();
    });

    it('lets a later session win over an earlier one that was asserted first', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const early = parseEpoch(1_000);
      const late = parseEpoch(2_000);
      expect(await sessions.assert(deviceId(1), early, workerRef('dp-1'), by('mqtt'))).toBe('ok');
      expect(await sessions.assert(deviceId(1), late, workerRef('dp-2'), by('grpc'))).toBe('ok');
      expect(await sessions.find(deviceId(1))).toEqual({
        ...workerRef('dp-2'),
        ...{ epoch: late, link: 'grpc', openedAtMs: 2_000 },
      });
      expect(await sessions.assert(deviceId(1), early, workerRef('dp-1'), by('mqtt'))).toBe('superseded');
      expect((await openSession({ sessions }, deviceId(1), workerRef('dp-3'), 'mqtt')).previous).toMatchObject({
        epoch: late,
      });
    });

    it('reaps the session that one life of a worker holds, and no other', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const { epoch } = await openSession({ sessions }, deviceId(1), workerRef('dp-1', 'boot-1'), 'mqtt');
      expect(await sessions.reap(deviceId(1), parseBootId('boot-2'))).toBe(false);
      expect(await sessions.reap(deviceId(2), parseBootId('boot-1'))).toBe(false);
      expect(await sessions.find(deviceId(1))).toMatchObject({ epoch });
      expect(await sessions.reap(deviceId(1), parseBootId('boot-1'))).toBe(true);
      expect(await sessions.reap(deviceId(1), parseBootId('boot-1'))).toBe(false);
      expect(await sessions.find(deviceId(1))).toBeUndefined();
      expect((await openSession({ sessions }, deviceId(1), workerRef('dp-1'), 'mqtt')).epoch).toBeGreaterThan(epoch);
      expect(await sessions.assert(deviceId(1), epoch, workerRef('dp-1', 'boot-1'), by('mqtt'))).toBe('superseded');
    });

    it.each(['boot-1', 'boot-2'])('opens a reaped session again whose worker lives after all, as %s', async (boot) => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const { epoch } = await openSession({ sessions }, deviceId(1), workerRef('dp-1', 'boot-1'), 'mqtt');
      const before = await sessions.find(deviceId(1));
      await sessions.reap(deviceId(1), parseBootId('boot-1'));
      expect(await sessions.assert(deviceId(1), epoch, workerRef('dp-1', boot), by('mqtt'))).toBe('ok');
      expect(await sessions.find(deviceId(1))).toEqual({ ...before, bootId: boot });
      expect(await sessions.reap(deviceId(1), parseBootId('boot-3'))).toBe(false);
      expect(await sessions.close(deviceId(1), epoch)).toBe(true);
      expect(await sessions.assert(deviceId(1), epoch, workerRef('dp-1', boot), by('mqtt'))).toBe('ended');
      expect(await sessions.find(deviceId(1))).toBeUndefined();
    });

    it('does not open a reaped session again that its worker has closed meanwhile', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const { epoch } = await openSession({ sessions }, deviceId(1), workerRef('dp-1', 'boot-1'), 'mqtt');
      await sessions.reap(deviceId(1), parseBootId('boot-1'));
      expect(await sessions.close(deviceId(1), epoch)).toBe(false);
      expect(await sessions.assert(deviceId(1), epoch, workerRef('dp-1', 'boot-2'), by('mqtt'))).toBe('ended');
      expect(await sessions.find(deviceId(1))).toBeUndefined();
    });

    it('counts the return of a reaped session as no takeover, and gives what follows it a greater epoch', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const at = workerRef('dp-1', 'boot-1');
      const { epoch } = await openSession({ sessions }, deviceId(1), at, 'mqtt');
      await sessions.reap(deviceId(1), at.bootId);
      await sessions.assert(deviceId(1), epoch, workerRef('dp-1', 'boot-2'), by('mqtt'));
      const next = await openSession({ sessions }, deviceId(1), workerRef('dp-2'), 'mqtt');
      expect(next).toMatchObject({ takeovers: 1, previous: { epoch, bootId: 'boot-2' } });
      expect(next.epoch).toBeGreaterThan(epoch);
    });

    it('counts how often a session changed hands while the one that lost it was open', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { sessions } = registry;
      const open = (node: string) => openSession({ sessions }, deviceId(1), workerRef(node), 'mqtt');
      const counts = [];
      for (const node of ['a', 'b', 'a']) counts.push((await open(node)).takeovers);
      const { epoch } = await open('b');
      await sessions.close(deviceId(1), epoch);
      counts.push((await open('a')).takeovers, (await open('b')).takeovers);
      expect(counts).toEqual([0, 1, 2, 3, 4]);
      for (let round = 0; round < 30; round += 1) await open('a');
      expect((await open('b')).takeovers).toBe(16);
      expect((await openSession({ sessions }, deviceId(2), workerRef('a'), 'mqtt')).takeovers).toBe(0);
    });
  });
}

import { describe, expect, it } from 'vitest';
import { type EnrollmentTokenRecord, maxEnrollmentTokens, maxPendingEnrollments } from '../enrollment-tokens.ts';
import { device, deviceId, groupPath } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

export function enrollmentToken(id: string, rest: Partial<EnrollmentTokenRecord> = {}): EnrollmentTokenRecord {
  const times = { createdAtMs: 1_795_377_000_123, expiresAtMs: 1_795_377_600_123 };
  return { id, group: groupPath('HQ'), hash: `hash of ${id}`, count: 2, createdBy: 'root', ...times, ...rest };
}

const now = 1_795_377_100_000;

export function describeEnrollmentTokens(createStore: CreateStore): void {
  describe('enrollment tokens', () => {
    it('are listed by id and found, as every process made them', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      expect(await one.enrollmentTokens.list()).toEqual([]);
      expect(await one.enrollmentTokens.create(enrollmentToken('b'), now)).toBe('created');
      expect(await other.enrollmentTokens.create({ ...enrollmentToken('a'), left: 1 }, now)).toBe('created');
      const [a, b] = [
        { ...enrollmentToken('a'), left: 1 },
        { ...enrollmentToken('b'), left: 2 },
      ];
      expect(await one.enrollmentTokens.list()).toEqual([a, b]);
      expect(await other.enrollmentTokens.get('b')).toEqual(b);
      expect(await other.enrollmentTokens.get('c')).toBeUndefined();
    });

    it('are counted down to the last one, however many ask at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      await one.enrollmentTokens.create(enrollmentToken('a', { count: 5 }), now);
      const devices = Array.from({ length: 12 }, (_, at) => deviceId(at));
      const take = devices.map((id, at) => (at % 2 ? one : other).enrollmentTokens.take('a', id));
      const turns = await Promise.all(take);
      expect(turns.toSorted()).toEqual([...Array(5).fill('taken'), ...Array(7).fill('used-up')]);
      expect(await one.enrollmentTokens.get('a')).toMatchObject({ left: 0 });
      expect(await one.enrollmentTokens.take('b', deviceId(1))).toBe('absent');
    });

    it('count a device once until it is settled, and anew after that', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { enrollmentTokens: tokens } = registry;
      await tokens.create(enrollmentToken('a', { count: 3 }), now);
      // Each is a part of another one's id.
      const [first, second] = [deviceId(1), deviceId(11)];
      for (const id of [first, second, first, second, first]) expect(await tokens.take('a', id)).toBe('taken');
      expect(await tokens.get('a')).toMatchObject({ left: 1 });
      await tokens.settle('a', first);
      expect(await tokens.take('a', second)).toBe('taken');
      expect(await tokens.get('a')).toMatchObject({ left: 1 });
      expect(await tokens.take('a', first)).toBe('taken');
      expect(await tokens.get('a')).toMatchObject({ left: 0 });
      await tokens.settle('a', first);
      expect(await tokens.take('a', first)).toBe('used-up');
      await tokens.settle('none', first);
      expect(await tokens.list()).toHaveLength(1);
    });

    it('are no more good once they are revoked, the first time counts', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { enrollmentTokens: tokens } = registry;
      await tokens.create(enrollmentToken('a'), now);
      await tokens.take('a', deviceId(1));
      expect(await tokens.revoke('a', now)).toBe(true);
      expect(await tokens.revoke('a', now + 5)).toBe(true);
      expect(await tokens.revoke('b', now)).toBe(false);
      for (const id of [1, 2]) expect(await tokens.take('a', deviceId(id))).toBe('revoked');
      expect(await tokens.get('a')).toEqual({ ...enrollmentToken('a'), left: 1, revokedAtMs: now });
    });

    it('remember a bounded number of devices that are not settled', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { enrollmentTokens: tokens } = registry;
      const count = maxPendingEnrollments + 5;
      await tokens.create(enrollmentToken('a', { count }), now);
      for (let at = 0; at <= maxPendingEnrollments; at += 1) await tokens.take('a', deviceId(at));
      const left = count - maxPendingEnrollments - 1;
      await tokens.take('a', deviceId(maxPendingEnrollments));
      await tokens.take('a', deviceId(1));
      expect(await tokens.get('a')).toMatchObject({ left });
      await tokens.take('a', deviceId(0));
      expect(await tokens.get('a')).toMatchObject({ left: left - 1 });
    });

    it('are bounded in number; those that have ended make room', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { enrollmentTokens: tokens } = registry;
      const create = (at: number) => tokens.create(enrollmentToken(`token ${at}`, { expiresAtMs: now + 1 + at }), now);
      await Promise.all(Array.from({ length: maxEnrollmentTokens }, (_, at) => create(at)));
      expect(await create(maxEnrollmentTokens)).toBe('full');
      await tokens.revoke('token 7', now);
      expect(await create(maxEnrollmentTokens)).toBe('created');
      expect(await tokens.get('token 7')).toBeUndefined();
      expect(await tokens.create(enrollmentToken('later'), now + 3)).toBe('created');
      // Three have expired by then, and half of what has ended goes.
      for (const id of ['token 0', 'token 1']) expect(await tokens.get(id)).toBeUndefined();
      expect(await tokens.list()).toHaveLength(maxEnrollmentTokens - 1);
    }, 30_000);
  });

  describe('a device that is created', () => {
    it('never replaces one that is there, whoever is faster', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const race = Array.from({ length: 6 }, (_, at) =>
        (at % 2 ? one : other).fleet.createDevice(device(1, at % 3 ? 'HQ' : 'Lab', `hash$${at}$`)),
      );
      const results = await Promise.all(race);
      const made = results.filter((result) => result === 'created');
      expect(made).toHaveLength(1);
      const kept = await one.fleet.getDevice(deviceId(1));
      expect(kept).toMatchObject({ secretHash: `hash$${results.indexOf('created')}$` });
      for (const result of results) if (result !== 'created') expect(result).toEqual(kept);
      const groups = [groupPath('HQ'), groupPath('Lab')];
      const listed = groups.map((group) => one.fleet.listDevices({ group, includeSubgroups: true, limit: 10 }));
      expect((await Promise.all(listed)).flat()).toEqual([kept]);
    });

    it('is found, moved and deleted as any other, and created again after that', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { fleet } = registry;
      await fleet.deleteDevice(deviceId(1));
      expect(await fleet.createDevice(device(1, 'HQ', 'hash$1$'))).toBe('created');
      expect(await fleet.createDevice(device(1, 'Lab', 'hash$2$'))).toMatchObject({ group: 'HQ' });
      expect(await fleet.moveDevice(deviceId(1), groupPath('Lab'))).toBe(true);
      expect(await fleet.listDevices({ group: groupPath('HQ'), includeSubgroups: true, limit: 9 })).toEqual([]);
      expect(await fleet.deleteDevice(deviceId(1))).toMatchObject({ absent: false });
      expect(await fleet.createDevice(device(1, 'HQ', 'hash$3$'))).toBe('created');
      expect(await fleet.getDevice(deviceId(1))).toMatchObject({ group: 'HQ', secretHash: 'hash$3$' });
    });
  });
}

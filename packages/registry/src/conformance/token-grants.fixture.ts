import { describe, expect, it } from 'vitest';
import { maxTokenGrants, type TokenGrant } from '../token-grants.ts';
import type { CreateStore } from './store.fixture.ts';

const [minute, hour] = [60_000, 3_600_000];

function grant(hash: string, tokenName = 'eyes'): TokenGrant {
  return { hash, tokenName, tokenProof: `proof of ${hash}` };
}

export function describeTokenGrants(createStore: CreateStore): void {
  describe('grants for API tokens', () => {
    it('are read by every process, each kind by itself', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      await one.consoleSessions.put(grant('a'), minute, hour);
      await one.consoleSessions.put(grant('b', 'night shift'), hour, minute);
      const found = await other.consoleSessions.read(['b', 'none', 'a']);
      const [a, b] = found.toSorted((left, right) => (left.hash < right.hash ? -1 : 1));
      expect(found).toHaveLength(2);
      expect(a).toMatchObject(grant('a'));
      expect(b).toMatchObject(grant('b', 'night shift'));
      const isAbout = (left: number | undefined, ms: number) => left !== undefined && left > ms - 30_000 && left <= ms;
      expect(isAbout(a?.idleLeftMs, minute) && isAbout(a?.leftMs, hour)).toBe(true);
      // Its lifetime is shorter than the time after which it is idle.
      expect(isAbout(b?.idleLeftMs, minute) && isAbout(b?.leftMs, minute)).toBe(true);
      expect(await other.signInCodes.read(['a', 'b'])).toEqual([]);
      expect(await other.consoleSessions.read([])).toEqual([]);
    });

    it('end once, for whoever comes first', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      await one.signInCodes.put(grant('a'), minute, minute);
      const race = await Promise.all([one, other, one].map(({ signInCodes }) => signInCodes.end('a')));
      expect(race.filter(Boolean)).toEqual([grant('a')]);
      expect(await one.signInCodes.read(['a'])).toEqual([]);
      expect(await one.signInCodes.end('none')).toBeUndefined();
      await one.signInCodes.use('a', hour);
      expect(await one.signInCodes.read(['a'])).toEqual([]);
    });

    it('last on while they are used, and not beyond their lifetime', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { consoleSessions } = registry;
      await consoleSessions.put(grant('a'), minute, 3 * minute);
      const left = async () => (await consoleSessions.read(['a']))[0];
      for (const _ of [1, 2]) {
        await store.turn({ idleMs: 50_000 });
        await consoleSessions.use('a', minute);
        expect((await left())?.idleLeftMs).toBeGreaterThan(30_000);
      }
      await store.turn({ idleMs: 50_000 });
      await consoleSessions.use('a', hour);
      const { idleLeftMs, leftMs } = (await left()) ?? {};
      expect(idleLeftMs).toBe(leftMs);
      expect(leftMs).toBeLessThanOrEqual(30_000);
      await store.turn({ idleMs: 30_000 });
      expect(await left()).toBeUndefined();
    });

    it('are bounded in number: the oldest of a token end, and the oldest of all', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { consoleSessions } = registry;
      const { all, ofToken } = maxTokenGrants;
      const isKept = async (hash: string) => (await consoleSessions.read([hash])).length === 1;
      await consoleSessions.put(grant('first'), minute, hour);
      for (let at = 0; at <= ofToken; at += 1) await consoleSessions.put(grant(`own ${at}`, 'own'), minute, hour);
      expect([await isKept('own 0'), await isKept('own 1'), await isKept('first')]).toEqual([false, true, true]);
      const others = Array.from({ length: all - ofToken - 1 }, (_, at) => grant(`other ${at}`, `token ${at % 20}`));
      for (const other of others) await consoleSessions.put(other, minute, hour);
      expect(await isKept('first')).toBe(true);
      await consoleSessions.put(grant('last'), minute, hour);
      expect([await isKept('first'), await isKept('own 1'), await isKept('last')]).toEqual([false, true, true]);
    });
  });
}

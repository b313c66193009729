import { describe, expect, it } from 'vitest';
import type { CreateStore } from './store.fixture.ts';
import { eventually } from './store.fixture.ts';

export function describeLeases(createStore: CreateStore): void {
  describe('leases', () => {
    it('gives a lease to one at a time, who may renew it under the same token', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const hold = (holder: string) => registry.leases.hold('housekeeping', holder, 60_000);
      const token = await hold('a');
      expect(token).toEqual(expect.any(Number));
      expect(await hold('b')).toBeUndefined();
      expect(await hold('a')).toBe(token);
    });

    it('gives a released or lapsed lease away under a greater token', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const tokens = [await registry.leases.hold('housekeeping', 'a', 60_000)];
      expect(await registry.leases.release('housekeeping', 'b')).toBe(false);
      expect(await registry.leases.release('housekeeping', 'a')).toBe(true);
      expect(await registry.leases.release('housekeeping', 'a')).toBe(false);

      tokens.push(await registry.leases.hold('housekeeping', 'b', 3_000));
      expect(await registry.leases.hold('housekeeping', 'a', 60_000)).toBeUndefined();
      await eventually(async () => {
        const token = await registry.leases.hold('housekeeping', 'a', 60_000);
        expect(token).toEqual(expect.any(Number));
        tokens.push(token);
      });
      // The former holder notices, and does not get it back.
      expect(await registry.leases.hold('housekeeping', 'b', 60_000)).toBeUndefined();
      expect(await registry.leases.release('housekeeping', 'b')).toBe(false);
      expect(tokens).toEqual([...new Set(tokens)].sort((one, other) => (one ?? 0) - (other ?? 0)));
    });

    it('gives a greater token also after all data was lost', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const before = (await registry.leases.hold('housekeeping', 'a', 60_000)) ?? 0;
      await store.wipe();
      await eventually(() => expect(Date.now()).toBeGreaterThan(before));
      expect(await registry.leases.hold('housekeeping', 'b', 60_000)).toBeGreaterThan(before);
    });

    it('goes to exactly one of many who ask at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const asked = Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : other).leases.hold('housekeeping', `holder-${index}`, 60_000),
      );
      expect((await Promise.all(asked)).filter((token) => token !== undefined)).toHaveLength(1);
    });
  });
}

import { describe, expect, it } from 'vitest';
import type { CreateStore } from './store.fixture.ts';
import { eventually } from './store.fixture.ts';

const minute = 60_000;

export function describeTlsTicketKeys(createStore: CreateStore): void {
  describe('keys of TLS session tickets', () => {
    it('are read by every process as they were written last', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      expect(await one.tlsTicketKeys.read('a')).toBeUndefined();
      expect(await one.tlsTicketKeys.replace('a', 0, 'first', minute)).toBe(true);
      expect(await other.tlsTicketKeys.read('a')).toEqual({ revision: 1, sealed: 'first' });
      expect(await other.tlsTicketKeys.replace('a', 1, 'second', minute)).toBe(true);
      expect(await one.tlsTicketKeys.read('a')).toEqual({ revision: 2, sealed: 'second' });
    });

    it('are replaced by one of those that saw the same ones', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const race = (revision: number) =>
        Promise.all(
          ['x', 'y', 'z'].map((name) => registry.tlsTicketKeys.replace('a', revision, `${name} ${revision}`, minute)),
        );
      for (const revision of [0, 1]) {
        expect((await race(revision)).filter(Boolean)).toHaveLength(1);
        expect((await registry.tlsTicketKeys.read('a'))?.sealed).toMatch(new RegExp(`^[xyz] ${revision}$`));
      }
      expect(await registry.tlsTicketKeys.replace('a', 1, 'late', minute)).toBe(false);
      expect(await registry.tlsTicketKeys.replace('a', 0, 'late', minute)).toBe(false);
      expect(await registry.tlsTicketKeys.replace('a', 7, 'early', minute)).toBe(false);
      expect(await registry.tlsTicketKeys.read('a')).toMatchObject({ revision: 2 });
    });

    it('of another secret are apart', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.tlsTicketKeys.replace('a', 0, 'of a', minute);
      expect(await registry.tlsTicketKeys.read('b')).toBeUndefined();
      expect(await registry.tlsTicketKeys.replace('b', 0, 'of b', minute)).toBe(true);
      expect((await registry.tlsTicketKeys.read('a'))?.sealed).toBe('of a');
    });

    it('are gone when their lifetime has ended, and may be put anew', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.tlsTicketKeys.replace('a', 0, 'short', 300);
      await eventually(async () => expect(await registry.tlsTicketKeys.read('a')).toBeUndefined());
      expect(await registry.tlsTicketKeys.replace('a', 0, 'new', minute)).toBe(true);
      expect((await registry.tlsTicketKeys.read('a'))?.sealed).toBe('new');
    });
  });
}

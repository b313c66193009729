import { describe, expect, it } from 'vitest';
import { type ApiTokenRecord, maxApiTokens } from '../api-tokens.ts';
import { groupPath } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

function token(name: string, rest: Partial<ApiTokenRecord> = {}): ApiTokenRecord {
  return { name, role: 'viewer', hash: `hash of ${name}`, createdBy: 'root', createdAtMs: 1, ...rest };
}

export function describeApiTokens(createStore: CreateStore): void {
  describe('API tokens', () => {
    it('are listed by name, as every process made them', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      expect(await one.apiTokens.list()).toEqual([]);
      const scoped = token('night shift', { role: 'operator', scope: groupPath('HQ/Floor 2'), expiresAtMs: 9 });
      expect(await one.apiTokens.create(token('sync'))).toBe('created');
      expect(await other.apiTokens.create(scoped)).toBe('created');
      expect(await one.apiTokens.list()).toEqual([scoped, token('sync')]);
    });

    it('have a name each; one that is taken stays as it is', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const race = ['a', 'b', 'c'].map((hash) => registry.apiTokens.create(token('sync', { hash })));
      expect((await Promise.all(race)).toSorted()).toEqual(['created', 'name-taken', 'name-taken']);
      const [kept] = await registry.apiTokens.list();
      expect(await registry.apiTokens.create(token('sync', { role: 'admin' }))).toBe('name-taken');
      expect(await registry.apiTokens.list()).toEqual([kept]);
    });

    it('are gone once they are revoked, and their name is free', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      await one.apiTokens.create(token('sync'));
      expect(await other.apiTokens.revoke('sync')).toBe(true);
      expect(await one.apiTokens.list()).toEqual([]);
      expect(await one.apiTokens.revoke('sync')).toBe(false);
      expect(await one.apiTokens.create(token('sync', { role: 'admin' }))).toBe('created');
      expect(await other.apiTokens.list()).toMatchObject([{ role: 'admin' }]);
    });

    it('are bounded in number', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const create = (at: number) => registry.apiTokens.create(token(`token ${at}`));
      await Promise.all(Array.from({ length: maxApiTokens }, (_, at) => create(at)));
      expect(await create(maxApiTokens)).toBe('full');
      expect(await create(0)).toBe('name-taken');
      await registry.apiTokens.revoke('token 7');
      expect(await create(maxApiTokens)).toBe('created');
      expect(await registry.apiTokens.list()).toHaveLength(maxApiTokens);
    });
  });
}

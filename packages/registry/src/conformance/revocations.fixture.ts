import { describe, expect, it } from 'vitest';
import type { CreateStore } from './store.fixture.ts';

export function describeRevocations(createStore: CreateStore): void {
  describe('revocations', () => {
    it('are there for everybody, each once, until the certificates have ended', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      expect(await other.revocations.list()).toEqual([]);
      const [a, b] = [revocation('0A'), revocation('0B')];
      await one.revocations.add([b, { ...revocation('00'), expiresAtMs: 1 }]);
      await one.revocations.add([a, b]);
      expect(await other.revocations.list()).toEqual([a, b]);
      await other.revocations.add([]);
      expect(await one.revocations.list()).toEqual([a, b]);
    });
  });
}

function revocation(serial: string) {
  const expiresAtMs = Date.now() + 86_400_000;
  return { serial, member: 'pushfleet://cluster/push-server/dp-1', revokedAtMs: 1_700_000_000_000, expiresAtMs };
}

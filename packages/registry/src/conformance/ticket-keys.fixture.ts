import { describe, expect, it } from 'vitest';
import { type CreateStore, eventually, soonMs } from './store.fixture.ts';

export function describeTicketKeys(createStore: CreateStore): void {
  describe('ticket keys', () => {
    it('lists the keys of all balancers as they were published', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      await one.ticketKeys.publish(ticketKey('b'), 60_000);
      await other.ticketKeys.publish(ticketKey('a'), 60_000);
      expect(await one.ticketKeys.list()).toEqual([ticketKey('a'), ticketKey('b')]);
    });

    it('lists no key whose lifetime has ended', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.ticketKeys.publish(ticketKey('short'), soonMs);
      await registry.ticketKeys.publish(ticketKey('long'), 60_000);
      expect(await registry.ticketKeys.list()).toHaveLength(2);

      await eventually(async () => {
        // As balancers do: time goes on only where somebody writes.
        await registry.ping();
        expect(await registry.ticketKeys.list()).toEqual([ticketKey('long')]);
      });
      await registry.ticketKeys.publish(ticketKey('other'), 60_000);
      expect(await registry.ticketKeys.list()).toEqual([ticketKey('long'), ticketKey('other')]);
    });

    it('keeps a key that is published again', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.ticketKeys.publish(ticketKey('kept'), 300);
      await registry.ticketKeys.publish(ticketKey('gone'), 300);
      await registry.ticketKeys.publish(ticketKey('kept'), 60_000);
      await eventually(async () => expect(await registry.ticketKeys.list()).toEqual([ticketKey('kept')]));
    });
  });
}

function ticketKey(kid: string) {
  return { kid, jwk: { kty: 'OKP', crv: 'Ed25519', kid, x: `x of ${kid}`, key_ops: ['verify'] } };
}

import { describe, expect, it } from 'vitest';
import { mostBalancers } from '../balancers.ts';
import { type CreateStore, eventually } from './store.fixture.ts';

const minute = 60_000;

export function describeBalancers(createStore: CreateStore): void {
  describe('balancers', () => {
    it('are listed as they were announced, by whichever process', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const outspoken = { ...balancer('b'), software: { version: '0.2.0', node: '26.10.0' } };
      await one.balancers.announce(outspoken, minute);
      await other.balancers.announce(balancer('a'), minute);
      expect(await one.balancers.list()).toEqual([balancer('a'), outspoken]);
      expect(await other.balancers.list()).toEqual([balancer('a'), outspoken]);
      await other.balancers.withdraw(outspoken);
      expect(await one.balancers.list()).toEqual([balancer('a')]);
    });

    it('are listed until their time ends, which each announcement puts off', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.balancers.announce(balancer('gone'), 300);
      await registry.balancers.announce(balancer('kept'), 300);
      await registry.balancers.announce(balancer('kept'), minute);
      await eventually(async () => expect(await registry.balancers.list()).toEqual([balancer('kept')]));
      await registry.balancers.announce(balancer('gone'), minute);
      expect(await registry.balancers.list()).toEqual([balancer('gone'), balancer('kept')]);
    });

    it('are listed as long as nobody could announce anything', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.balancers.announce(balancer('a'), minute);
      await store.turn({ refusedMs: 60 * minute });
      expect(await registry.balancers.list()).toEqual([balancer('a')]);
      await store.turn({ idleMs: 2 * minute });
      expect(await registry.balancers.list()).toEqual([]);
    });

    it('are not listed once they were withdrawn, and no other is withdrawn with them', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.balancers.announce(balancer('a'), minute);
      await registry.balancers.announce(balancer('b'), minute);
      await registry.balancers.withdraw(balancer('a'));
      await registry.balancers.withdraw(balancer('a'));
      expect(await registry.balancers.list()).toEqual([balancer('b')]);
    });

    it('are bounded in number: those go whose time ends first', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      for (let index = 0; index <= mostBalancers; index += 1) {
        await registry.balancers.announce(balancer(`b-${index}`), minute + 1_000 * index);
      }
      const listed = (await registry.balancers.list()).map(({ balancerId }) => balancerId);
      expect(listed).toHaveLength(mostBalancers);
      expect(listed).not.toContain('b-0');
    });

    it('are told of data that was lost, once each, whoever is heard first', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const announce = (name: string, known?: string) => registry.balancers.announce(balancer(name), minute, known);
      const first = await announce('a');
      expect(first).toEqual({ verdict: 'ok', position: expect.any(String) });
      const second = await announce('a', first.position);
      const other = await announce('b');
      expect([second.verdict, other.verdict]).toEqual(['ok', 'ok']);

      await store.wipe();
      const lost = await announce('a', second.position);
      expect([lost.verdict, (await announce('b', other.position)).verdict]).toEqual(['lost', 'lost']);
      expect((await announce('a', lost.position)).verdict).toBe('ok');
    });

    it('are told of data from before the position that they know', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const { position } = await registry.balancers.announce(balancer('a'), minute);
      await store.turn({ idleMs: -minute });
      const back = await registry.balancers.announce(balancer('a'), minute, position);
      expect(back.verdict).toBe('lost');
    });
  });
}

function balancer(balancerId: string) {
  return { balancerId, peerAddress: `${balancerId}.example:40000` };
}

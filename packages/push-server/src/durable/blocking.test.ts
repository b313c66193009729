import type { CloseReason } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { createDeliveryHarness } from './durable-delivery.fixture.ts';

type World = Awaited<ReturnType<typeof createDeliveryHarness>>;
type Device = Awaited<ReturnType<World['connect']>>;

const idOf = (seen: string) => seen.split(' ')[1]?.replace(/^d-/, '') ?? '';

/** Takes commands in, one after the other, until one ends its link. Then it comes back, as long as anything waits. */
class Fragile {
  links = 0;
  deaths = 0;
  readonly #world: World;
  readonly #isFatal: (name: string) => boolean;
  readonly #how: { ends: CloseReason; confirmsFirst: boolean };

  constructor(world: World, isFatal: (name: string) => boolean, how: { ends: CloseReason; confirmsFirst: boolean }) {
    this.#world = world;
    this.#isFatal = isFatal;
    this.#how = how;
  }

  async live(rounds: number): Promise<void> {
    while (this.links < rounds && (await this.#world.registry.commands.list(this.#world.device)).length > 0) {
      this.links += 1;
      await this.#liveOnce(await this.#world.connect());
    }
  }

  async #liveOnce(link: Device): Promise<void> {
    const taken = new Set<string>();
    for (let quietTicks = 0; quietTicks < 6; quietTicks += 1) {
      for (const name of link.seen().map(idOf)) {
        if (taken.has(name)) continue;
        taken.add(name);
        quietTicks = 0;
        if (this.#isFatal(name)) return this.#die(link, name);
        link.confirm(name);
        link.succeed(name);
      }
      await this.#world.tick();
      await this.#world.delivery.flush();
    }
    link.end('linkLost');
    await this.#world.delivery.flush();
  }

  async #die(link: Device, name: string): Promise<void> {
    this.deaths += 1;
    if (this.#how.confirmsFirst) link.confirm(name);
    link.end(this.#how.ends);
    await this.#world.delivery.flush();
  }
}

const outcomes = async (world: World, names: string[]) =>
  Promise.all(names.map(async (name) => (await world.find(name))?.outcome));

describe('a command that ends its link', { timeout: 30_000 }, () => {
  it.each<[CloseReason, boolean, string, number]>([
    ['linkLost', false, 'OUTCOME_REJECTED', 2],
    ['deviceError', false, 'OUTCOME_REJECTED', 2],
    ['protocolError', false, 'OUTCOME_REJECTED', 2],
    ['linkLost', true, 'OUTCOME_UNKNOWN', 5],
    ['goodbye', false, 'OUTCOME_REJECTED', 5],
    ['keepAliveTimeout', false, 'OUTCOME_REJECTED', 5],
  ])(
    'by %s, confirmed first: %s, becomes %s after %d links, and all others arrive',
    async (ends, confirmsFirst, outcome, links) => {
      await using world = await createDeliveryHarness();
      for (const name of ['a', 'b', 'fatal', 'c', 'd']) await world.put(name, { ttlMs: 3_600_000 });
      const device = new Fragile(world, (name) => name === 'fatal', { ends, confirmsFirst });
      await device.live(12);
      await vi.waitFor(async () =>
        expect(await outcomes(world, ['a', 'b', 'c', 'd'])).toEqual(Array(4).fill('OUTCOME_SUCCEEDED')),
      );
      const fatal = await world.find('fatal');
      expect(fatal).toMatchObject({ outcome, reason: expect.stringContaining(ends) });
      expect([device.links, device.deaths]).toEqual([links, links]);
      // Whoever follows it is told to look.
      expect(
        world
          .reports()
          .filter((text) => text.includes('d-fatal'))
          .at(-1),
      ).toBe('linkLost d-fatal to every');
    },
  );

  it('is found among several, and each innocent one arrives', async () => {
    await using world = await createDeliveryHarness();
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    for (const name of names) await world.put(name, { ttlMs: 3_600_000 });
    const isFatal = (name: string) => ['n0', 'n7', 'n39'].includes(name);
    await new Fragile(world, isFatal, { ends: 'linkLost', confirmsFirst: false }).live(30);
    const expected = names.map((name) => (isFatal(name) ? 'OUTCOME_REJECTED' : 'OUTCOME_SUCCEEDED'));
    expect(await outcomes(world, names)).toEqual(expected);
  });

  it.each<CloseReason>([
    'serverShuttingDown',
    'useAnotherServer',
    'sessionTakenOver',
    'registryUnavailable',
    'tooSlow',
  ])('is not to blame for %s, however often', async (ends) => {
    await using world = await createDeliveryHarness();
    await world.put('a', { ttlMs: 3_600_000 });
    await new Fragile(world, () => true, { ends, confirmsFirst: false }).live(8);
    expect(await world.find('a')).toMatchObject({ outcome: 'OUTCOME_ROUTED' });
  });

  it('that the device takes in at last goes its way', async () => {
    await using world = await createDeliveryHarness();
    await world.put('a', { ttlMs: 3_600_000 });
    let deaths = 0;
    const device = new Fragile(world, () => ++deaths <= 1, { ends: 'linkLost', confirmsFirst: false });
    await device.live(8);
    expect(await world.find('a')).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED' });
  });

  it('is written once the registry is back', async () => {
    await using world = await createDeliveryHarness();
    await world.put('a', { ttlMs: 3_600_000 });
    const device = new Fragile(world, () => true, { ends: 'linkLost', confirmsFirst: false });
    await device.live(1);
    world.commands.lostAnswers = 1;
    await device.live(2);
    await vi.waitFor(async () => {
      await world.tick();
      expect(await world.find('a')).toMatchObject({ outcome: 'OUTCOME_REJECTED' });
      expect(world.reports()).toEqual(['linkLost d-a to every']);
    });
  });
});

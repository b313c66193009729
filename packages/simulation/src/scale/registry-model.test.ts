import type { NodeId } from '@pushfleet/protocol';
import { choosePlaces, rankPlaces } from '@pushfleet/registry/placement';
import { earliestSlot } from '@pushfleet/registry/slots';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deviceIdOf, type NodeEntry, RegistryModel } from './registry-model.ts';

const nowMs = 100_000;
const sites = 2;

const entry = fc.record({
  used: fc.integer({ min: 0, max: 4 }),
  capacity: fc.integer({ min: 3, max: 4 }),
  ready: fc.boolean(),
  overloaded: fc.boolean(),
  nextSlotMs: fc.constantFrom(0, nowMs, nowMs + 1_000, nowMs + 3_000, nowMs + 30_000),
});

const situation = fc.record({
  nodes: fc.array(entry, { minLength: sites, maxLength: 8 }),
  avoid: fc.array(fc.nat(7), { maxLength: 3 }),
  device: fc.nat(1_000),
  site: fc.nat(sites - 1),
});

/** The choice of the registry itself. */
function chosenBy(nodes: readonly NodeEntry[], device: number, site: number, avoid: readonly number[]) {
  const ids = (isOwn: boolean) => nodes.filter((one) => (one.site === site) === isOwn).map(({ id }) => id);
  const avoided = avoid.flatMap((index) => nodes[index]?.id ?? []);
  const request = { device: deviceIdOf(device), tiers: [ids(true), ids(false)], avoid: avoided };
  const ready = rankPlaces({ ...request, lapseMs: 0, backups: 0 }).flatMap((place) => {
    const { used, capacity, overloaded, nextSlotMs, ready } = nodes.find(({ id }) => id === place.node) as NodeEntry;
    const slotMs = earliestSlot(nowMs, nextSlotMs, overloaded);
    return ready ? [{ ...place, used, capacity, weight: 100, impaired: false, overloaded, slotMs }] : [];
  });
  const choice = choosePlaces({ ready, held: undefined, backups: 0, nowMs });
  return choice.kind === 'reserved' ? choice.primary : undefined;
}

it('reserves where the registry would', () => {
  fc.assert(
    fc.property(situation, ({ nodes: drawn, avoid, device, site }) => {
      const nodes = drawn.map((one, index) => {
        return { ...one, id: `dp-${index}` as NodeId, site: index % sites, acceptsPerSecond: 100 };
      });
      const wanted = chosenBy(nodes, device, site, avoid);
      const reserved = new RegistryModel(nodes, true).reserve(device, site, avoid, nowMs);
      expect(reserved && nodes[reserved.node]?.id).toBe(wanted);
    }),
    { numRuns: 2_000 },
  );
});

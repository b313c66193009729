import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReservationRequest, ReserveResult } from '../assignments.ts';
import type { ListedNode } from '../nodes.ts';
import { deviceId, found, impairing, nodeId, nodeRecord } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

const names = ['a', 'b', 'c', 'd', 'e'];

const arbitraryNodes = fc
  .array(
    fc.record({
      capacity: fc.integer({ min: 0, max: 6 }),
      live: fc.integer({ min: 0, max: 3 }),
      weight: fc.constantFrom(100, 100, 50, 200, 1),
      overloaded: fc.constantFrom(false, false, false, true),
      status: fc.constantFrom('ready' as const, 'ready' as const, 'ready' as const, 'draining' as const),
    }),
    { minLength: 1, maxLength: names.length },
  )
  .map((samples) => samples.map((sample, index) => nodeRecord({ ...sample, id: names[index] ?? '' })));

const arbitraryImpaired = fc.subarray(names, { maxLength: 3 });

const arbitraryRequest: fc.Arbitrary<ReservationRequest> = fc.record({
  device: fc.integer({ min: 0, max: 9 }).map(deviceId),
  tiers: fc.array(fc.uniqueArray(fc.constantFrom(...names.map(nodeId)), { maxLength: 4 }), { maxLength: 3 }),
  avoid: fc.uniqueArray(fc.constantFrom(...names.map(nodeId)), { maxLength: 2 }),
  lapseMs: fc.constant(60_000),
  backups: fc.integer({ min: 0, max: 3 }),
  onlySound: fc.constantFrom(false, false, true),
  owns: fc.constantFrom(undefined, undefined, ...names.map(nodeId)),
});

/** The promise of the port, said once more without a registry. */
export function describeReserveModel(createStore: CreateStore): void {
  describe('reserve, for any push servers and any sequence of requests', () => {
    it('always picks a best place and never breaks a limit', async () => {
      const requests = fc.array(arbitraryRequest, { minLength: 1, maxLength: 25 });
      await fc.assert(
        fc.asyncProperty(arbitraryNodes, arbitraryImpaired, requests, async (nodes, impaired, sequence) => {
          await using store = await createStore();
          await using registry = await store.open();
          for (const node of nodes) await registry.nodes.register(node);
          for (const id of impaired) await registry.nodes.setProblem(found({ id, problem: impairing }));
          const kept = new Kept();
          for (const request of sequence) {
            const before = await registry.nodes.list();
            const answer = await registry.assignments.reserve(request);
            expectRight(request, before, kept.of(request), answer);
            kept.update(request, before, answer);
            expectCounted(await registry.nodes.list(), kept.places);
          }
        }),
        { numRuns: 200 },
      );
    });

    it('keeps equal push servers equal to within one device', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 }), async (servers, devices) => {
          await using store = await createStore();
          await using registry = await store.open();
          const tier = names.slice(0, servers).map(nodeId);
          for (const id of tier) await registry.nodes.register(nodeRecord({ id, capacity: 1_000 }));
          const requests = Array.from({ length: devices }, (_, index) => deviceId(index));
          await Promise.all(
            requests.map((device) =>
              registry.assignments.reserve({ device, tiers: [tier], avoid: [], lapseMs: 60_000, backups: 0 }),
            ),
          );
          const loads = (await registry.nodes.list()).map((node) => node.reserved);
          expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
        }),
        { numRuns: 30 },
      );
    });
  });
}

/** A reservation as the model knows it; a slot at the device's own place takes no place. */
interface KeptReservation {
  node: string | undefined;
  takesPlace: boolean;
}

class Kept {
  /** Push servers by device. */
  readonly places = new Map<string, string>();
  readonly #ownPlaces = new Map<string, string>();

  of({ device, owns }: ReservationRequest): KeptReservation {
    const own = this.#ownPlaces.get(device);
    return { node: this.places.get(device) ?? (own === owns ? own : undefined), takesPlace: this.places.has(device) };
  }

  update(request: ReservationRequest, before: readonly ListedNode[], answer: ReserveResult): void {
    const { node, takesPlace } = this.of(request);
    this.places.delete(request.device);
    this.#ownPlaces.delete(request.device);
    if (answer.kind !== 'reserved') return;
    // A reservation that stands is not given up for the own place; one that is made anew takes no place there.
    const stood = node === answer.primary && stands(request, before, node);
    const takes = stood ? takesPlace : answer.primary !== request.owns;
    (takes ? this.places : this.#ownPlaces).set(request.device, answer.primary);
  }
}

function rankOf(request: ReservationRequest, id: string): number {
  const tier = request.tiers.findIndex((nodes) => nodes.some((node) => node === id));
  return request.avoid.some((node) => node === id) ? request.tiers.length + tier : tier;
}

/** Whether a reservation on that push server stands. */
function stands(request: ReservationRequest, nodes: readonly ListedNode[], held: string): boolean {
  const isNamed = request.tiers.flat().some((node) => node === held);
  const node = nodes.find(({ nodeId: id }) => id === held);
  return isNamed && node?.status === 'ready' && !node.found && rankOf(request, held) < request.tiers.length;
}

function expectRight(
  request: ReservationRequest,
  nodes: ListedNode[],
  { node: held, takesPlace }: KeptReservation,
  answer: ReserveResult,
) {
  const named = nodes.filter((node) => node.status === 'ready' && request.tiers.flat().includes(node.nodeId));
  const ready = named.filter((node) => !(request.onlySound && (node.found || node.overloaded)));
  const rank = (id: string) => rankOf(request, id);
  const isKept = held !== undefined && stands(request, nodes, held);
  const own = (node: ListedNode) => (node.nodeId === request.owns ? 1 : 0);
  const used = (node: ListedNode) =>
    node.live + node.reserved - (node.nodeId === held && takesPlace && !isKept ? 1 : 0) - own(node);
  const load = (node: ListedNode) => used(node) / (node.capacity * node.weight);
  const better = (a: ListedNode, b: ListedNode) =>
    Number(a.overloaded) - Number(b.overloaded) || rank(a.nodeId) - rank(b.nodeId) || load(a) - load(b);
  const room = ready.filter((node) => used(node) < node.capacity && !(isKept && node.nodeId === held));
  // Impaired ones come into question only where there is no other.
  const sound = room.filter((node) => !node.found);
  const withRoom = isKept || sound.length > 0 ? sound : room;

  if (ready.length === 0 && !isKept) return expect(answer).toEqual({ kind: 'none-ready' });
  if (!isKept && withRoom.length === 0) return expect(answer).toEqual({ kind: 'full' });
  if (answer.kind !== 'reserved') throw new Error(`there was room, the answer was ${answer.kind}`);

  const place = (id: string) => named.find((node) => node.nodeId === id) as ListedNode;
  const chosen = [...(isKept ? [] : [answer.primary]), ...answer.backups].map(place);
  if (isKept) expect(answer.primary).toBe(held);
  // Equally good ones may come in any order, so grades are compared, not names.
  const best = [...withRoom].sort(better).slice(0, chosen.length);
  const grade = (node: ListedNode) => [node.overloaded, rank(node.nodeId), load(node)];
  expect(chosen.map(grade)).toEqual(best.map(grade));
  const all = [answer.primary, ...answer.backups];
  expect(new Set(all).size).toBe(all.length);
  expect(answer.backups).toHaveLength(Math.min(request.backups, withRoom.length - (isKept ? 0 : 1)));
}

function expectCounted(nodes: ListedNode[], held: Map<string, string>): void {
  for (const node of nodes) {
    expect(node.reserved).toBe([...held.values()].filter((id) => id === node.nodeId).length);
    if (node.reserved > 0) expect(node.live + node.reserved).toBeLessThanOrEqual(node.capacity);
  }
}

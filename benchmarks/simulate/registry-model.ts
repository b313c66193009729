import type { DeviceId, NodeId } from '@pushfleet/protocol';
import { choosePlaces, type ReadyPlace, rankPlaces } from '@pushfleet/registry/placement';
import { connectAfterMs, earliestSlot, slotAfter } from '@pushfleet/registry/slots';

/** The record of a push server, as far as reservations need it. */
export interface NodeEntry {
  id: NodeId;
  site: number;
  /** Links, and places kept. */
  used: number;
  capacity: number;
  ready: boolean;
  overloaded: boolean;
  acceptsPerSecond: number;
  /** When its next free slot is. */
  nextSlotMs: number;
}

export interface Reservation {
  node: number;
  connectAfterMs: number;
}

/** Reservations by the code that the registry runs, with its records in memory. */
export class RegistryModel {
  readonly nodes: readonly NodeEntry[];
  readonly #paced: boolean;
  readonly #tiers: readonly (readonly NodeId[])[][];
  readonly #byId: ReadonlyMap<NodeId, number>;

  /** @param paced Whether devices get slots. */
  constructor(nodes: readonly NodeEntry[], paced: boolean) {
    this.nodes = nodes;
    this.#paced = paced;
    this.#byId = new Map(nodes.map(({ id }, index) => [id, index]));
    const sites = Math.max(...nodes.map(({ site }) => site)) + 1;
    // A site's own push servers first, then those of all others.
    this.#tiers = Array.from({ length: sites }, (_, at) => [
      nodes.filter(({ site }) => site === at).map(({ id }) => id),
      nodes.filter(({ site }) => site !== at).map(({ id }) => id),
    ]);
  }

  /**
   * `undefined`: no push server is ready and has room.
   * @param only The push server that comes into question; absent: all that do for a device of the site.
   */
  reserve(
    device: number,
    site: number,
    avoid: readonly NodeId[],
    nowMs: number,
    only?: NodeId,
  ): Reservation | undefined {
    const tiers = only === undefined ? (this.#tiers[site] ?? []) : [[only]];
    const places = rankPlaces({ device: `device-${device}` as DeviceId, tiers, avoid, lapseMs: 0, backups: 0 });
    const ready = places.flatMap((place) => this.#readyPlace(place, nowMs));
    const chosen = choosePlaces({ ready, held: undefined, backups: 0, nowMs });
    if (chosen.kind !== 'reserved') return undefined;
    const node = this.#byId.get(chosen.primary) as number;
    const entry = this.nodes[node] as NodeEntry;
    entry.used += 1;
    return { node, connectAfterMs: this.#takeSlot(entry, nowMs) };
  }

  release(node: number): void {
    (this.nodes[node] as NodeEntry).used -= 1;
  }

  #readyPlace(place: { node: NodeId; rank: number }, nowMs: number): ReadyPlace[] {
    const entry = this.nodes[this.#byId.get(place.node) as number] as NodeEntry;
    if (!entry.ready) return [];
    const { used, capacity } = entry;
    const overloaded = this.#paced && entry.overloaded;
    const slotMs = this.#paced ? earliestSlot(nowMs, entry.nextSlotMs, overloaded) : nowMs;
    return [{ ...place, used, capacity, weight: 100, impaired: false, overloaded, slotMs }];
  }

  #takeSlot(entry: NodeEntry, nowMs: number): number {
    if (!this.#paced) return 0;
    const slotMs = earliestSlot(nowMs, entry.nextSlotMs, entry.overloaded);
    entry.nextSlotMs = slotAfter(slotMs, entry.acceptsPerSecond);
    return connectAfterMs(nowMs, slotMs);
  }
}

import type { DeviceId, NodeId } from '@pushfleet/protocol';
import { rankPlaces } from '@pushfleet/registry/placement';
import { connectAfterMs, earliestSlot, latestGoodSlot, slotAfter } from '@pushfleet/registry/slots';

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

/** Which push servers come into question at once: those that are as good as one another but for their load and their slots. */
interface Group {
  readonly nodes: readonly number[];
  readonly avoid: readonly number[];
  readonly isAvoided: boolean;
  readonly isOverloaded: boolean;
}

/**
 * Reservations with the registry's records in memory. Chooses what `choosePlaces` would, which registry-model.test.ts proves, but looks
 * at the push servers of one group only, ranks none that is not as good as the best, and makes no object for any of them.
 */
export class RegistryModel {
  readonly nodes: readonly NodeEntry[];
  readonly #paced: boolean;
  /** For each site its own push servers, then those of all others. */
  readonly #tiers: readonly (readonly number[])[][];

  /** @param paced Whether devices get slots. */
  constructor(nodes: readonly NodeEntry[], paced: boolean) {
    this.nodes = nodes;
    this.#paced = paced;
    const sites = Math.max(...nodes.map(({ site }) => site)) + 1;
    const indexes = nodes.map((_, index) => index);
    this.#tiers = Array.from({ length: sites }, (_, at) => [
      indexes.filter((index) => this.#at(index).site === at),
      indexes.filter((index) => this.#at(index).site !== at),
    ]);
  }

  /**
   * `undefined`: no push server is ready and has room.
   * @param only The push server that comes into question; absent: all that do for a device of the site.
   */
  reserve(
    device: number,
    site: number,
    avoid: readonly number[],
    nowMs: number,
    only?: number,
  ): Reservation | undefined {
    const tiers = only === undefined ? (this.#tiers[site] ?? []) : [[only]];
    const node = this.#choose(device, tiers, avoid, nowMs);
    if (node === undefined) return undefined;
    const entry = this.#at(node);
    entry.used += 1;
    return { node, connectAfterMs: this.#takeSlot(entry, nowMs) };
  }

  release(node: number): void {
    this.#at(node).used -= 1;
  }

  #at(index: number): NodeEntry {
    return this.nodes[index] as NodeEntry;
  }

  /** The best group that has a push server with room decides: those without overload first, then by tier, avoided ones last. */
  #choose(
    device: number,
    tiers: readonly (readonly number[])[],
    avoid: readonly number[],
    nowMs: number,
  ): number | undefined {
    for (const isOverloaded of [false, true]) {
      for (const isAvoided of avoid.length > 0 ? [false, true] : [false]) {
        for (const nodes of tiers) {
          const node = this.#chooseOf(device, { nodes, avoid, isAvoided, isOverloaded }, nowMs);
          if (node !== undefined) return node;
        }
      }
    }
    return undefined;
  }

  /** The least loaded one whose slot is about as early as any. */
  #chooseOf(device: number, group: Group, nowMs: number): number | undefined {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const index of group.nodes) {
      if (this.#isOf(group, index)) earliestMs = Math.min(earliestMs, this.#slotMs(index, nowMs));
    }
    if (earliestMs === Number.POSITIVE_INFINITY) return undefined;
    const latestMs = latestGoodSlot(nowMs, earliestMs);
    let leastLoad = Number.POSITIVE_INFINITY;
    let best: number[] = [];
    for (const index of group.nodes) {
      if (!this.#isOf(group, index) || this.#slotMs(index, nowMs) > latestMs) continue;
      const load = this.#at(index).used / this.#at(index).capacity;
      if (load < leastLoad) best = [index];
      else if (load === leastLoad) best.push(index);
      leastLoad = Math.min(leastLoad, load);
    }
    return best.length < 2 ? best[0] : this.#breakTie(device, best);
  }

  #isOf({ avoid, isAvoided, isOverloaded }: Group, index: number): boolean {
    const { ready, used, capacity, overloaded } = this.#at(index);
    return (
      ready &&
      used < capacity &&
      (this.#paced && overloaded) === isOverloaded &&
      (avoid.length === 0 || avoid.includes(index) === isAvoided)
    );
  }

  #slotMs(index: number, nowMs: number): number {
    if (!this.#paced) return nowMs;
    const { nextSlotMs, overloaded } = this.#at(index);
    return earliestSlot(nowMs, nextSlotMs, overloaded);
  }

  #breakTie(device: number, equals: readonly number[]): number | undefined {
    const tier = equals.map((index) => this.#at(index).id);
    const [first] = rankPlaces({
      ...{ device: deviceIdOf(device), tiers: [tier], avoid: [] },
      ...{ lapseMs: 0, backups: 0 },
    });
    return equals[tier.indexOf(first?.node as NodeId)];
  }

  #takeSlot(entry: NodeEntry, nowMs: number): number {
    if (!this.#paced) return 0;
    const slotMs = earliestSlot(nowMs, entry.nextSlotMs, entry.overloaded);
    entry.nextSlotMs = slotAfter(slotMs, entry.acceptsPerSecond);
    return connectAfterMs(nowMs, slotMs);
  }
}

export function deviceIdOf(device: number): DeviceId {
  return `device-${device}` as DeviceId;
}

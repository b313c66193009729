import type { DeviceId, NodeId } from '@pushfleet/protocol';
import type { ReservationRequest, ReserveResult } from './assignments.ts';

/** A push server where the device may go. */
export interface Place {
  node: NodeId;
  /** The lower, the sooner it is used. That of an avoided push server is at least the number of tiers. */
  rank: number;
}

/**
 * All push servers of the request, each once, in the order in which equally loaded ones are used: by rank, within a
 * rank by a hash of device and push server, so that ties do not all fall to the same one.
 */
export function rankPlaces({ device, tiers, avoid }: ReservationRequest): Place[] {
  const ranks = new Map<NodeId, number>();
  for (const [tier, nodes] of tiers.entries()) {
    for (const node of nodes) {
      if (!ranks.has(node)) ranks.set(node, avoid.includes(node) ? tiers.length + tier : tier);
    }
  }
  return [...ranks]
    .map(([node, rank]) => ({ node, rank, tie: tieBreak(device, node) }))
    .sort((a, b) => a.rank - b.rank || a.tie - b.tie)
    .map(({ node, rank }) => ({ node, rank }));
}

/** A ready push server as the registry knows it, in the order of `rankPlaces`. */
export interface ReadyPlace extends Place {
  used: number;
  capacity: number;
  /** Percent; see NodeRecord. */
  weight: number;
  /** Balancers do not get through to it. */
  impaired: boolean;
}

/** Picks among the ready ones; `held` is where the device has a reservation that stands: never an impaired one. */
export function choosePlaces(ready: readonly ReadyPlace[], held: NodeId | undefined, backups: number): ReserveResult {
  if (ready.length === 0) return { kind: 'none-ready' };
  const best = ready
    .filter((place) => place.used < place.capacity && place.node !== held)
    // Stable: equally loaded ones stay in their order.
    .sort((a, b) => Number(a.impaired) - Number(b.impaired) || a.rank - b.rank || loadOf(a) - loadOf(b));
  const sound = best.filter(({ impaired }) => !impaired);
  const [primary, ...rest] = [...(held === undefined ? [] : [held]), ...namesOf(sound)];
  if (primary !== undefined) return { kind: 'reserved', primary, backups: rest.slice(0, backups) };
  const [last, ...others] = namesOf(best);
  return last === undefined ? { kind: 'full' } : { kind: 'reserved', primary: last, backups: others.slice(0, backups) };
}

function namesOf(places: readonly Place[]): NodeId[] {
  return places.map(({ node }) => node);
}

function loadOf({ used, capacity, weight }: ReadyPlace): number {
  return used / (capacity * weight);
}

/** FNV-1a, then mixed: FNV alone barely moves for ids that differ at their end only. */
function tieBreak(device: DeviceId, node: NodeId): number {
  let hash = 0x811c9dc5;
  for (const text of [node, '/', device]) {
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

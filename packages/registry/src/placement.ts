import type { DeviceId, NodeId } from '@pushfleet/protocol';
import type { ReservationRequest } from './assignments.ts';
import { latestGoodSlot } from './slots.ts';

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
  overloaded: boolean;
  /** The earliest slot there. */
  slotMs: number;
}

export type Choice =
  | { kind: 'reserved'; primary: NodeId; backups: NodeId[] }
  | { kind: 'full' }
  | { kind: 'none-ready' };

export interface ChoiceInput {
  /** In the order of `rankPlaces`. */
  ready: readonly ReadyPlace[];
  /** The push server where the device has a reservation that stands: never an impaired one. */
  held: NodeId | undefined;
  backups: number;
  nowMs: number;
}

/** Picks among the ready ones. */
export function choosePlaces({ ready, held, backups, nowMs }: ChoiceInput): Choice {
  if (ready.length === 0 && held === undefined) return { kind: 'none-ready' };
  const withRoom = ready.filter((place) => place.used < place.capacity && place.node !== held);
  const sound = withRoom.filter(({ impaired }) => !impaired);
  if (held !== undefined) return { kind: 'reserved', primary: held, backups: namesOf(sound).slice(0, backups) };
  const best = byPreference(sound.length > 0 ? sound : withRoom);
  const primary = pickPrimary(best, nowMs);
  if (!primary) return { kind: 'full' };
  const others = best.filter((place) => place !== primary);
  return { kind: 'reserved', primary: primary.node, backups: namesOf(others).slice(0, backups) };
}

/** The first whose slot is about as early as any, among those that are as good but for their load. */
function pickPrimary(best: readonly ReadyPlace[], nowMs: number): ReadyPlace | undefined {
  const [first] = best;
  const equals = best.filter((place) => place.overloaded === first?.overloaded && place.rank === first.rank);
  const latestMs = latestGoodSlot(nowMs, Math.min(...equals.map(({ slotMs }) => slotMs)));
  return equals.find(({ slotMs }) => slotMs <= latestMs);
}

/** Stable: equally loaded ones stay in their order. */
function byPreference(places: readonly ReadyPlace[]): ReadyPlace[] {
  return [...places].sort(
    (a, b) => Number(a.overloaded) - Number(b.overloaded) || a.rank - b.rank || loadOf(a) - loadOf(b),
  );
}

function namesOf(places: readonly ReadyPlace[]): NodeId[] {
  return byPreference(places).map(({ node }) => node);
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

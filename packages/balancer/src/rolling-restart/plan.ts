import { type GroupPath, groupLineage, type NodeId } from '@pushfleet/protocol';
import type { DistributionPoint, RollingRestartStep } from '@pushfleet/registry';
import { statusOf } from '../fleet/view.ts';
import type { JudgedNode } from '../node-directory.ts';
import { sizeOf } from '../rebalance/plan.ts';
import { splitByShare } from '../rebalance/rebalance-run.ts';

export interface RollingRestartPlan {
  steps: RollingRestartStep[];
  /** Why devices would be without a push server meanwhile; `undefined`: they would not. */
  obstacle: string | undefined;
}

/** A push server that devices may be told to go to, as one moment of the plan has it. */
interface Place {
  nodeId: NodeId;
  groups: readonly GroupPath[];
  used: number;
  capacity: number;
  weight: number;
}

/** Restarting one alone is RestartNode. */
export const leastPushServers = 2;
const tooFew = 'fewer than two push servers take devices: they would have nowhere to go';

/** In their order: those first to which balancers do not get through, which a restart may help. */
const restartable = ['NODE_STATUS_UNREACHABLE', 'NODE_STATUS_READY', 'NODE_STATUS_OVERLOADED'] as const;

/** Whether it can be restarted now, its devices being told where to go. */
export function isRestartable(node: JudgedNode): boolean {
  return rankOf(node) >= 0;
}

/**
 * The order in which push servers would restart, and how many devices would leave each: its own, and those that have come from the
 * ones before it. Changes nothing.
 */
export function planRollingRestart(
  nodes: Iterable<JudgedNode>,
  points: readonly DistributionPoint[],
): RollingRestartPlan {
  const all = [...nodes].filter(({ status }) => status !== 'disabled');
  const groups = groupsOf(points);
  const order = all.filter(isRestartable).sort((a, b) => rankOf(a) - rankOf(b) || (a.nodeId < b.nodeId ? -1 : 1));
  const places = new Map(order.filter(takesDevices).map((node) => [node.nodeId, placeOf(node, groups)]));
  const obstacles = order.length < leastPushServers ? [tooFew] : [];
  const steps = order.map((node) => {
    const place = places.get(node.nodeId) ?? placeOf(node, groups);
    places.delete(node.nodeId);
    const { takers, room, problem } = roomFor(place, places.values());
    if (problem !== undefined) obstacles.push(`${node.nodeId}: ${problem}`);
    const step = stepOf(node.nodeId, { devices: place.used, room });
    spread(place.used, takers);
    // It comes back without devices.
    places.set(node.nodeId, { ...place, used: 0 });
    return step;
  });
  const leftOut = all
    .filter((node) => !isRestartable(node))
    .map((node) => stepOf(node.nodeId, { state: 'left-out', reason: describeNode(node) }));
  return { steps: [...steps, ...leftOut], obstacle: obstacles[0] };
}

/** Why the devices of a push server would have nowhere to go if it restarted now; `undefined`: there is room for them. */
export function roomProblem(
  node: JudgedNode,
  nodes: Iterable<JudgedNode>,
  points: readonly DistributionPoint[],
): string | undefined {
  const groups = groupsOf(points);
  const others = [...nodes].filter((other) => other.nodeId !== node.nodeId && takesDevices(other));
  return roomFor(
    placeOf(node, groups),
    others.map((other) => placeOf(other, groups)),
  ).problem;
}

/** In words, with what is wrong: `unreachable, certificate expired: its certificate …`. */
export function describeNode(node: JudgedNode | undefined): string {
  if (!node) return 'it is not listed any more';
  const status = statusOf(node).slice('NODE_STATUS_'.length).toLowerCase().replaceAll('_', ' ');
  const { problem } = node;
  if (!problem) return status;
  const detail = problem.detail === '' ? '' : `: ${problem.detail}`;
  return `${status}, ${problem.kind.replaceAll('-', ' ')}${detail}`;
}

function rankOf(node: JudgedNode): number {
  return (restartable as readonly string[]).indexOf(statusOf(node));
}

/** One that is overloaded for the moment counts: it will take devices again. */
function takesDevices({ status, liveness }: JudgedNode): boolean {
  return status === 'ready' && liveness === 'alive';
}

function groupsOf(points: readonly DistributionPoint[]): ReadonlyMap<NodeId, readonly GroupPath[]> {
  return new Map(points.filter(({ pushServer }) => pushServer.enabled).map(({ id, groups }) => [id, groups]));
}

function placeOf(node: JudgedNode, groups: ReadonlyMap<NodeId, readonly GroupPath[]>): Place {
  const { nodeId, live, reserved, capacity, weight } = node;
  return { nodeId, groups: groups.get(nodeId) ?? [], used: live + reserved, capacity, weight };
}

/**
 * Which others can take devices of a push server: those that serve one of its groups, or one above it. Of what kind its devices
 * are is not known, so that each of its groups must have somebody.
 */
function roomFor({ groups, used }: Place, others: Iterable<Place>) {
  const candidates = [...others];
  const serves = (place: Place, group: GroupPath) => groupLineage(group).some((path) => place.groups.includes(path));
  const takers = candidates.filter((place) => groups.some((group) => serves(place, group)));
  const room = takers.reduce((sum, place) => sum + freeOf(place), 0);
  const orphan = groups.find((group) => !candidates.some((place) => serves(place, group)));
  const devices = `its ${used} device${used === 1 ? '' : 's'} would have nowhere to go`;
  const problem =
    used === 0
      ? undefined
      : orphan !== undefined
        ? `no other push server that takes devices serves "${orphan}": ${devices}`
        : room < used
          ? `the others have room for ${room} of its ${used} devices`
          : undefined;
  return { takers, room, problem };
}

function freeOf({ capacity, used }: Place): number {
  return Math.max(0, capacity - used);
}

/** Adds devices to places as assignments do: the least loaded gets the next one. */
function spread(devices: number, takers: readonly Place[]): void {
  const level = levelFor(devices, takers);
  const amounts = takers.map((place) => amountAt(place, level));
  const parts = splitByShare(devices, amounts);
  for (const [at, place] of takers.entries()) place.used += parts[at] ?? 0;
}

/** No weight is so small that a place is never filled. */
const fullLevel = 1e6;

/** The load up to which places must be filled to hold so many devices more. */
function levelFor(devices: number, takers: readonly Place[]): number {
  let [low, high] = [0, fullLevel];
  for (let halvings = 0; halvings < 64; halvings += 1) {
    const middle = (low + high) / 2;
    const held = takers.reduce((sum, place) => sum + amountAt(place, middle), 0);
    if (held < devices) low = middle;
    else high = middle;
  }
  return high;
}

function amountAt(place: Place, level: number): number {
  const size = Math.max(sizeOf(place), place.capacity / fullLevel);
  return Math.ceil(Math.max(0, Math.min(place.capacity, level * size) - place.used));
}

function stepOf(nodeId: NodeId, change: Partial<RollingRestartStep>): RollingRestartStep {
  return { nodeId, state: 'waiting', reason: '', devices: 0, room: 0, moved: 0, remaining: 0, ...change };
}

import type { BootId, DeviceId } from '@pushfleet/protocol';
import type { HeartbeatDelta, ListedNode, Liveness, LivenessLimits, NodeProblem, NodeRecord } from './nodes.ts';
import { defaultAcceptsPerSecond } from './slots.ts';

export interface SeenNode {
  record: NodeRecord;
  /** By the registry's write clock, like `nowMs`. */
  seenAtMs: number;
  nowMs: number;
  reserved: number;
  found: NodeProblem | undefined;
}

export function toListedNode(
  { record, seenAtMs, nowMs, reserved, found }: SeenNode,
  limits: LivenessLimits,
): ListedNode {
  const silentMs = Math.max(0, nowMs - seenAtMs);
  const seen = { liveness: livenessOf(silentMs, limits), silentMs, live: liveLinks(record), reserved };
  const pace = { acceptsPerSecond: acceptRate(record), overloaded: record.overloaded ?? false };
  return { ...record, ...seen, ...pace, ...(found ? { found } : {}) };
}

/** Whether the push server may get devices, as far as it knows itself. */
export function isReady({ status, problem }: NodeRecord): boolean {
  return status === 'ready' && !problem?.impairs;
}

/** How many new devices the push server takes in a second, as far as that is known; at least one. */
export function acceptRate({ acceptsPerSecond, workers }: NodeRecord): number {
  return Math.max(1, Math.round(acceptsPerSecond ?? workers.length * defaultAcceptsPerSecond));
}

/** Those boot ids of which no listed push server that is not dead has a worker. */
export function orphansAmong(boots: readonly BootId[], nodes: Iterable<ListedNode>): BootId[] {
  const living = new Set<BootId>();
  for (const { liveness, workers } of nodes) {
    if (liveness !== 'dead') for (const { bootId } of workers) living.add(bootId);
  }
  return boots.filter((bootId) => !living.has(bootId));
}

/** The live links of all workers of a push server together. */
export function liveLinks(record: NodeRecord): number {
  return record.workers.reduce((sum, worker) => sum + worker.live, 0);
}

function livenessOf(silentMs: number, limits: LivenessLimits): Liveness {
  if (silentMs >= limits.deadAfterMs) return 'dead';
  return silentMs >= limits.suspectAfterMs ? 'suspect' : 'alive';
}

/** The devices that came to one life of a worker, and left it, since the last heartbeat; each device once. */
export interface BootDelta {
  bootId: BootId;
  arrived: Set<DeviceId>;
  left: Set<DeviceId>;
}

export function deltaByBoot({ arrived, left }: HeartbeatDelta): BootDelta[] {
  const boots = new Map<BootId, BootDelta>();
  const of = (bootId: BootId) => {
    const known = boots.get(bootId);
    if (known) return known;
    const made = { bootId, arrived: new Set<DeviceId>(), left: new Set<DeviceId>() };
    boots.set(bootId, made);
    return made;
  };
  for (const { device, bootId } of arrived) of(bootId).arrived.add(device);
  for (const { device, bootId } of left) of(bootId).left.add(device);
  return [...boots.values()];
}

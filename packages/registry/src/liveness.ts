import type { ListedNode, Liveness, LivenessLimits, NodeRecord } from './nodes.ts';

export interface SeenNode {
  record: NodeRecord;
  /** By the registry's clock, like `nowMs`. */
  seenAtMs: number;
  nowMs: number;
  reserved: number;
}

export function toListedNode({ record, seenAtMs, nowMs, reserved }: SeenNode, limits: LivenessLimits): ListedNode {
  // A clock that was set back makes nobody younger than now.
  const silentMs = Math.max(0, nowMs - seenAtMs);
  return { ...record, liveness: livenessOf(silentMs, limits), silentMs, live: liveLinks(record), reserved };
}

/** Of all workers together. */
export function liveLinks(record: NodeRecord): number {
  return record.workers.reduce((sum, worker) => sum + worker.live, 0);
}

function livenessOf(silentMs: number, limits: LivenessLimits): Liveness {
  if (silentMs >= limits.deadAfterMs) return 'dead';
  return silentMs >= limits.suspectAfterMs ? 'suspect' : 'alive';
}

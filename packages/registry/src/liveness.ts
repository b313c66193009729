import type { ListedNode, Liveness, LivenessLimits, NodeProblem, NodeRecord } from './nodes.ts';

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
  return { ...record, ...seen, ...(found ? { found } : {}) };
}

/** Whether it may get devices, as far as it knows. */
export function isReady({ status, problem }: NodeRecord): boolean {
  return status === 'ready' && !problem?.impairs;
}

/** Of all workers together. */
export function liveLinks(record: NodeRecord): number {
  return record.workers.reduce((sum, worker) => sum + worker.live, 0);
}

function livenessOf(silentMs: number, limits: LivenessLimits): Liveness {
  if (silentMs >= limits.deadAfterMs) return 'dead';
  return silentMs >= limits.suspectAfterMs ? 'suspect' : 'alive';
}

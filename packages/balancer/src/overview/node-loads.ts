import type { admin, NodeId } from '@pushfleet/protocol';
import type { DistributionPoint } from '@pushfleet/registry';
import { statusOf } from '../fleet/view.ts';
import type { JudgedNode } from '../node-directory.ts';

/** `undefined`: it was never known which there are. */
type Points = readonly DistributionPoint[] | undefined;

/** The push servers that are registered, and those that are to run and are not, in the order of their ids. */
export function nodeLoads(nodes: readonly JudgedNode[], points: Points): admin.NodeLoadInit[] {
  const missing = missingNodes(nodes, points).map(missingLoad);
  return [...nodes.map((node) => loadOf(node, isWanted(node.nodeId, points))), ...missing].sort((a, b) =>
    a.nodeId < b.nodeId ? -1 : 1,
  );
}

/** Those that are to run and are not registered. */
export function missingNodes(nodes: readonly JudgedNode[], points: Points): NodeId[] {
  const registered = new Set(nodes.map(({ nodeId }) => nodeId));
  return (points ?? []).flatMap(({ id, pushServer }) => (pushServer.enabled && !registered.has(id) ? [id] : []));
}

/** Whether its settings want it to run. Where they are not known it counts as wanted: it was registered by somebody. */
export function isWanted(id: NodeId, points: Points): boolean {
  return points === undefined || points.some((point) => point.id === id && point.pushServer.enabled);
}

function loadOf(node: JudgedNode, wanted: boolean): admin.NodeLoadInit & { nodeId: string } {
  const { nodeId, reserved, capacity, weight, liveness } = node;
  const live = liveness === 'dead' ? 0 : node.live;
  return {
    ...{ nodeId, distributionPointId: nodeId, status: statusOf(node), live, reserved, capacity, weight },
    conditions: conditionsOf(node, wanted),
  };
}

function missingLoad(nodeId: NodeId): admin.NodeLoadInit & { nodeId: string } {
  return { nodeId, distributionPointId: nodeId, conditions: ['NODE_CONDITION_LOST'] };
}

function conditionsOf(node: JudgedNode, wanted: boolean): admin.NodeCondition[] {
  const { status, liveness, overloaded, problem, live, reserved, capacity } = node;
  if (liveness === 'dead') return wanted ? ['NODE_CONDITION_LOST'] : [];
  const holds: readonly (readonly [admin.NodeCondition, boolean])[] = [
    ['NODE_CONDITION_DRAINING', status === 'draining'],
    ['NODE_CONDITION_OVERLOADED', overloaded],
    ['NODE_CONDITION_SUSPECT', liveness === 'suspect'],
    ['NODE_CONDITION_UNREACHABLE', status === 'unreachable'],
    ['NODE_CONDITION_FULL', status === 'ready' && live + reserved >= capacity],
    ['NODE_CONDITION_PROBLEM', problem !== undefined],
  ];
  return holds.flatMap(([condition, does]) => (does ? [condition] : []));
}

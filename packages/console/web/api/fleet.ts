import { queryOptions } from '@tanstack/react-query';
import { client, Problem } from './client.ts';
import type { DistributionPoint, Group, GroupPush, Maintenance, Node, Rebalance } from './messages.ts';
import { readAll } from './read-all.ts';

/** Time between two questions for what no stream tells of. */
const liveMs = 2_000;
/** The same while something is under way. */
const busyMs = 700;

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: () => readAll<Group>('/v1/groups', 'groups'),
  staleTime: 30_000,
});

export const pointsQuery = queryOptions({
  queryKey: ['distribution-points'],
  queryFn: () => readAll<DistributionPoint>('/v1/distribution-points', 'distributionPoints'),
  refetchInterval: 5_000,
});

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: () => readAll<Node>('/v1/nodes', 'nodes'),
  refetchInterval: liveMs,
});

/** Push servers, while something is expected to change soon. */
export const busyNodesQuery = { ...nodesQuery, refetchInterval: busyMs };

export function pointQuery(id: string) {
  return queryOptions({
    queryKey: ['distribution-points', id],
    queryFn: () => client.get<DistributionPoint>(pointPath(id)),
  });
}

/** The last drain or restart of a push server; `null`: there was none. */
export function maintenanceQuery(nodeId: string) {
  return queryOptions({
    queryKey: ['maintenance', nodeId],
    queryFn: () => orNull(client.get<Maintenance>(`${nodePath(nodeId)}/maintenance`)),
    refetchInterval: ({ state }) => (state.data && !state.data.endedAt ? busyMs : 5_000),
  });
}

/** The last rebalance; absent: there was none. */
export const rebalanceQuery = queryOptions({
  queryKey: ['rebalance'],
  queryFn: () => client.get<{ rebalance?: Rebalance }>('/v1/rebalance'),
  refetchInterval: ({ state }) => (state.data?.rebalance?.state === 'REBALANCE_STATE_RUNNING' ? busyMs : 5_000),
});

export const groupPushesQuery = queryOptions({
  queryKey: ['group-pushes'],
  queryFn: async () => {
    const { groupPushes } = await client.get<{ groupPushes: GroupPush[] }>('/v1/group-pushes', { pageSize: 20 });
    return groupPushes;
  },
  refetchInterval: liveMs,
});

export function pointPath(id: string): string {
  return `/v1/distribution-points/${encodeURIComponent(id)}`;
}

export function nodePath(nodeId: string): string {
  return `/v1/nodes/${encodeURIComponent(nodeId)}`;
}

async function orNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

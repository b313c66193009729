import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import type {
  DistributionPoint,
  GetRollingRestartResponse,
  Group,
  GroupPush,
  Maintenance,
  Node,
  Rebalance,
} from './messages.ts';
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

/** The last drain or restart of a push server. */
export function maintenanceQuery(nodeId: string) {
  return queryOptions({
    queryKey: ['maintenance', nodeId],
    queryFn: () => client.get<Maintenance>(`${nodePath(nodeId)}/maintenance`),
    refetchInterval: ({ state }) => (state.data && isMaintained(state.data) ? busyMs : 5_000),
  });
}

/** Whether a drain or restart has begun and not ended. */
export function isMaintained({ phase, endedAt }: Maintenance): boolean {
  return phase !== 'MAINTENANCE_PHASE_NONE' && endedAt === undefined;
}

/** The last rolling restart; absent: there was none. */
export const rollingRestartQuery = queryOptions({
  queryKey: ['rolling-restart'],
  queryFn: () => client.get<GetRollingRestartResponse>('/v1/rolling-restart'),
  refetchInterval: ({ state: { data } }) => (data?.rollingRestart && !data.rollingRestart.endedAt ? busyMs : 5_000),
});

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

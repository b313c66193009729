import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../api/client.ts';
import { nodePath } from '../../api/fleet.ts';
import type { Maintenance, Node } from '../../api/messages.ts';
import { readAll } from '../../api/read-all.ts';

export type RollingState = 'idle' | 'running' | 'stopping' | 'done' | 'failed';

export interface RollingRestart {
  state: RollingState;
  /** Those that have been restarted, and are ready again. */
  restarted: readonly string[];
  /** Why it stopped. */
  error: unknown;
  start: (nodeIds: readonly string[]) => void;
  /** The restart that is under way ends; the push servers after it are left alone. */
  stop: () => void;
}

const pollMs = 700;
const unhealthy: readonly Node['status'][] = ['NODE_STATUS_UNREACHABLE', 'NODE_STATUS_FAILED', 'NODE_STATUS_DEAD'];

/** Restarts push servers one after the other, as long as the page is open, and stops at the first that does not come back well. */
export function useRollingRestart(): RollingRestart {
  const queries = useQueryClient();
  const [state, setState] = useState<RollingState>('idle');
  const [restarted, setRestarted] = useState<readonly string[]>([]);
  const [error, setError] = useState<unknown>();
  const isStopped = useRef(false);
  useEffect(() => {
    isStopped.current = false;
    return () => {
      isStopped.current = true;
    };
  }, []);

  const start = useCallback(
    async (nodeIds: readonly string[]) => {
      isStopped.current = false;
      setState('running');
      setRestarted([]);
      setError(undefined);
      try {
        for (const nodeId of nodeIds) {
          if (isStopped.current) break;
          await restart(nodeId, () => queries.invalidateQueries({ queryKey: ['maintenance', nodeId] }));
          setRestarted((before) => [...before, nodeId]);
        }
        setState(isStopped.current ? 'idle' : 'done');
      } catch (failure) {
        setError(failure);
        setState('failed');
      }
    },
    [queries],
  );
  const stop = useCallback(() => {
    isStopped.current = true;
    setState('stopping');
  }, []);
  return { state, restarted, error, start: (nodeIds) => void start(nodeIds), stop };
}

/** Resolves when it is ready again. @throws Error that says why it is not */
async function restart(nodeId: string, onProgress: () => void): Promise<void> {
  const ordered = await client.request<Maintenance>('POST', `${nodePath(nodeId)}/restart`);
  if (ordered.kind !== 'MAINTENANCE_KIND_RESTART') throw new Error(`${nodeId} is being drained; end its drain first`);
  for (;;) {
    await pause();
    const maintenance = await client.get<Maintenance>(`${nodePath(nodeId)}/maintenance`);
    onProgress();
    if (maintenance.maintenanceId !== ordered.maintenanceId)
      throw new Error(`${nodeId} was told something else meanwhile`);
    if (!maintenance.endedAt) continue;
    const node = (await readAll<Node>('/v1/nodes', 'nodes')).find((one) => one.nodeId === nodeId);
    if (node?.status === 'NODE_STATUS_READY') return;
    if (node && unhealthy.includes(node.status)) throw new Error(`${nodeId} does not work after its restart`);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, pollMs);
  });
}

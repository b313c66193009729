import type { SessionCondition } from '@pushfleet/registry';
import type { JudgedNode } from '../node-directory.ts';
import type { DeviceWishes } from './parse.ts';

/** The condition for the registry that is wished: which lives of workers hold the session, or none of them. A session that another one holds is void. */
export function sessionCondition(
  { connected, nodeId, link }: Pick<DeviceWishes, 'connected' | 'nodeId' | 'link'>,
  nodes: Iterable<JudgedNode>,
): SessionCondition | undefined {
  if (connected === undefined && nodeId === undefined && link === undefined) return undefined;
  const living = [...nodes].filter(({ liveness }) => liveness !== 'dead');
  const asked = living.filter((node) => nodeId === undefined || node.nodeId === nodeId);
  const by = asked.flatMap(({ workers }) => workers.map(({ bootId }) => bootId));
  return connected === false ? { kind: 'not-held', by } : { kind: 'held', by, ...(link ? { link } : {}) };
}

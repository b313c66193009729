import { parseBootId, parseNodeId, parseWorkerId } from '@pushfleet/protocol';
import type { ListedNode } from '@pushfleet/registry';

/** A push server that is ready in its own eyes, with the workers `boots`. */
export function listedNode(change: Partial<ListedNode> = {}, ...boots: string[]): ListedNode {
  const nodeId = change.nodeId ?? parseNodeId('dp-1');
  const named = boots.length > 0 ? boots : [`${nodeId}-w0`];
  return {
    nodeId,
    bootId: parseBootId(`${nodeId}-boot`),
    status: 'ready',
    address: '10.0.0.7',
    port: 13_295,
    capacity: 100,
    weight: 100,
    workers: named.map((boot, index) => ({
      workerId: parseWorkerId(`w${index}`),
      bootId: parseBootId(boot),
      pid: 1,
      controlAddress: `push-server-1.invalid:${4_000 + index}`,
      live: 0,
      capacity: 100,
    })),
    liveness: 'alive',
    silentMs: 0,
    live: 0,
    reserved: 0,
    acceptsPerSecond: 200,
    overloaded: false,
    deviceTls: true,
    ...change,
  };
}

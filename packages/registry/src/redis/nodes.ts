import type { BootId, DeviceId, NodeId } from '@pushfleet/protocol';
import { liveLinks, toListedNode } from '../liveness.ts';
import type { ListedNode, LivenessLimits, NodeRecord, Nodes } from '../nodes.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisNodes implements Nodes {
  readonly #redis: RedisConnection;
  readonly #keys: string[];
  readonly #limits: LivenessLimits;

  constructor(redis: RedisConnection, keys: Keys, limits: LivenessLimits) {
    this.#redis = redis;
    this.#keys = [keys.nodes, keys.nodeStates, keys.reservations, keys.reservationLapses, keys.reserved];
    this.#limits = limits;
  }

  async register(node: NodeRecord): Promise<void> {
    await this.#redis.run(scripts.registerNode, this.#keys.slice(0, 2), encodeNode(node));
  }

  async beat(node: NodeRecord, arrived: readonly DeviceId[]): Promise<'ok' | 'fenced'> {
    // Each once: the script counts what it gives up.
    const args = [...encodeNode(node), ...new Set(arrived)];
    return (await this.#redis.run(scripts.beatNode, this.#keys, args)) === 1 ? 'ok' : 'fenced';
  }

  async retire(nodeId: NodeId, bootId: BootId): Promise<boolean> {
    return (await this.#redis.run(scripts.retireNode, this.#keys, [nodeId, bootId])) === 1;
  }

  async list(): Promise<ListedNode[]> {
    const [now, ...fields] = await this.#redis.run<string[]>(scripts.listNodes, this.#keys, []);
    const nodes: ListedNode[] = [];
    for (let index = 0; index < fields.length; index += 3) {
      const [record = '', seenAtMs, reserved] = fields.slice(index, index + 3);
      const seen = { record: JSON.parse(record) as NodeRecord, seenAtMs: Number(seenAtMs) };
      nodes.push(toListedNode({ ...seen, nowMs: Number(now), reserved: Number(reserved) }, this.#limits));
    }
    return nodes.sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  }
}

function encodeNode(node: NodeRecord): (string | number)[] {
  const ready = node.status === 'ready' ? 1 : 0;
  return [node.nodeId, node.bootId, ready, node.capacity, liveLinks(node), JSON.stringify(node)];
}

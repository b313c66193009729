import type { NodeId } from '@pushfleet/protocol';
import type { ListedNode, PushServerRegistry, WorkerRecord, WorkerRef } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';

const freshForMs = 1_000;

/** The push servers of the cluster, as the registry had them at most a second ago. */
export class NodeCache {
  readonly #nodes: PushServerRegistry['nodes'];
  readonly #clock: Clock;
  #listed: Promise<ListedNode[]> = Promise.resolve([]);
  #listedAtMs = Number.NEGATIVE_INFINITY;

  constructor(nodes: PushServerRegistry['nodes'], clock: Clock) {
    this.#nodes = nodes;
    this.#clock = clock;
  }

  async find(nodeId: NodeId): Promise<ListedNode | undefined> {
    return (await this.#list()).find((node) => node.nodeId === nodeId);
  }

  /** `undefined`: the worker runs no longer under that boot id. */
  async findWorker({ nodeId, workerId, bootId }: WorkerRef): Promise<WorkerRecord | undefined> {
    const node = await this.find(nodeId);
    return node?.workers.find((worker) => worker.workerId === workerId && worker.bootId === bootId);
  }

  /** The workers of some push servers, as far as these are known. */
  async workersOf(nodeIds: ReadonlySet<NodeId>): Promise<WorkerRef[]> {
    const nodes = (await this.#list()).filter(({ nodeId }) => nodeIds.has(nodeId));
    return nodes.flatMap(({ nodeId, workers }) =>
      workers.map(({ workerId, bootId }) => ({ nodeId, workerId, bootId })),
    );
  }

  #list(): Promise<ListedNode[]> {
    if (this.#clock.now() - this.#listedAtMs >= freshForMs) {
      this.#listedAtMs = this.#clock.now();
      this.#listed = this.#nodes.list();
    }
    return this.#listed;
  }
}

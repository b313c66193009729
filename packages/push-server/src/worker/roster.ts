import type { BootId, NodeId, WorkerId } from '@pushfleet/protocol';
import type { ListedNode, Nodes, WorkerRecord, WorkerRef } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';

const freshForMs = 1_000;

/** The push servers of the cluster, as the registry had them at most a second ago. */
export class Roster {
  readonly #nodes: Nodes;
  readonly #clock: Clock;
  #listed: Promise<ListedNode[]> = Promise.resolve([]);
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(nodes: Nodes, clock: Clock) {
    this.#nodes = nodes;
    this.#clock = clock;
  }

  async find(nodeId: NodeId): Promise<ListedNode | undefined> {
    return (await this.#list()).find((node) => node.nodeId === nodeId);
  }

  /** `undefined`: that life of that worker is over. */
  async findWorker({ nodeId, workerId, bootId }: WorkerRef): Promise<WorkerRecord | undefined> {
    const node = await this.find(nodeId);
    return node?.workers.find((worker) => isSame(worker, workerId, bootId));
  }

  #list(): Promise<ListedNode[]> {
    if (this.#clock.now() - this.#listedAt >= freshForMs) {
      this.#listedAt = this.#clock.now();
      this.#listed = this.#nodes.list();
    }
    return this.#listed;
  }
}

function isSame(worker: WorkerRecord, workerId: WorkerId, bootId: BootId): boolean {
  return worker.workerId === workerId && worker.bootId === bootId;
}

import type { NodeId } from '@pushfleet/protocol';
import type { ListedNode, Nodes, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

const refreshMs = 1_000;
const soonMs = 50;
/** The list counts as current for this long after the registry has answered. */
const currentForMs = 3_000;

/**
 * Which push servers there are, as the registry last said. While the registry does not answer, the last known ones
 * stay, so that commands over known routes go on.
 */
export class Roster implements Disposable {
  readonly #nodes: Nodes;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #listeners: (() => void)[] = [];
  #known = new Map<NodeId, ListedNode>();
  #refreshing: Promise<boolean> | undefined;
  #refreshingSoon: Promise<boolean> | undefined;
  #askedAtMs = 0;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #failing = false;
  #timer: Disposable | undefined;

  constructor(nodes: Nodes, clock: Clock, logger: Logger) {
    this.#nodes = nodes;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    this.#timer = this.#clock.every(refreshMs, () => void this.refresh());
    await this.refresh();
  }

  /** In the order of their ids. */
  get nodes(): Iterable<ListedNode> {
    return this.#known.values();
  }

  node(id: NodeId): ListedNode | undefined {
    return this.#known.get(id);
  }

  /** The worker lives this life on a push server that is not dead. */
  hasWorker({ nodeId, workerId, bootId }: WorkerRef): boolean {
    const node = this.#known.get(nodeId);
    if (!node || node.liveness === 'dead') return false;
    return node.workers.some((worker) => worker.workerId === workerId && worker.bootId === bootId);
  }

  /** The registry has answered lately. */
  get isCurrent(): boolean {
    return !this.#failing && this.#clock.now() - this.#refreshedAtMs <= currentForMs;
  }

  /** At least one push server is ready and alive. */
  get hasReadyNode(): boolean {
    return this.#known.values().some((node) => node.status === 'ready' && node.liveness === 'alive');
  }

  /** Called after each attempt to refresh. */
  onRefresh(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Asks the registry now; callers at the same time share one question. `false`: the registry does not answer. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** What the registry says from now on, not before; however many ask, the registry is asked at a bounded rate. */
  refreshSoon(): Promise<boolean> {
    this.#refreshingSoon ??= new Promise((resolve) => {
      const waitMs = this.#askedAtMs + soonMs - this.#clock.now();
      this.#clock.after(Math.max(0, waitMs), () => {
        this.#refreshingSoon = undefined;
        resolve(Promise.resolve(this.#refreshing).then(() => this.refresh()));
      });
    });
    return this.#refreshingSoon;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  async #ask(): Promise<boolean> {
    this.#askedAtMs = this.#clock.now();
    try {
      const nodes = await this.#nodes.list();
      this.#known = new Map(nodes.map((node) => [node.nodeId, node]));
      this.#refreshedAtMs = this.#clock.now();
      if (this.#failing) this.#logger.info('the registry answers again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.#logger.warn({ err: error }, 'the registry does not answer; the known push servers stay');
      this.#failing = true;
    }
    for (const listener of this.#listeners) listener();
    return !this.#failing;
  }
}

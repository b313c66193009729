import type { NodeId } from '@pushfleet/protocol';
import type { ListedNode, Registry, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

const refreshMs = 1_000;
const soonMs = 50;
/** The list counts as current for this long after the registry has answered. */
const currentForMs = 3_000;

/**
 * A push server as it is to be treated. One that is ready in its own eyes is `starting` until it has been tried, and
 * `unreachable` where devices or commands do not get through.
 */
export interface SeenNode extends Omit<ListedNode, 'status'> {
  status: ListedNode['status'] | 'unreachable';
}

/**
 * Which push servers there are, as the registry last said. While the registry does not answer, the last known ones
 * stay, so that commands over known routes go on; so they do while it takes no writes.
 */
export class NodeDirectory implements Disposable {
  readonly #registry: Pick<Registry, 'nodes' | 'ping'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #see: (node: ListedNode) => SeenNode;
  readonly #listeners: (() => void)[] = [];
  #known = new Map<NodeId, ListedNode>();
  #refreshing: Promise<void> | undefined;
  #refreshingSoon: Promise<void> | undefined;
  #askedAtMs = 0;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #pinging: Promise<void> | undefined;
  /** Why it cannot be read, and why it cannot be written. */
  #readProblem: string | undefined;
  #writeProblem: string | undefined;
  #told: string | undefined;
  #timer: Disposable | undefined;

  constructor(
    registry: Pick<Registry, 'nodes' | 'ping'>,
    clock: Clock,
    logger: Logger,
    see: (node: ListedNode) => SeenNode = (node) => node,
  ) {
    this.#see = see;
    this.#registry = registry;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    this.#timer = this.#clock.every(refreshMs, () => void this.refresh());
    await this.refresh();
  }

  /** In the order of their ids. */
  get nodes(): Iterable<SeenNode> {
    return this.#known.values().map(this.#see);
  }

  /** As the registry listed them. */
  get listed(): Iterable<ListedNode> {
    return this.#known.values();
  }

  node(id: NodeId): SeenNode | undefined {
    const node = this.#known.get(id);
    return node && this.#see(node);
  }

  /** The worker lives this life on a push server that is not dead. */
  hasWorker({ nodeId, workerId, bootId }: WorkerRef): boolean {
    const node = this.#known.get(nodeId);
    if (!node || node.liveness === 'dead') return false;
    return node.workers.some((worker) => worker.workerId === workerId && worker.bootId === bootId);
  }

  /** Why the registry is not of full use, in words; `undefined`: it has answered lately, and takes writes. */
  get registryProblem(): string | undefined {
    if (this.#told !== undefined) return this.#told;
    return this.#clock.now() - this.#refreshedAtMs <= currentForMs ? undefined : 'the registry does not answer';
  }

  /** At least one push server is ready, alive, and can be reached. */
  get hasReadyNode(): boolean {
    return this.#known.values().some((node) => this.#see(node).status === 'ready' && node.liveness === 'alive');
  }

  /** Called after each attempt to refresh. */
  onRefresh(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Asks the registry now; callers at the same time share one question. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** What the registry says from now on, not before; however many ask, the registry is asked at a bounded rate. */
  refreshSoon(): Promise<void> {
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

  async #ask(): Promise<void> {
    this.#askedAtMs = this.#clock.now();
    // A registry whose writes wait for somebody answers readers at once: they wait for nothing.
    this.#pinging ??= this.#ping().finally(() => {
      this.#pinging = undefined;
    });
    try {
      const nodes = await this.#registry.nodes.list();
      this.#known = new Map(nodes.map((node) => [node.nodeId, node]));
      this.#refreshedAtMs = this.#clock.now();
      this.#readProblem = undefined;
    } catch (error) {
      this.#readProblem = (error as Error).message;
    }
    this.#tell();
  }

  async #ping(): Promise<void> {
    this.#writeProblem = await this.#registry.ping().then(
      () => undefined,
      (error: Error) => error.message,
    );
    this.#tell();
  }

  #tell(): void {
    const problem = this.#readProblem ?? this.#writeProblem;
    if (problem !== this.#told) {
      if (problem === undefined) this.#logger.info('the registry is of full use again');
      else this.#logger.warn({ problem }, 'the registry is not of full use; the known push servers stay');
    }
    this.#told = problem;
    for (const listener of this.#listeners) listener();
  }
}

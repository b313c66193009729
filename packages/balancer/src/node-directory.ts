import type { NodeId } from '@pushfleet/protocol';
import type { ListedNode, Registry, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

const refreshMs = 1_000;
const soonMs = 50;
/** The list counts as current for this long after the registry has answered. */
const currentForMs = 3_000;

/**
 * A push server as this balancer is to treat it. One that says it is ready is `starting` until this balancer has tried it, and
 * `unreachable` where devices or commands do not get through.
 */
export interface JudgedNode extends Omit<ListedNode, 'status'> {
  status: ListedNode['status'] | 'unreachable';
}

/**
 * The push servers of the cluster as the registry last listed them. While the registry does not answer, or takes no writes, the last
 * known ones stay, so that commands over known routes go on.
 */
export class NodeDirectory implements Disposable {
  readonly #registry: Pick<Registry, 'nodes' | 'ping'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #judge: (node: ListedNode) => JudgedNode;
  readonly #listeners: (() => void)[] = [];
  #known = new Map<NodeId, ListedNode>();
  #refreshing: Promise<void> | undefined;
  #refreshingSoon: Promise<void> | undefined;
  #askedAtMs = 0;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #pinging: Promise<void> | undefined;
  /** The reasons why the registry cannot be read, and cannot be written; and the one of them that was reported last. */
  #readProblem: string | undefined;
  #writeProblem: string | undefined;
  #problem: string | undefined;
  #timer: Disposable | undefined;

  constructor(
    registry: Pick<Registry, 'nodes' | 'ping'>,
    clock: Clock,
    logger: Logger,
    judge: (node: ListedNode) => JudgedNode = (node) => node,
  ) {
    this.#judge = judge;
    this.#registry = registry;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    this.#timer = this.#clock.every(refreshMs, () => void this.refresh());
    await this.refresh();
  }

  /** All push servers, in the order of their ids. */
  get nodes(): Iterable<JudgedNode> {
    return this.#known.values().map(this.#judge);
  }

  /** All push servers as the registry listed them, not as they are to be treated. */
  get listed(): Iterable<ListedNode> {
    return this.#known.values();
  }

  node(id: NodeId): JudgedNode | undefined {
    const node = this.#known.get(id);
    return node && this.#judge(node);
  }

  /** Whether the worker still has this boot id, on a push server that is not dead. */
  hasWorker({ nodeId, workerId, bootId }: WorkerRef): boolean {
    const node = this.#known.get(nodeId);
    if (!node || node.liveness === 'dead') return false;
    return node.workers.some((worker) => worker.workerId === workerId && worker.bootId === bootId);
  }

  /** The reason why the registry is not of full use, in words; `undefined`: it has answered lately, and takes writes. */
  get registryProblem(): string | undefined {
    if (this.#problem !== undefined) return this.#problem;
    return this.#clock.now() - this.#refreshedAtMs <= currentForMs ? undefined : 'the registry does not answer';
  }

  /** Whether at least one push server is ready, alive, and can be reached. */
  get hasReadyNode(): boolean {
    return this.#known.values().some((node) => this.#judge(node).status === 'ready' && node.liveness === 'alive');
  }

  /** Push servers that are alive and cannot keep up with the devices that come. */
  get overloadedNodes(): NodeId[] {
    return [...this.#known.values()].flatMap(({ nodeId, overloaded, liveness }) =>
      overloaded && liveness === 'alive' ? [nodeId] : [],
    );
  }

  /** How many new devices all ready push servers together can take in a second. */
  get acceptsPerSecond(): number {
    return this.#known.values().reduce((sum, node) => {
      const takes = this.#judge(node).status === 'ready' && node.liveness === 'alive';
      return sum + (takes ? node.acceptsPerSecond : 0);
    }, 0);
  }

  /** Called after each attempt to refresh. */
  onRefresh(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Reads the list now; callers at the same time share one read. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Reads the list as it is from now on, not before; however many ask, the registry is read at most every 50 ms. */
  refreshSoon(): Promise<void> {
    this.#refreshingSoon ??= this.#waitAndRefresh();
    return this.#refreshingSoon;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  async #waitAndRefresh(): Promise<void> {
    await this.#clock.sleep(Math.max(0, this.#askedAtMs + soonMs - this.#clock.now()));
    this.#refreshingSoon = undefined;
    // A read that is under way may have been answered before.
    await this.#refreshing;
    await this.refresh();
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
    this.#report();
  }

  async #ping(): Promise<void> {
    this.#writeProblem = await this.#registry.ping().then(
      () => undefined,
      (error: Error) => error.message,
    );
    this.#report();
  }

  #report(): void {
    const problem = this.#readProblem ?? this.#writeProblem;
    if (problem !== this.#problem) {
      if (problem === undefined) this.#logger.info('the registry is of full use again');
      else this.#logger.warn({ problem }, 'the registry is not of full use; the known push servers stay');
    }
    this.#problem = problem;
    for (const listener of this.#listeners) listener();
  }
}

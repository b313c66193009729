import type { NodeId } from '@pushfleet/protocol';
import type { BeatNews, WorkerRecord } from '@pushfleet/registry';
import type { Clock, Environment, Logger } from '@pushfleet/runtime';
import { SessionNews } from '../links/session-news.ts';
import type { WorkerPlan } from './capacity.ts';
import { WorkerProcess } from './worker-process.ts';

export interface WorkerPoolOptions {
  nodeId: NodeId;
  port: number;
  plan: WorkerPlan;
  environment: Environment;
  clock: Clock;
  logger: Logger;
  /** A worker came or went: the registry should know before the next heartbeat. */
  onChange(): void;
}

const restartAfterMs = 500;
const restartAtMostAfterMs = 10_000;

/** The workers of one push server. One that ends is started again; the more often in a row, the later. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, WorkerProcess>();
  readonly #failures = new Map<number, number>();
  readonly #news = new SessionNews();
  #draining = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Resolves once every worker listens; rejects with what the first one that cannot says. */
  async start(): Promise<void> {
    for (let index = 0; index < this.#options.plan.workers; index += 1) this.#launch(index);
    await Promise.all([...this.#workers.values()].map((worker) => worker.ready));
  }

  records(): WorkerRecord[] {
    return [...this.#workers.values()].flatMap((worker) => worker.record() ?? []);
  }

  /** What happened to sessions since this was last asked. */
  takeNews(): BeatNews {
    for (const worker of this.#workers.values()) this.#news.add(worker.takeNews());
    return this.#news.take();
  }

  /** A heartbeat failed: this is still to be told, before what happened since. */
  giveBackNews(news: BeatNews): void {
    const since = this.#news.take();
    this.#news.add(news);
    this.#news.add(since);
  }

  async drain(withinMs: number): Promise<void> {
    this.#draining = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.drain(withinMs)));
  }

  #launch(index: number): void {
    const { nodeId, port, plan, environment } = this.#options;
    const capacity = plan.capacityPerWorker;
    const onExit = (worker: WorkerProcess, problem: string | undefined) => this.#onExit(worker, problem);
    const worker = new WorkerProcess({ nodeId, index, port, capacity, environment, onExit });
    this.#workers.set(index, worker);
    worker.ready.then(
      () => {
        this.#failures.delete(index);
        this.#options.onChange();
      },
      () => {
        // Its exit is handled where every exit is.
      },
    );
  }

  #onExit(worker: WorkerProcess, problem: string | undefined): void {
    const { index } = worker;
    this.#news.add(worker.takeNews());
    this.#workers.delete(index);
    this.#options.onChange();
    if (this.#draining) return;
    const failures = (this.#failures.get(index) ?? 0) + 1;
    this.#failures.set(index, failures);
    const delayMs = Math.min(restartAfterMs * 2 ** (failures - 1), restartAtMostAfterMs);
    this.#options.logger.error({ worker: worker.workerId, problem, restartInMs: delayMs }, 'worker ended');
    this.#options.clock.after(delayMs, () => {
      if (!this.#draining) this.#launch(index);
    });
  }
}

import { randomUUID } from 'node:crypto';
import type { Leases } from '@pushfleet/registry';
import { type Clock, Lease, type Logger } from '@pushfleet/runtime';

const name = 'housekeeping';
const periodMs = 1_000;
const ttlMs = 4_000;

/**
 * The time in which this process, and no other, leads: its writes carry `token`, so that those of an earlier leader are refused,
 * and `lost` fires when it ends.
 */
export type LeaderTerm = Pick<Lease, 'token' | 'lost'>;

/** Something that only one process of a cluster may do. */
export interface LeaderTask {
  readonly name: string;
  /** Called about once a second while this process leads, with the same term for as long as it lasts; not again before it has finished. */
  tick(term: LeaderTerm): Promise<void>;
}

export interface LeaderOptions {
  leases: Leases;
  tasks: readonly LeaderTask[];
  clock: Clock;
  logger: Logger;
}

/** Competes with the other balancers for the leader's lease, and runs the tasks of the leader while it holds it. */
export class Leader implements AsyncDisposable {
  readonly #options: LeaderOptions;
  readonly #holder = randomUUID();
  readonly #running = new Map<LeaderTask, Promise<void>>();
  readonly #failing = new Set<LeaderTask>();
  #timer: Disposable | undefined;
  #ticking: Promise<void> | undefined;
  #lease: Lease | undefined;

  constructor(options: LeaderOptions) {
    this.#options = options;
  }

  get leads(): boolean {
    return this.#lease !== undefined && !this.#lease.lost.aborted;
  }

  start(): void {
    this.#timer = this.#options.clock.every(periodMs, () => this.#onTime());
    this.#onTime();
  }

  /** Stops at once, and gives the lease up when the tasks under way have ended, so that another replica leads at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#timer) return;
    this.#timer[Symbol.dispose]();
    this.#timer = undefined;
    await this.#ticking;
    const work = Promise.all(this.#running.values());
    await (this.#lease ? this.#lease.release(work) : work);
  }

  #onTime(): void {
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = undefined;
    });
  }

  async #tick(): Promise<void> {
    if (!this.leads) await this.#compete();
    if (this.#timer && this.#lease && this.leads) this.#runTasks(this.#lease);
  }

  async #compete(): Promise<void> {
    const { leases, clock, logger } = this.#options;
    await this.#lease?.release();
    this.#lease = undefined;
    const asked = { leases, name, holder: this.#holder, ttlMs, renewEveryMs: periodMs, clock, logger } as const;
    try {
      this.#lease = await Lease.acquire(asked);
    } catch (error) {
      logger.debug({ err: error }, "the leader's lease cannot be asked for");
    }
    if (!this.#lease) return;
    logger.info('this balancer leads now');
    const onLost = () => logger.info('this balancer leads no longer');
    this.#lease.lost.addEventListener('abort', onLost, { once: true });
  }

  #runTasks(term: LeaderTerm): void {
    for (const task of this.#options.tasks) {
      if (this.#running.has(task)) continue;
      const work = this.#run(task, term).finally(() => this.#running.delete(task));
      this.#running.set(task, work);
    }
  }

  /** A task that fails is tried again the next time; the reason is logged once. */
  async #run(task: LeaderTask, term: LeaderTerm): Promise<void> {
    try {
      await task.tick(term);
      if (this.#failing.delete(task)) this.#options.logger.info({ task: task.name }, 'a task of the leader goes on');
    } catch (error) {
      if (!this.#failing.has(task)) {
        this.#options.logger.warn({ err: error, task: task.name }, 'a task of the leader failed; it is tried again');
      }
      this.#failing.add(task);
    }
  }
}

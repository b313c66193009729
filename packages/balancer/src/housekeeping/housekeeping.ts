import { randomUUID } from 'node:crypto';
import type { Leases } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

const periodMs = 1_000;
const ttlMs = 4_000;

/** The time in which this process, and no other, keeps house. */
export interface LeaderTerm {
  /** Carried by writes, so that one of an earlier leader is refused. */
  token: number;
  /** Aborted when the term ends. */
  readonly signal: AbortSignal;
}

/** Something that only one process may do. */
export interface LeaderTask {
  readonly name: string;
  /** Called about once a second while this process leads, and never again before it has finished. */
  tick(term: LeaderTerm): Promise<void>;
}

export interface HousekeepingOptions {
  leases: Leases;
  tasks: readonly LeaderTask[];
  clock: Clock;
  logger: Logger;
}

/** Holds the lease, or tries to, and does the tasks while it does. */
export class Housekeeping implements AsyncDisposable {
  readonly #options: HousekeepingOptions;
  readonly #holder = randomUUID();
  readonly #busy = new Map<LeaderTask, Promise<void>>();
  readonly #failing = new Set<LeaderTask>();
  #timer: Disposable | undefined;
  #beating: Promise<void> | undefined;
  #term: { term: LeaderTerm; end: AbortController; untilMs: number } | undefined;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  get leads(): boolean {
    return this.#term !== undefined;
  }

  start(): void {
    this.#timer = this.#options.clock.every(periodMs, () => this.#onTime());
    this.#onTime();
  }

  /** Stops at once, and gives the lease up, so that another replica goes on at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#timer) return;
    this.#timer[Symbol.dispose]();
    this.#timer = undefined;
    await this.#beating;
    const led = this.leads;
    this.#endTerm();
    await Promise.all(this.#busy.values());
    // It would lapse anyway.
    if (led) await this.#options.leases.release('housekeeping', this.#holder).catch(() => false);
  }

  #onTime(): void {
    // While the registry does not answer, the lease runs out by this process' own clock.
    if (this.#term && this.#options.clock.now() >= this.#term.untilMs) this.#endTerm();
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
  }

  async #beat(): Promise<void> {
    const askedAtMs = this.#options.clock.now();
    try {
      const token = await this.#options.leases.hold('housekeeping', this.#holder, ttlMs);
      if (token === undefined) this.#endTerm();
      else this.#keepTerm(token, askedAtMs + ttlMs);
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'the housekeeping lease cannot be renewed');
    }
    if (this.#term && this.#timer) this.#runTasks(this.#term.term);
  }

  #keepTerm(token: number, untilMs: number): void {
    if (this.#options.clock.now() >= untilMs) return this.#endTerm();
    if (this.#term) {
      this.#term.term.token = token;
      this.#term.untilMs = untilMs;
      return;
    }
    const end = new AbortController();
    this.#term = { term: { token, signal: end.signal }, end, untilMs };
    this.#options.logger.info('this balancer keeps house now');
  }

  #endTerm(): void {
    if (!this.#term) return;
    this.#term.end.abort();
    this.#term = undefined;
    this.#options.logger.info('this balancer keeps house no longer');
  }

  #runTasks(term: LeaderTerm): void {
    for (const task of this.#options.tasks) {
      if (this.#busy.has(task)) continue;
      const work = this.#do(task, term).finally(() => this.#busy.delete(task));
      this.#busy.set(task, work);
    }
  }

  /** A task that fails is tried again the next time; the reason is logged once. */
  async #do(task: LeaderTask, term: LeaderTerm): Promise<void> {
    try {
      await task.tick(term);
      if (this.#failing.delete(task)) this.#options.logger.info({ task: task.name }, 'housekeeping goes on');
    } catch (error) {
      if (!this.#failing.has(task)) this.#options.logger.warn({ err: error, task: task.name }, 'housekeeping failed');
      this.#failing.add(task);
    }
  }
}

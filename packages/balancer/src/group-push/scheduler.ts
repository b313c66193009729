import { setImmediate as turnEnd } from 'node:timers/promises';
import type { GroupPushId } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import { aborted, InFlight, Lease, random, timeoutSignal } from '@pushfleet/runtime';
import { GroupPushJob, type JobOptions } from './job.ts';

const defaultLookMs = 2_000;
/** Each asks the registry once a second for its desired state. */
const defaultMaxRunning = 500;
/** How many group pushes it tries to run after each look. */
const triesPerLook = 64;
const renewEveryMs = 3_000;
const defaultLeaseTtlMs = 10_000;
const haltMs = 1_000;
/** When a drain is cut off, the outcomes of the last commands may take this long to be written. */
const lastWriteMs = 1_000;

export interface SchedulerOptions extends Omit<JobOptions, 'registry'> {
  registry: JobOptions['registry'] & Pick<Registry, 'leases'>;
  /** How many group pushes may run in this process. More are left to others, or wait. */
  maxRunning?: number;
  /** How often it looks for group pushes that nobody runs, about: not all balancers do at the same time. */
  lookMs?: number;
  /** For how long nobody else may go on with a group push when this process is dead. */
  leaseTtlMs?: number;
}

/** Runs group pushes, each under a lease of its own: those that were begun here, and those that nobody runs any more. */
export class GroupPushScheduler implements AsyncDisposable {
  readonly #options: SchedulerOptions;
  readonly #maxRunning: number;
  /** `undefined`: it is just starting. */
  readonly #jobs = new Map<GroupPushId, GroupPushJob | undefined>();
  readonly #inFlight = new InFlight();
  #timer: Disposable | undefined;
  #looking: Promise<void> = Promise.resolve();
  /** The place in the list at which the next look begins, so that each group push is tried in its turn. */
  #from = 0;
  #isStopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#maxRunning = options.maxRunning ?? defaultMaxRunning;
  }

  get isFull(): boolean {
    return this.#jobs.size >= this.#maxRunning;
  }

  start(): void {
    this.#lookLater();
  }

  /**
   * Runs the group push, if it has not ended and nobody else does.
   * @throws PushfleetError REGISTRY_UNAVAILABLE: it is run later, by this balancer or another one.
   */
  async run(id: GroupPushId): Promise<void> {
    if (this.#isStopped || this.isFull || this.#jobs.has(id)) return;
    this.#jobs.set(id, undefined);
    try {
      await this.#start(id);
    } finally {
      if (this.#jobs.get(id) === undefined) this.#jobs.delete(id);
    }
  }

  /** The desired state of the group push has changed: if it runs here, that is found out at once. */
  refresh(id: GroupPushId): void {
    this.#jobs.get(id)?.refresh();
  }

  /**
   * Begins no more group pushes, and sends no more commands; what can be left to another balancer is, at once. Resolves once that
   * holds, or after a second, or when `signal` fires: the registry may not answer.
   */
  async halt(signal: AbortSignal): Promise<void> {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
    const all = Promise.all([this.#looking, ...Array.from(this.#jobs.values(), (job) => job?.halt())]);
    await Promise.race([all, aborted(AbortSignal.any([signal, timeoutSignal(this.#options.clock, haltMs)]))]);
  }

  /** Waits for what no other balancer could go on with, until `signal` fires. */
  async drain(signal: AbortSignal): Promise<void> {
    await this.halt(signal);
    await this.#inFlight.drained(signal);
    // Whoever gives the commands up at the same signal says so first.
    await turnEnd();
    await this.#cutOff();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.halt(timeoutSignal(this.#options.clock, haltMs));
    await this.#cutOff();
  }

  async #cutOff(): Promise<void> {
    for (const job of this.#jobs.values()) job?.cutOff();
    await this.#inFlight.drained(timeoutSignal(this.#options.clock, lastWriteMs));
  }

  async #start(id: GroupPushId): Promise<void> {
    const { registry, clock, logger, leaseTtlMs: ttlMs = defaultLeaseTtlMs } = this.#options;
    const asked = { leases: registry.leases, ttlMs, renewEveryMs: Math.min(renewEveryMs, ttlMs / 3), clock, logger };
    const lease = await Lease.acquire({ ...asked, name: `group-push:${id}` });
    if (!lease) return;
    try {
      // Read under the lease: whoever ran it before writes no more.
      const view = await registry.groupPushes.get(id);
      if (!view || view.endedAtMs !== undefined || this.#isStopped) return await lease.release();
      const job = new GroupPushJob(view, lease, this.#options);
      this.#jobs.set(id, job);
      void this.#inFlight.track(job.run().then(() => this.#jobs.delete(id)));
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    const { clock, lookMs = defaultLookMs } = this.#options;
    this.#timer = clock.after(lookMs * (0.75 + random() / 2), () => {
      this.#looking = this.#look().finally(() => this.#lookLater());
    });
  }

  async #look(): Promise<void> {
    try {
      const active = await this.#options.registry.groupPushes.active();
      const idle = active.filter((id) => !this.#jobs.has(id));
      const from = this.#from % Math.max(1, idle.length);
      this.#from = from + triesPerLook;
      for (const id of [...idle.slice(from), ...idle.slice(0, from)].slice(0, triesPerLook)) {
        if (this.#isStopped || this.isFull) return;
        await this.run(id);
      }
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'group pushes cannot be looked for');
    }
  }
}

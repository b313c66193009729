import type { GroupPushId } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import { aborted, timeoutSignal } from '@pushfleet/runtime';
import { Runner, type RunnerOptions } from './runner.ts';
import { Tenure, type TenureOptions } from './tenure.ts';

const defaultLookMs = 2_000;
/** Each asks the registry once a second what is wished. */
const defaultMaxRunning = 500;
/** How many it tries to take up each time. */
const triesPerLook = 64;
const haltMs = 1_000;
/** What becomes of the last commands may take this long to be written when a drain is cut off. */
const lastWriteMs = 1_000;

export interface RunnersOptions extends Omit<RunnerOptions, 'registry'>, Pick<TenureOptions, 'leaseTtlMs'> {
  registry: RunnerOptions['registry'] & Pick<Registry, 'leases'>;
  /** How many group pushes may run in this process. More are left to others, or wait. */
  maxRunning?: number;
  /** How often it looks for group pushes that nobody runs, about: not all balancers do at the same time. */
  lookMs?: number;
}

interface Running {
  runner: Runner;
  done: Promise<void>;
}

/** Runs group pushes: those that were begun here, and those that nobody runs any more. */
export class Runners implements AsyncDisposable {
  readonly #options: RunnersOptions;
  readonly #maxRunning: number;
  readonly #running = new Map<GroupPushId, Running>();
  readonly #beginning = new Set<GroupPushId>();
  #timer: Disposable | undefined;
  #looking: Promise<void> = Promise.resolve();
  /** Where the next look begins, so that each is tried in its turn. */
  #from = 0;
  #isStopped = false;

  constructor(options: RunnersOptions) {
    this.#options = options;
    this.#maxRunning = options.maxRunning ?? defaultMaxRunning;
  }

  get isFull(): boolean {
    return this.#running.size + this.#beginning.size >= this.#maxRunning;
  }

  start(): void {
    this.#lookLater();
  }

  /**
   * Runs it, if it has not ended and nobody else does.
   * @throws PushfleetError REGISTRY_UNAVAILABLE: it is taken up later, here or elsewhere.
   */
  async takeUp(id: GroupPushId): Promise<void> {
    if (this.#isStopped || this.isFull || this.#running.has(id) || this.#beginning.has(id)) return;
    this.#beginning.add(id);
    try {
      await this.#begin(id);
    } finally {
      this.#beginning.delete(id);
    }
  }

  /** Something is wished of it: if it runs here, that is found out at once. */
  poke(id: GroupPushId): void {
    this.#running.get(id)?.runner.poke();
  }

  /**
   * Begins no more, and sends no more commands; what can be left to another balancer is, at once. Resolves once that
   * holds, or after a second, or when `signal` fires: the registry may not answer.
   */
  async halt(signal: AbortSignal): Promise<void> {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
    const all = Promise.all([this.#looking, ...Array.from(this.#running.values(), ({ runner }) => runner.halt())]);
    await Promise.race([all, aborted(AbortSignal.any([signal, timeoutSignal(this.#options.clock, haltMs)]))]);
  }

  /** Waits for what no other balancer could go on with, until `signal` fires. */
  async drain(signal: AbortSignal): Promise<void> {
    await this.halt(signal);
    const all = Promise.all(Array.from(this.#running.values(), ({ done }) => done));
    await Promise.race([all, aborted(signal)]);
    // Whoever gives the commands up at the same signal says so first.
    await new Promise<void>((resolve) => setImmediate(resolve));
    await this.#cutOff();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.halt(timeoutSignal(this.#options.clock, haltMs));
    await this.#cutOff();
  }

  async #cutOff(): Promise<void> {
    for (const { runner } of this.#running.values()) runner.cutOff();
    const all = Promise.all(Array.from(this.#running.values(), ({ done }) => done));
    if (this.#running.size > 0) await Promise.race([all, aborted(timeoutSignal(this.#options.clock, lastWriteMs))]);
  }

  async #begin(id: GroupPushId): Promise<void> {
    const { registry, clock, logger, leaseTtlMs } = this.#options;
    const terms = { leases: registry.leases, clock, logger, ...(leaseTtlMs === undefined ? {} : { leaseTtlMs }) };
    const tenure = await Tenure.begin(id, terms);
    if (!tenure) return;
    try {
      // Read under the lease: whoever ran it before writes no more.
      const view = await registry.groupPushes.get(id);
      if (!view || view.endedAtMs !== undefined || this.#isStopped) return await tenure.release();
      this.#run(new Runner(view, tenure, this.#options), id);
    } catch (error) {
      await tenure.release();
      throw error;
    }
  }

  #run(runner: Runner, id: GroupPushId): void {
    const done = runner.run().then(() => {
      this.#running.delete(id);
    });
    this.#running.set(id, { runner, done });
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    const { clock, lookMs = defaultLookMs } = this.#options;
    this.#timer = clock.after(lookMs * (0.75 + Math.random() / 2), () => {
      this.#looking = this.#look().finally(() => this.#lookLater());
    });
  }

  async #look(): Promise<void> {
    try {
      const active = await this.#options.registry.groupPushes.active();
      const idle = active.filter((id) => !this.#running.has(id));
      const from = this.#from % Math.max(1, idle.length);
      this.#from = from + triesPerLook;
      for (const id of [...idle.slice(from), ...idle.slice(0, from)].slice(0, triesPerLook)) {
        if (this.#isStopped || this.isFull) return;
        await this.takeUp(id);
      }
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'group pushes cannot be looked for');
    }
  }
}

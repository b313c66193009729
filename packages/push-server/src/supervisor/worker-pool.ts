import { availableParallelism } from 'node:os';
import type { GroupPath, NodeId } from '@pushfleet/protocol';
import { defaultAcceptsPerSecond, type HeartbeatDelta, type NodeRecord, type WorkerRecord } from '@pushfleet/registry';
import { type AttendedTime, type Clock, type Environment, type Logger, meter, metrics } from '@pushfleet/runtime';
import { SessionDelta } from '../links/session-reporter.ts';
import type { RedirectTarget } from '../session/session.ts';
import type { ToWorker } from '../worker/messages.ts';
import type { WorkerPlan } from './capacity.ts';
import { PendingListeners } from './listener-opening.ts';
import { WorkerProcess } from './worker-process.ts';
import type { WorkerReadings } from './worker-readings.ts';

export interface WorkerPoolOptions {
  nodeId: NodeId;
  plan: WorkerPlan;
  groups: GroupPath[];
  environment: Environment;
  /** Silence after which a worker is killed and replaced. */
  hungAfterMs: number;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
  readings: WorkerReadings;
  /** A worker came or went, or fell silent or speaks again: the registry should know before the next heartbeat. */
  onChange(): void;
  /** A worker that was started again cannot open a port that the other workers have open. */
  onListenerLost(port: number, problem: string): void;
}

/** Interval of looking for silent workers. */
const lookEveryMs = 500;
/** Interval of the supervisor's keep-alives to its workers. */
const keepAliveEveryMs = 1_000;
const restartAfterMs = 500;
const restartAtMostAfterMs = 10_000;
/** Redirects per second of the devices of a worker that is one too many. */
const surplusRatePerSecond = 200;

/** The workers of one push server. One that ends is started again; the more often in a row, the later. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, WorkerProcess>();
  readonly #failures = new Map<number, number>();
  /** The ports on which every worker takes devices; one that is started again opens them, too. */
  readonly #ports = new Set<number>();
  readonly #delta = new SessionDelta();
  readonly #opening = new PendingListeners();
  #plan: WorkerPlan;
  #groups: GroupPath[];
  readonly #timers: Disposable[];
  #silent: readonly WorkerProcess[] = [];
  #redirectedBefore = 0;
  #draining = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#plan = options.plan;
    this.#groups = options.groups;
    this.#timers = [
      options.attended.every(lookEveryMs, () => this.#look()),
      options.clock.every(keepAliveEveryMs, () => this.#sendKeepAlives()),
    ];
  }

  /** Resolves once every worker is ready; rejects with what the first one that cannot be says. */
  async start(): Promise<void> {
    this.#launchMissing();
    await Promise.all(this.#all().map((worker) => worker.ready));
  }

  get live(): number {
    return this.#all().reduce((sum, worker) => sum + worker.live, 0);
  }

  /** How many new devices its workers can take in a second, and whether any of them takes too many. */
  get pace(): Pick<NodeRecord, 'acceptsPerSecond' | 'overloaded'> {
    const ready = this.#all().filter((worker) => worker.isReady);
    const perSecond = ready.reduce((sum, worker) => sum + worker.acceptsPerSecond, 0);
    return { acceptsPerSecond: Math.round(perSecond), overloaded: ready.some(({ overloaded }) => overloaded) };
  }

  /** Number of devices redirected. */
  get redirected(): number {
    return this.#all().reduce((sum, worker) => sum + worker.redirected, this.#redirectedBefore);
  }

  /** Says which workers are silent, as text; `undefined`: none. */
  get silence(): string | undefined {
    const [worker, ...others] = this.#silent;
    if (!worker) return undefined;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    return `worker ${worker.workerId}${more} says nothing; killed and replaced after ${this.#options.hungAfterMs / 1_000} s of it`;
  }

  /** The certificate chains that workers show to devices, each once. */
  certificates(): string[] {
    return [...new Set(this.#all().flatMap(({ certificate }) => certificate ?? []))];
  }

  records(): WorkerRecord[] {
    return this.#all().flatMap((worker) => worker.record() ?? []);
  }

  /** Removes and returns what happened to sessions since the last call. */
  takeDelta(): HeartbeatDelta {
    for (const worker of this.#all()) this.#delta.add(worker.takeDelta());
    return this.#delta.take();
  }

  /** Makes every worker take devices on the port. @throws Error of the first worker that cannot; then none of them does. */
  async openListener(port: number): Promise<void> {
    const workers = this.#all().filter((worker) => worker.isReady);
    if (workers.length === 0) throw new Error('no worker runs');
    const problems = await Promise.all(workers.map((worker) => this.#opening.open(worker, port, this.#options.clock)));
    const problem = problems.find((each) => each !== undefined);
    if (problem === undefined) this.#ports.add(port);
    else {
      this.#sendAll({ kind: 'close-listener', port, ratePerSecond: surplusRatePerSecond });
      throw new Error(problem);
    }
  }

  /** Closes the port once the devices that came over it are redirected to `target`. */
  closeListener(port: number, target: RedirectTarget, ratePerSecond: number): void {
    this.#ports.delete(port);
    this.#sendAll({ kind: 'close-listener', port, target, ratePerSecond: this.#shareOf(ratePerSecond) });
  }

  /** Redirects the devices beyond `maxConnections`, from each worker its share. */
  resize(plan: WorkerPlan, maxConnections: number): void {
    this.#plan = plan;
    const ratePerSecond = this.#shareOf(surplusRatePerSecond);
    const surplus = Math.max(0, this.live - maxConnections) / Math.max(1, this.live);
    let [seen, shedBefore] = [0, 0];
    for (const worker of this.#all()) {
      if (!worker.isReady) continue;
      seen += worker.live;
      // Rounded as a whole, so that all of them together shed no more than the surplus.
      const shed = Math.round(seen * surplus) - shedBefore;
      shedBefore += shed;
      worker.send({ kind: 'set-capacity', capacity: plan.capacityPerWorker, shed, ratePerSecond });
      if (worker.index >= plan.workers) this.#dismiss(worker);
    }
    this.#launchMissing();
    this.#options.onChange();
  }

  setScope(groups: GroupPath[], ratePerSecond: number): void {
    this.#groups = groups;
    this.#sendAll({ kind: 'set-scope', groups, ratePerSecond: this.#shareOf(ratePerSecond) });
  }

  evacuate(ratePerSecond: number): void {
    this.#ports.clear();
    this.#sendAll({ kind: 'evacuate', ratePerSecond: this.#shareOf(ratePerSecond) });
  }

  cancelEvacuation(): void {
    this.#sendAll({ kind: 'cancel-evacuation' });
  }

  closeLinks(): void {
    this.#sendAll({ kind: 'close-links' });
  }

  reassert(newBoots: boolean): void {
    for (const worker of this.#all()) if (worker.isReady) worker.reassert(newBoots);
  }

  async drain(withinMs: number): Promise<void> {
    this.#draining = true;
    await Promise.all(this.#all().map((worker) => worker.drain(withinMs)));
    for (const timer of this.#timers) timer[Symbol.dispose]();
  }

  #look(): void {
    for (const worker of this.#all()) worker.killIfHung();
    const silent = this.#all().filter((worker) => worker.isSilent);
    const isSame = silent.length === this.#silent.length && silent.every((worker) => this.#silent.includes(worker));
    this.#silent = silent;
    if (isSame) return;
    if (this.silence) this.#options.logger.warn({ problem: this.silence }, 'a worker is silent');
    this.#options.onChange();
  }

  /** Those that start as well. */
  #sendKeepAlives(): void {
    for (const worker of this.#all()) worker.send({ kind: 'keep-alive' });
  }

  #all(): WorkerProcess[] {
    return [...this.#workers.values()];
  }

  /** Workers that are not ready yet get everything once they are. */
  #sendAll(message: ToWorker): void {
    for (const worker of this.#all()) if (worker.isReady) worker.send(message);
  }

  #shareOf(ratePerSecond: number): number {
    return ratePerSecond / Math.max(1, this.#workers.size);
  }

  #launchMissing(): void {
    for (let index = 0; index < this.#plan.workers; index += 1) {
      if (!this.#workers.has(index)) this.#launch(index);
    }
  }

  #launch(index: number): void {
    const { nodeId, environment, hungAfterMs, clock, attended } = this.#options;
    const worker: WorkerProcess = new WorkerProcess({
      ...{
        nodeId,
        index,
        environment,
        hungAfterMs,
        clock,
        attended,
        capacity: this.#plan.capacityPerWorker,
        groups: this.#groups,
        acceptsPerSecond: (availableParallelism() * defaultAcceptsPerSecond) / this.#plan.workers,
      },
      onMetrics: (reading) => this.#options.readings.set(worker.workerId, reading),
      onListener: (port, problem) => this.#opening.onAnswer(worker, port, problem),
      onExit: (ended, problem) => this.#onExit(ended, problem),
    });
    this.#workers.set(index, worker);
    worker.ready.then(
      () => this.#onReady(worker),
      () => {
        // Its exit is handled where every exit is.
      },
    );
  }

  /** Sends a worker that has become ready everything that the others got while it started. */
  async #onReady(worker: WorkerProcess): Promise<void> {
    this.#failures.delete(worker.index);
    const { capacityPerWorker: capacity } = this.#plan;
    worker.send({ kind: 'set-capacity', capacity, shed: 0, ratePerSecond: surplusRatePerSecond });
    worker.send({ kind: 'set-scope', groups: this.#groups, ratePerSecond: surplusRatePerSecond });
    if (worker.index >= this.#plan.workers) this.#dismiss(worker);
    for (const port of this.#ports) {
      const problem = await this.#opening.open(worker, port, this.#options.clock);
      if (problem !== undefined) this.#options.onListenerLost(port, problem);
    }
    this.#options.onChange();
  }

  /** One too many: it ends once its devices have left. */
  #dismiss(worker: WorkerProcess): void {
    worker.send({ kind: 'evacuate', ratePerSecond: surplusRatePerSecond });
    const check = this.#options.clock.every(1_000, () => {
      if (worker.live > 0 && worker.index >= this.#plan.workers) return;
      check[Symbol.dispose]();
      void worker.drain(5_000);
    });
  }

  #onExit(worker: WorkerProcess, problem: string | undefined): void {
    const { index } = worker;
    this.#delta.add(worker.takeDelta());
    this.#redirectedBefore += worker.redirected;
    this.#options.readings.onExit(worker.workerId);
    this.#workers.delete(index);
    this.#silent = this.#silent.filter((silent) => silent !== worker);
    this.#opening.onExit(worker);
    this.#options.onChange();
    if (this.#draining || index >= this.#plan.workers) return;
    meter.count(metrics.workersEnded, '');
    const failures = (this.#failures.get(index) ?? 0) + 1;
    this.#failures.set(index, failures);
    const delayMs = Math.min(restartAfterMs * 2 ** (failures - 1), restartAtMostAfterMs);
    this.#options.logger.error({ worker: worker.workerId, problem, restartInMs: delayMs }, 'worker ended');
    this.#options.clock.after(delayMs, () => {
      if (!this.#draining && index < this.#plan.workers && !this.#workers.has(index)) this.#launch(index);
    });
  }
}

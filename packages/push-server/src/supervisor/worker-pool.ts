import { availableParallelism } from 'node:os';
import type { GroupPath, NodeId } from '@pushfleet/protocol';
import { defaultAcceptsPerSecond, type HeartbeatDelta, type NodeRecord, type WorkerRecord } from '@pushfleet/registry';
import { type AttendedTime, type Clock, type Logger, meter, metrics } from '@pushfleet/runtime';
import { SessionDelta } from '../links/session-reporter.ts';
import type { RedirectTarget } from '../session/session.ts';
import { lastSilenceFactor } from '../settings.ts';
import type { ToWorker } from '../worker/messages.ts';
import type { WorkerPlan } from './capacity.ts';
import { PendingListeners, UnattendedSockets } from './listener-opening.ts';
import { planListening } from './listening-plan.ts';
import { type LaunchWorker, WorkerProcess } from './worker-process.ts';
import type { WorkerReadings } from './worker-readings.ts';

export interface WorkerPoolOptions {
  nodeId: NodeId;
  plan: WorkerPlan;
  groups: GroupPath[];
  launch: LaunchWorker;
  /** Silence after which a worker is replaced, and killed if it does not wake any more. */
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

/** Interval of looking for workers that are silent, or full. */
const lookEveryMs = 500;
/** Interval of the supervisor's keep-alives to its workers. */
const keepAliveEveryMs = 1_000;
const restartAfterMs = 500;
const restartAtMostAfterMs = 10_000;
/** Time for a worker without devices to end. */
const farewellMs = 5_000;
/** Redirects per second of the devices of a worker that is one too many. */
const surplusRatePerSecond = 200;

/**
 * The workers of one push server. One that ends is started again; the more often in a row, the later. One that is silent for too long
 * and may wake is set aside: another one takes its place, with the connections that wait for it, and it keeps the links that it has.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, WorkerProcess>();
  /** Those that take no new devices and end once they have none: one too many, or set aside. */
  readonly #leaving = new Set<WorkerProcess>();
  /** Those of them that were told to end. */
  readonly #dismissed = new Set<WorkerProcess>();
  readonly #unattended = new UnattendedSockets();
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
    const seconds = this.#options.hungAfterMs / 1_000;
    const consequence = worker.isSetAside
      ? `another one does its work, and it is killed after ${lastSilenceFactor * seconds} s of it`
      : `replaced after ${seconds} s of it`;
    return `worker ${worker.workerId}${more} says nothing; ${consequence}`;
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
    const workers = this.#staff().filter((worker) => worker.isReady);
    if (workers.length === 0) throw new Error('no worker runs');
    await Promise.all(workers.map((worker) => (worker.isPaused ? this.#goOnListening(worker) : undefined)));
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
    this.#unattended.close(port);
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
    }
    for (const worker of this.#staff().slice(plan.workers)) if (worker.isReady) this.#release(worker);
    this.#launchMissing();
    this.#options.onChange();
  }

  setScope(groups: GroupPath[], ratePerSecond: number): void {
    this.#groups = groups;
    this.#sendAll({ kind: 'set-scope', groups, ratePerSecond: this.#shareOf(ratePerSecond) });
  }

  evacuate(ratePerSecond: number): void {
    this.#ports.clear();
    this.#unattended.closeAll();
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
    this.#unattended.closeAll();
    await Promise.all(this.#all().map((worker) => worker.drain(withinMs)));
    for (const timer of this.#timers) timer[Symbol.dispose]();
    meter.set(metrics.workersSetAside, '', 0);
  }

  #look(): void {
    const before = this.silence;
    const wereSilent = this.#silent;
    for (const worker of this.#all()) {
      if (worker.judgeSilence() && this.#maySetAside(worker)) this.#setAside(worker);
    }
    this.#silent = this.#all().filter((worker) => worker.isSilent);
    for (const worker of this.#awakeSetAside()) {
      if (wereSilent.includes(worker)) this.#onWoken(worker);
      else if (worker.live === 0 && !this.#dismissed.has(worker)) this.#end(worker);
    }
    if (this.#staff().every(({ isReady }) => isReady)) this.#unattended.closeAll();
    meter.set(metrics.workersSetAside, '', this.#countSetAside());
    this.#tellSilence(before, wereSilent);
    if (!this.#draining && this.#ports.size > 0) this.#keepFullFromListening();
  }

  #keepFullFromListening(): void {
    const workers = this.#staff().filter((worker) => worker.isReady && !worker.isSilent);
    const plan = planListening(workers);
    for (const [index, worker] of workers.entries()) {
      if (plan[index] !== worker.isPaused || this.#opening.isOpening(worker)) continue;
      if (worker.isPaused) void this.#goOnListening(worker);
      else worker.send({ kind: 'pause-listening' });
    }
  }

  /** Others listen meanwhile: where it fails, the next look tries again. */
  async #goOnListening(worker: WorkerProcess): Promise<void> {
    const problems = await this.#listen(worker);
    if (problems.length > 0) worker.send({ kind: 'pause-listening' });
  }

  /**
   * Makes the worker take devices on every port, on those sockets that others have left as far as there are any. Resolves with the ports
   * on which it cannot.
   */
  async #listen(worker: WorkerProcess): Promise<{ port: number; problem: string }[]> {
    const problems: { port: number; problem: string }[] = [];
    const opening = [...this.#ports].map((port) => ({ port, socket: this.#unattended.take(port) }));
    for (const { port, socket } of opening) {
      const problem = await this.#opening.open(worker, port, this.#options.clock, socket);
      if (problem !== undefined) problems.push({ port, problem });
    }
    return problems;
  }

  #tellSilence(before: string | undefined, wereSilent: readonly WorkerProcess[]): void {
    const { silence: problem } = this;
    const isSame = this.#silent.length === wereSilent.length && this.#silent.every((each) => wereSilent.includes(each));
    if (isSame && problem === before) return;
    if (problem !== undefined) this.#options.logger.warn({ problem }, 'a worker is silent');
    this.#options.onChange();
  }

  /** No more than there are in the plan: where even those that replace others are silent, more of them do not help. */
  #maySetAside(worker: WorkerProcess): boolean {
    return !this.#draining && !this.#leaving.has(worker) && this.#countSetAside() < this.#plan.workers;
  }

  /** Its record stays, and with it the sessions of its devices. */
  #setAside(worker: WorkerProcess): void {
    this.#leaving.add(worker);
    this.#unattended.add(worker.setAside());
    this.#launchMissing();
  }

  /** Devices that have come to other workers meanwhile have newer sessions: their links here are closed. */
  #onWoken(worker: WorkerProcess): void {
    const { workerId, live } = worker;
    this.#options.logger.warn({ workerId, live }, 'a worker that was silent goes on; it keeps its devices');
    worker.reassert(false);
  }

  #end(worker: WorkerProcess): void {
    this.#dismissed.add(worker);
    void worker.drain(farewellMs);
  }

  #awakeSetAside(): WorkerProcess[] {
    return this.#all().filter((worker) => worker.isSetAside && !worker.isSilent);
  }

  #countSetAside(): number {
    return this.#all().filter(({ isSetAside }) => isSetAside).length;
  }

  /** Those that start as well. */
  #sendKeepAlives(): void {
    for (const worker of this.#all()) worker.send({ kind: 'keep-alive' });
  }

  #all(): WorkerProcess[] {
    return [...this.#workers.values()];
  }

  /** The workers of the plan, in order: those that take devices, or start. */
  #staff(): WorkerProcess[] {
    return this.#all()
      .filter((worker) => !this.#leaving.has(worker))
      .sort((one, other) => one.index - other.index);
  }

  /** Workers that are not ready yet get everything once they are. */
  #sendAll(message: ToWorker): void {
    for (const worker of this.#all()) if (worker.isReady) worker.send(message);
  }

  #shareOf(ratePerSecond: number): number {
    return ratePerSecond / Math.max(1, this.#workers.size);
  }

  #launchMissing(): void {
    for (let index = 0; this.#staff().length < this.#plan.workers; index += 1) {
      if (!this.#workers.has(index)) this.#launch(index);
    }
  }

  #launch(index: number): void {
    const { nodeId, launch, hungAfterMs, clock, attended } = this.#options;
    const worker: WorkerProcess = new WorkerProcess({
      ...{
        nodeId,
        index,
        launch,
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
    if (this.#staff().indexOf(worker) >= this.#plan.workers) return this.#release(worker);
    for (const { port, problem } of await this.#listen(worker)) this.#options.onListenerLost(port, problem);
    this.#options.onChange();
  }

  /** One too many: it ends once its devices have left. */
  #release(worker: WorkerProcess): void {
    this.#leaving.add(worker);
    worker.send({ kind: 'evacuate', ratePerSecond: surplusRatePerSecond });
    const check = this.#options.clock.every(1_000, () => {
      if (worker.live > 0) return;
      check[Symbol.dispose]();
      this.#end(worker);
    });
  }

  #onExit(worker: WorkerProcess, problem: string | undefined): void {
    const { index, workerId } = worker;
    this.#delta.add(worker.takeDelta());
    this.#redirectedBefore += worker.redirected;
    this.#options.readings.onExit(workerId);
    this.#workers.delete(index);
    this.#silent = this.#silent.filter((silent) => silent !== worker);
    this.#opening.onExit(worker);
    // One that is set aside may listen on the same sockets.
    if (!this.#draining && this.#countSetAside() > 0) this.#unattended.add(worker.takeSockets());
    this.#options.onChange();
    const [isReplaced, wasDismissed] = [this.#leaving.delete(worker), this.#dismissed.delete(worker)];
    if (this.#draining || wasDismissed) return;
    meter.count(metrics.workersEnded, '');
    if (isReplaced) return this.#options.logger.error({ workerId, problem }, 'worker ended');
    const failures = (this.#failures.get(index) ?? 0) + 1;
    this.#failures.set(index, failures);
    const delayMs = Math.min(restartAfterMs * 2 ** (failures - 1), restartAtMostAfterMs);
    this.#options.logger.error({ workerId, problem, restartInMs: delayMs }, 'worker ended');
    this.#options.clock.after(delayMs, () => {
      const isMissing = this.#staff().length < this.#plan.workers && !this.#workers.has(index);
      if (!this.#draining && isMissing) this.#launch(index);
    });
  }
}

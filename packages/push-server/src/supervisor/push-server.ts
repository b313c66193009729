import type { NodeId } from '@pushfleet/protocol';
import type { HeartbeatDelta, NodeRecord } from '@pushfleet/registry';
import type { AttendedTime, Clock, Logger } from '@pushfleet/runtime';
import { SessionDelta } from '../links/session-reporter.ts';
import type { WorkerPlan } from './capacity.ts';
import type { PortProblem } from './listener-opening.ts';
import type { ActualState, Step, WantedState } from './plan.ts';
import { WorkerPool } from './worker-pool.ts';
import type { LaunchWorker } from './worker-process.ts';
import type { WorkerReadings } from './worker-readings.ts';

export interface PushServerOptions {
  nodeId: NodeId;
  /** Local address of the push server port. */
  bind: string;
  launch: LaunchWorker;
  /** The problem with a port that is to be opened; `undefined`: there is none. */
  probePort(host: string, port: number): Promise<PortProblem | undefined>;
  /** Silence after which a worker is killed and replaced. */
  hungAfterMs: number;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
  readings: WorkerReadings;
  /** Sends a heartbeat with the present state. */
  announce(): Promise<void>;
}

/** Time after which a failed step is tried again. */
const retryAfterMs = 3_000;
/** Time for devices to go when their push server is switched off; then they are cut off. */
const switchOffWithinMs = 300_000;
/** Time for workers without devices to end. */
const farewellMs = 5_000;
/** Redirects per second, where nobody has asked for another rate. */
const defaultRatePerSecond = 200;

/** The push server as it is: its workers, its port, and what keeps it from being otherwise. */
export class PushServer {
  readonly #options: PushServerOptions;
  #pool: WorkerPool | undefined;
  /** Workers that are not all ready yet. */
  #starting: WorkerPool | undefined;
  #isAbandoned = false;
  #plan: WorkerPlan | undefined;
  #groups: ActualState['groups'] = [];
  #port: number | undefined;
  #evacuating: { why: 'switch-off' | 'maintenance'; sinceMs: number } | undefined;
  #problem: PortProblem | undefined;
  #shortage: PortProblem | undefined;
  #refused: ActualState['refused'];
  #startAgainAtMs = 0;
  #redirected = 0;
  /** Changes of sessions of workers that are gone, or that no heartbeat has carried yet. */
  readonly #delta = new SessionDelta();

  constructor(options: PushServerOptions) {
    this.#options = options;
  }

  /** Why its workers hold less than its settings want, as text. */
  set shortage(detail: string | undefined) {
    if (detail === this.#shortage?.detail) return;
    this.#shortage = detail === undefined ? undefined : { kind: 'too-few-files', detail };
    if (detail !== undefined) this.#options.logger.warn(this.#shortage, 'not as the settings want it');
  }

  get port(): number | undefined {
    return this.#port;
  }

  get evacuating(): 'switch-off' | 'maintenance' | undefined {
    return this.#evacuating?.why;
  }

  get live(): number {
    return this.#pool?.live ?? 0;
  }

  /** The certificate chains that workers show to devices, each once. */
  get certificates(): string[] {
    return this.#pool?.certificates() ?? [];
  }

  /** Number of devices redirected since this process began. */
  get redirected(): number {
    return this.#redirected + (this.#pool?.redirected ?? 0);
  }

  actual(nowMs: number): ActualState {
    const { sinceMs = 0 } = this.#evacuating ?? {};
    return {
      workers: this.#pool && this.#plan,
      groups: this.#groups,
      port: this.#port,
      evacuating: this.evacuating,
      evacuated: this.live === 0 || nowMs - sinceMs >= switchOffWithinMs,
      refused: this.#refused,
    };
  }

  /** Its state for the registry. */
  condition(isWanted: boolean): Pick<NodeRecord, 'status' | 'problem' | 'workers' | 'acceptsPerSecond' | 'overloaded'> {
    const workers = this.#pool?.records() ?? [];
    const status = this.#status(isWanted);
    const problem = isWanted ? (this.#problem ?? this.#silence() ?? this.#shortage) : undefined;
    return { status, workers, ...this.#pool?.pace, ...(problem ? { problem: { ...problem, impairs: false } } : {}) };
  }

  takeDelta(): HeartbeatDelta {
    if (this.#pool) this.#delta.add(this.#pool.takeDelta());
    return this.#delta.take();
  }

  /** A heartbeat failed: puts back what it carried, before what happened since. */
  restoreDelta(delta: HeartbeatDelta): void {
    const since = this.#delta.take();
    this.#delta.add(delta);
    this.#delta.add(since);
  }

  async perform(step: Step, wanted: WantedState | undefined): Promise<void> {
    switch (step.kind) {
      case 'start-workers':
        return this.#startWorkers(step.plan, wanted?.groups ?? []);
      case 'resize':
        this.#plan = step.plan;
        return this.#pool?.resize(step.plan, wanted?.settings.maxConnections ?? 0);
      case 'rescope':
        this.#groups = step.groups;
        return this.#pool?.setScope(step.groups, defaultRatePerSecond);
      case 'take-port':
        return this.#takePort(step.port, wanted?.settings.address ?? '');
      case 'forget-refusal':
        this.#refused = undefined;
        this.#problem = undefined;
        return;
      case 'evacuate':
        return this.evacuate('switch-off', defaultRatePerSecond);
      case 'cancel-evacuation':
        return this.cancelEvacuation();
      case 'stop-workers':
        await this.stopWorkers(farewellMs);
        if (this.evacuating === 'switch-off') this.#evacuating = undefined;
        this.#refused = undefined;
        this.#problem = undefined;
        return;
      default:
        return step satisfies never;
    }
  }

  /** Takes no new devices, and redirects those that it has. */
  async evacuate(why: 'switch-off' | 'maintenance', ratePerSecond: number): Promise<void> {
    this.#evacuating = { why, sinceMs: this.#options.clock.now() };
    this.#port = undefined;
    // Announced first: no device is to be assigned here while devices are redirected.
    await this.#options.announce();
    this.#pool?.evacuate(ratePerSecond);
  }

  cancelEvacuation(): void {
    this.#evacuating = undefined;
    this.#pool?.cancelEvacuation();
  }

  closeLinks(): void {
    this.#pool?.closeLinks();
  }

  async replaceWorkers(): Promise<void> {
    if (!this.#pool || !this.#plan) return;
    await this.stopWorkers(farewellMs);
    await this.#startWorkers(this.#plan, this.#groups);
  }

  /** Asserts the sessions anew, with `newBoots` under new boot ids of the workers. */
  reassert(newBoots: boolean): void {
    this.#pool?.reassert(newBoots);
    if (newBoots) void this.#options.announce();
  }

  /** Starts no workers any more, and gives up those that are starting: a stop need not wait for them. */
  async abandonStart(): Promise<void> {
    this.#isAbandoned = true;
    await this.#starting?.drain(0);
  }

  /** Redirects the devices, all of them within `withinMs`, and ends the workers. */
  async stopWorkers(withinMs: number): Promise<void> {
    const pool = this.#pool;
    if (!pool) return;
    this.#port = undefined;
    await pool.drain(withinMs);
    this.#pool = undefined;
    this.#redirected += pool.redirected;
    this.#delta.add(pool.takeDelta());
  }

  async #startWorkers(plan: WorkerPlan, groups: ActualState['groups']): Promise<void> {
    const { nodeId, launch, hungAfterMs, clock, attended, logger, readings, announce } = this.#options;
    if (this.#isAbandoned || clock.now() < this.#startAgainAtMs) return;
    const pool = new WorkerPool({
      ...{ nodeId, plan, groups, launch, hungAfterMs, clock, attended, logger, readings },
      onChange: () => void announce(),
      onListenerLost: (port, detail) => this.#onListenerLost(port, detail),
    });
    this.#starting = pool;
    try {
      await pool.start();
    } catch (error) {
      await pool.drain(0);
      this.#startAgainAtMs = clock.now() + retryAfterMs;
      return this.#haveProblem({ kind: 'failed', detail: (error as Error).message });
    } finally {
      this.#starting = undefined;
    }
    this.#problem = undefined;
    this.#pool = pool;
    this.#plan = plan;
    this.#groups = groups;
  }

  async #takePort(port: number, address: string): Promise<void> {
    const { nodeId, bind, announce, probePort, clock, logger } = this.#options;
    const problem = (await probePort(bind, port)) ?? (await this.#openListener(port));
    if (problem) {
      this.#refused = { port, untilMs: clock.now() + retryAfterMs };
      return this.#haveProblem(problem);
    }
    this.#refused = undefined;
    this.#problem = undefined;
    const former = this.#port;
    this.#port = port;
    logger.info({ port, address, workers: this.#pool?.records().length }, 'push server ready');
    await announce();
    const target = { nodeId, address, port };
    if (former !== undefined) this.#pool?.closeListener(former, target, defaultRatePerSecond);
  }

  async #openListener(port: number): Promise<PortProblem | undefined> {
    try {
      await this.#pool?.openListener(port);
      return undefined;
    } catch (error) {
      return { kind: 'failed', detail: (error as Error).message };
    }
  }

  /** A worker that was started anew cannot open the port: it is taken like a new one. */
  #onListenerLost(port: number, detail: string): void {
    if (this.#port !== port) return;
    this.#port = undefined;
    this.#haveProblem({ kind: 'failed', detail });
  }

  #haveProblem(problem: PortProblem): void {
    if (problem.detail !== this.#problem?.detail) this.#options.logger.error(problem, 'not as the settings want it');
    this.#problem = problem;
    void this.#options.announce();
  }

  #silence(): PortProblem | undefined {
    const detail = this.#pool?.silence;
    return detail === undefined ? undefined : { kind: 'worker-silent', detail };
  }

  #status(isWanted: boolean): NodeRecord['status'] {
    if (!this.#pool) return isWanted ? (this.#problem ? 'failed' : 'starting') : 'disabled';
    if (this.#evacuating) return 'draining';
    if (this.#port !== undefined) return 'ready';
    return this.#problem ? 'failed' : 'starting';
  }
}

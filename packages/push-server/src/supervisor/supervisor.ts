import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BootId, type NodeId, parseBootId, parseNodeId } from '@pushfleet/protocol';
import type { DistributionPoint, NodeRecord, Registry } from '@pushfleet/registry';
import { type Clock, type Environment, type Logger, readFileLimit, type Service } from '@pushfleet/runtime';
import type { PushServerSettings } from '../settings.ts';
import { planWorkers } from './capacity.ts';
import { assertPortFree } from './port-probe.ts';
import { WorkerPool } from './worker-pool.ts';

export interface SupervisorOptions {
  settings: PushServerSettings;
  environment: Environment;
  registry: Registry;
  clock: Clock;
  logger: Logger;
}

const beatEveryMs = 1_000;
const awaitPointEveryMs = 1_000;
/** Kept of the drain time for what follows the workers' end: the last heartbeat and the goodbye to the registry. */
const farewellMs = 500;

/** Runs the push server of one distribution point: its workers, its registration, its heartbeat. */
export class Supervisor implements Service {
  readonly failed: Promise<never>;
  readonly #options: SupervisorOptions;
  readonly #nodeId: NodeId;
  readonly #bootId: BootId = parseBootId(randomUUID());
  #fail: (error: Error) => void = () => {};
  #point: DistributionPoint | undefined;
  #pool: WorkerPool | undefined;
  #status: NodeRecord['status'] = 'starting';
  #beating: Promise<void> = Promise.resolve();
  #timer: Disposable | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#nodeId = parseNodeId(options.settings.distributionPoint);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async start(stop: AbortSignal): Promise<void> {
    const point = await this.#awaitPoint(stop);
    if (!point) return;
    const { settings, registry, clock } = this.#options;
    await assertPortFree(settings.bind, point.pushServer.port);
    this.#point = point;
    this.#pool = this.#createPool(point);
    // Registered before the listeners bind: a device may come before the first heartbeat does.
    await registry.nodes.register(this.#record(point, this.#pool));
    await this.#pool.start();
    this.#status = 'ready';
    await this.#beat();
    this.#timer = clock.every(beatEveryMs, () => void this.#beat());
    const { port, address } = point.pushServer;
    this.#options.logger.info({ port, address, workers: this.#pool.records().length }, 'push server ready');
  }

  async drain(): Promise<void> {
    const { drainMs } = this.#options.settings;
    this.#status = 'draining';
    await this.#beat();
    await this.#pool?.drain(Math.max(0, drainMs - farewellMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    await this.#pool?.drain(0);
    this.#pool = undefined;
    await this.#beating;
    // Without the registry there is nothing to say goodbye to; silence will tell.
    if (this.#point) await this.#options.registry.nodes.retire(this.#nodeId, this.#bootId).catch(() => false);
    this.#point = undefined;
  }

  /** The distribution point, once it is there and is to run a push server; `undefined`: `stop` fired before. */
  async #awaitPoint(stop: AbortSignal): Promise<DistributionPoint | undefined> {
    const { registry, logger } = this.#options;
    let said: string | undefined;
    while (!stop.aborted) {
      const point = await registry.fleet.getDistributionPoint(this.#nodeId);
      if (point?.pushServer.enabled) return point;
      const waitsFor = point ? 'its push server is switched off' : 'the distribution point does not exist';
      if (waitsFor !== said) logger.warn({ distributionPoint: this.#nodeId }, `waiting: ${waitsFor}`);
      said = waitsFor;
      await sleep(awaitPointEveryMs, undefined, { signal: stop }).catch(() => {});
    }
    return undefined;
  }

  #createPool(point: DistributionPoint): WorkerPool {
    const { settings, environment, clock, logger } = this.#options;
    const plan = planWorkers({
      maxConnections: point.pushServer.maxConnections,
      fileLimit: readFileLimit(),
      wantedWorkers: settings.maxWorkers ?? availableParallelism(),
    });
    const onChange = () => void this.#beat();
    const { port } = point.pushServer;
    return new WorkerPool({ nodeId: this.#nodeId, port, plan, environment, clock, logger, onChange });
  }

  #record(point: DistributionPoint, pool: WorkerPool): NodeRecord {
    const workers = pool.records();
    const room = workers.reduce((sum, worker) => sum + worker.capacity, 0);
    const { address, port, maxConnections, weight } = point.pushServer;
    return {
      nodeId: this.#nodeId,
      bootId: this.#bootId,
      status: this.#status,
      address,
      port,
      capacity: Math.min(maxConnections, room),
      weight,
      workers,
    };
  }

  /** One at a time, in order: each tells what is true when it is sent. */
  #beat(): Promise<void> {
    this.#beating = this.#beating.then(() => this.#beatNow());
    return this.#beating;
  }

  async #beatNow(): Promise<void> {
    const { registry, logger } = this.#options;
    if (!this.#point || !this.#pool || this.#status === 'starting') return;
    const news = this.#pool.takeNews();
    try {
      const verdict = await registry.nodes.beat(this.#record(this.#point, this.#pool), news);
      if (verdict === 'fenced')
        this.#fail(new Error(`another push server runs as ${this.#nodeId}; this one gives way`));
    } catch (error) {
      this.#pool.giveBackNews(news);
      logger.warn({ err: error }, 'heartbeat failed; links stay up');
    }
  }
}

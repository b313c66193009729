import { randomUUID, type X509Certificate } from 'node:crypto';
import { type BootId, type NodeId, PushfleetError, parseBootId, parseNodeId } from '@pushfleet/protocol';
import type { DistributionPoint, NodeRecord, PushServerRegistry } from '@pushfleet/registry';
import {
  type AttendedTime,
  Barrier,
  type Clock,
  type Live,
  type Logger,
  MetricsServer,
  meter,
  meterFaults,
  metrics,
  RevocationList,
  readFileLimit,
  readProgramVersion,
  type Service,
} from '@pushfleet/runtime';
import type { PushServerSettings } from '../settings.ts';
import { describeShortage, planInput, planWorkers } from './capacity.ts';
import { CertificateMonitor } from './certificate-monitor.ts';
import { Heartbeat } from './heartbeat.ts';
import { probePort } from './listener-opening.ts';
import { keepsDevicesOff } from './maintenance-plan.ts';
import { MaintenanceRunner } from './maintenance-runner.ts';
import { nextStep, type WantedState } from './plan.ts';
import { PushServer } from './push-server.ts';
import { Sightings } from './sightings.ts';
import type { LaunchWorker } from './worker-process.ts';
import { WorkerReadings } from './worker-readings.ts';

export interface SupervisorOptions {
  settings: PushServerSettings;
  /** The CAs that devices trust; `undefined`: not known. */
  authorities: Live<readonly X509Certificate[] | undefined>;
  /** Serial number of its certificate in the cluster, as its file has it now. Absent: it is not looked at. */
  memberSerial?: () => string;
  launch: LaunchWorker;
  /** Absent: tries the port. */
  probePort?: typeof probePort;
  registry: PushServerRegistry;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

const software = { version: readProgramVersion(), node: process.versions.node };
const reconcileEveryMs = 1_000;
/** Steps in a row, before the registry is asked again what is wanted. */
const stepsAtOnce = 8;
/** The part of the drain time that is kept for the last heartbeat and the retirement from the registry. */
const farewellMs = 500;

/** Runs the push server of one distribution point: reconciles it with its settings, and reports its state to the registry. */
export class Supervisor implements Service {
  readonly failed: Promise<never>;
  readonly #options: SupervisorOptions;
  readonly #nodeId: NodeId;
  readonly barrier: Barrier;
  readonly #bootId: BootId = parseBootId(randomUUID());
  readonly #server: PushServer;
  readonly #metrics: MetricsServer | undefined;
  readonly #meters: Disposable[];
  readonly #certificate: CertificateMonitor;
  readonly #readings = new WorkerReadings();
  readonly #sightings: Sightings;
  readonly #heartbeat: Heartbeat;
  readonly #maintenance: MaintenanceRunner;
  readonly #revocations: RevocationList;
  readonly #stopReconciling = new AbortController();
  #fail: (error: Error) => void = () => {};
  #point: DistributionPoint | undefined;
  #isStopping = false;
  #isRegistered = false;
  #loggedWaitsFor: string | undefined;
  #reconciling: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions) {
    const { settings, launch, registry, clock, attended, logger } = options;
    this.#options = options;
    this.barrier = new Barrier({ logger });
    this.#certificate = new CertificateMonitor(options);
    this.#nodeId = parseNodeId(settings.distributionPoint);
    const announce = () => this.#heartbeat.beat();
    const readings = this.#readings;
    this.#sightings = new Sightings(clock);
    this.#metrics = createMetricsServer(settings, readings);
    this.#meters = [meterFaults(this.barrier)];
    this.#server = new PushServer({
      ...{ nodeId: this.#nodeId, bind: settings.bind, launch, clock, attended, logger, readings, announce },
      probePort: options.probePort ?? probePort,
      hungAfterMs: settings.hungAfterMs,
    });
    this.#maintenance = new MaintenanceRunner(registry.maintenance, this.#server, clock, logger);
    this.#revocations = new RevocationList({ store: registry.revocations, clock, logger });
    this.#heartbeat = this.#createHeartbeat();
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async start(): Promise<void> {
    await this.#revocations.start();
    const { memberSerial } = this.#options;
    if (memberSerial) this.#revocations.requireOwn(memberSerial, revoked(this.#nodeId), this.#fail);
    await this.#metrics?.start();
    this.#rememberPoint(await this.#options.registry.fleet.getDistributionPoint(this.#nodeId));
    // Before anything else: from now on the registry shows that the push server of the distribution point is there.
    await this.#heartbeat.start();
    this.#isRegistered = true;
    this.#reconciling = this.#reconcile(this.#stopReconciling.signal);
  }

  /** The name or address by which devices reach it. `undefined`: not known yet. */
  get address(): string | undefined {
    return this.#point?.pushServer.address;
  }

  async drain(): Promise<void> {
    const deadlineMs = this.#options.clock.now() + this.#options.settings.drainMs - farewellMs;
    await this.#endReconciling();
    this.#isStopping = true;
    await this.#heartbeat.beat();
    await this.#server.stopWorkers(Math.max(0, deadlineMs - this.#options.clock.now()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endReconciling();
    await this.#server.stopWorkers(0);
    await this.#heartbeat[Symbol.asyncDispose]();
    await this.#metrics?.[Symbol.asyncDispose]();
    for (const metered of this.#meters) metered[Symbol.dispose]();
    this.#revocations[Symbol.dispose]();
    // Without the registry there is nothing to retire from; silence shows it.
    if (this.#isRegistered) await this.#options.registry.nodes.retire(this.#nodeId, this.#bootId).catch(() => false);
    this.#isRegistered = false;
  }

  async #endReconciling(): Promise<void> {
    this.#stopReconciling.abort();
    await this.#server.abandonStart();
    await this.#reconciling;
  }

  async #reconcile(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.#reconcileOnce(stop);
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'settings not read; the last known ones stay in force');
      }
      await this.#options.clock.sleep(reconcileEveryMs, stop);
    }
  }

  async #reconcileOnce(stop: AbortSignal): Promise<void> {
    const { registry, clock } = this.#options;
    const point = await registry.fleet.getDistributionPoint(this.#nodeId);
    const record = await registry.maintenance.get(this.#nodeId);
    this.#rememberPoint(point);
    await this.#maintenance.step(record);
    const wanted = this.#wanted(keepsDevicesOff(record));
    for (let steps = 0; steps < stepsAtOnce && !stop.aborted; steps += 1) {
      const step = nextStep(wanted, this.#server.actual(clock.now()), clock.now());
      if (!step) return;
      await this.#server.perform(step, wanted);
    }
  }

  /** A registry that has lost its data says nothing about the settings: only an explicit one switches the push server off. */
  #rememberPoint(point: DistributionPoint | undefined): void {
    this.#point = point ?? this.#point;
    const missing = this.#point ? 'its push server is switched off' : 'the distribution point does not exist';
    const waitsFor = this.#point?.pushServer.enabled ? undefined : missing;
    if (waitsFor !== undefined && waitsFor !== this.#loggedWaitsFor) {
      this.#options.logger.warn({ nodeId: this.#nodeId }, `waiting: ${waitsFor}`);
    }
    this.#loggedWaitsFor = waitsFor;
  }

  #wanted(held: boolean): WantedState | undefined {
    if (!this.#point) return undefined;
    const { groups, pushServer } = this.#point;
    const { maxWorkers } = this.#options.settings;
    const input = planInput(pushServer.maxConnections, readFileLimit(), maxWorkers);
    const workers = planWorkers(input);
    this.#server.shortage = describeShortage(input, workers);
    return { settings: pushServer, groups, workers, held };
  }

  #createHeartbeat(): Heartbeat {
    const { registry, clock, logger } = this.#options;
    return new Heartbeat({
      ...{ nodes: registry.nodes, clock, logger },
      record: () => this.#record(),
      takeDelta: () => {
        const delta = this.#server.takeDelta();
        this.#sightings.add(delta.events);
        return delta;
      },
      restoreDelta: (delta) => this.#server.restoreDelta(delta),
      onFenced: () => this.#fail(new Error(`another push server runs as ${this.#nodeId}; this one gives way`)),
      onLost: () => this.#sightings.registryLost(),
      onForgotten: () => this.#server.reassert(false),
      onRevived: () => this.#server.reassert(true),
    });
  }

  #record(): NodeRecord {
    const settings: Partial<DistributionPoint['pushServer']> = this.#point?.pushServer ?? {};
    const { enabled = false, address = '', port = 0, maxConnections = 0, weight = 100, addressCheck } = settings;
    const condition = this.#server.condition(enabled);
    const certificateProblem = this.#certificate.problem(this.#server.certificates, address);
    const room = condition.workers.reduce((sum, worker) => sum + worker.capacity, 0);
    return {
      ...condition,
      // That it serves on its former port is the smaller evil.
      ...(certificateProblem ? { problem: certificateProblem } : {}),
      ...(this.#isStopping ? { status: 'draining' } : {}),
      ...{ nodeId: this.#nodeId, bootId: this.#bootId, address, weight },
      ...(this.#options.memberSerial ? { memberSerial: this.#options.memberSerial() } : {}),
      port: this.#server.port ?? port,
      capacity: Math.min(maxConnections, room),
      wallMs: this.#options.clock.wallMs(),
      deviceTls: this.#options.settings.deviceTls,
      software,
      ...(addressCheck ? { addressCheck } : {}),
      ...this.#overview(),
    };
  }

  /** The part of its record that balancers show beside its state. */
  #overview(): Pick<NodeRecord, 'commandsEnded' | 'certificateEndsAtMs' | 'sightings'> {
    const cluster = meter.get(metrics.certificateExpiry, 'cluster') * 1_000;
    const ends = [this.#certificate.endsAtMs(this.#server.certificates) ?? 0, cluster].filter(
      (endsAtMs) => endsAtMs > 0,
    );
    const sightings = this.#sightings.recent();
    return {
      commandsEnded: this.#readings.commandsEnded(),
      ...(ends.length > 0 ? { certificateEndsAtMs: Math.min(...ends) } : {}),
      ...(sightings ? { sightings } : {}),
    };
  }
}

function revoked(nodeId: NodeId): PushfleetError {
  const remedy = `\`pushfleet enroll ${nodeId}\` makes another one`;
  return new PushfleetError('PERMISSION_DENIED', `the certificate of push server ${nodeId} was revoked; ${remedy}`);
}

/** `undefined`: the settings name no port for it. */
function createMetricsServer(
  { metricsPort: port, metricsBind: host }: PushServerSettings,
  readings: WorkerReadings,
): MetricsServer | undefined {
  return port === undefined
    ? undefined
    : new MetricsServer({ host, port, render: () => readings.render(meter.read()) });
}

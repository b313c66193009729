import type { admin } from '@pushfleet/protocol';
import { type Clock, machineUs } from '@pushfleet/runtime';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetTick } from '../fleet/messages.ts';
import { ClusterSampler } from '../measure/cluster-sampler.ts';
import { LoopLag } from '../measure/loop-lag.ts';
import type { PushPace } from '../measure/push-load.ts';
import { Pusher } from '../measure/pusher.ts';
import { LinkSamples } from '../report/link-samples.ts';
import { LoadRecorder } from '../report/load-recorder.ts';
import type { ReportSummary } from '../report/load-report.ts';
import { ProcessSamples } from '../report/process-samples.ts';
import { RunRecording } from '../report/run-recording.ts';
import { type Progress, readProgress } from '../report/terminal/progress.ts';
import type { LoadGroup } from './load-group.ts';
import type { LoadPlan } from './load-plan.ts';
import type { LoadTarget } from './load-target.ts';

export interface LoadRunOptions {
  plan: LoadPlan;
  target: LoadTarget;
  clock: Clock;
  /** The run is to end early, with a report. */
  signal: AbortSignal;
  /** A process of the tool has ended by itself. */
  onFailed(error: Error): void;
}

const sampleEveryMs = 1_000;
/** How often it is looked whether all devices are where they are to be: at first, and once that lasts. Each look asks every process of the fleet. */
const lookEveryMs = { first: 250, later: 1_000, after: 20_000 } as const;
/** Links below this number take too little to be told from what the workers take and give back anyway. */
const leastLinks = 1_000;
/** A durable command of a load waits for a device as long as the load may take to notice. */
const durableTtlMs = 60_000;

export const serverRoles = ['balancer', 'supervisor', 'worker', 'registry'] as const;

/** A run under way: its fleet, its measurements, and the steps that scenarios are made of. */
export class LoadRun implements AsyncDisposable {
  readonly plan: LoadPlan;
  readonly target: LoadTarget;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly startedUs = machineUs();
  readonly recording: RunRecording;
  readonly recorder: LoadRecorder;
  readonly processes = new ProcessSamples();
  readonly links = new LinkSamples();
  readonly sampler: ClusterSampler;
  readonly figures: Partial<ReportSummary> = {};
  readonly remarks: string[] = [];
  fleet!: Fleet;
  group!: LoadGroup;
  readonly #ticks = new Map<number, FleetTick>();
  readonly #stops: Disposable[] = [];
  readonly #onFailed: (error: Error) => void;
  readonly #lag = new LoopLag();
  #pusher: Pusher | undefined;

  constructor({ plan, target, clock, signal, onFailed }: LoadRunOptions) {
    this.#onFailed = onFailed;
    this.plan = plan;
    this.target = target;
    this.clock = clock;
    this.signal = signal;
    const msSinceStart = () => this.nowMs;
    this.recording = new RunRecording(msSinceStart);
    this.recorder = new LoadRecorder(msSinceStart);
    this.sampler = new ClusterSampler({
      admin: target.admin,
      isLocal: target.isLocal,
      processes: () => [...target.processes(), ...this.#ownProcesses()],
      samples: { processes: this.processes, links: this.links },
      msSinceStart,
    });
  }

  /** Milliseconds since the run began. */
  get nowMs(): number {
    return (machineUs() - this.startedUs) / 1_000;
  }

  /** Links that stand, as the devices see it. */
  get live(): number {
    return this.#sum(({ live }) => live);
  }

  /** Takes samples from now on, until they are stopped. */
  startSampling(): void {
    this.#stops.push(this.#lag.watch(this.clock));
    this.#stops.push(this.clock.every(sampleEveryMs, () => void this.#sample()));
  }

  stopSampling(): void {
    for (const stop of this.#stops) stop[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopSampling();
    await this.#pusher?.[Symbol.asyncDispose]();
  }

  onTick(tick: FleetTick): void {
    this.#ticks.set(tick.process, tick);
    // The first ones say so while others are still starting.
    this.processes.setLag((this.fleet as Fleet | undefined)?.pids[tick.process] ?? 0, tick.lag);
    this.recording.add(tick.recording);
    if (!this.sampler.isAnyReady) return;
    for (const { operation, reason, count } of tick.recording.errors) {
      if (operation === 'assign' && reason === 'NO_PUSH_SERVER') this.recorder.countInAll('falseNoPushServer', count);
    }
  }

  /** From now on it is this phase. Its length is at least a second: shorter ones cannot be told apart. */
  async beginPhase(name: string): Promise<void> {
    await this.sampler.sample();
    await this.markPhase(name);
  }

  /** The same, without waiting for the cluster to say how many links it holds. */
  async markPhase(name: string): Promise<void> {
    await this.collect();
    this.sampler.sampleProcesses();
    // What would have come after a run that ends early has not happened.
    if (!this.signal.aborted) this.recording.beginPhase(name);
  }

  /** Lets time pass; less of it where the run is to end early. */
  async pass(ms: number): Promise<void> {
    await this.clock.sleep(ms, this.signal);
  }

  /**
   * Waits until a condition holds, looking at what the devices say. `false`: it did not within the time, or the run is to
   * end early.
   */
  async until(condition: () => boolean, withinMs: number): Promise<boolean> {
    const sinceMs = this.nowMs;
    const untilMs = sinceMs + withinMs;
    for (;;) {
      await this.fleet.flush();
      if (condition()) return true;
      if (this.signal.aborted || this.nowMs >= untilMs) return false;
      await this.pass(this.nowMs - sinceMs < lookEveryMs.after ? lookEveryMs.first : lookEveryMs.later);
    }
  }

  /** Connects devices and waits until they are in; none of them comes where the run is to end early. */
  async connect(from: number, to: number, perSecond = this.plan.connectsPerSecond): Promise<boolean> {
    if (this.signal.aborted) return false;
    this.fleet.connect(from, to, perSecond);
    return await this.untilConnected(to, ((to - from) * 1_000) / perSecond);
  }

  /** Waits until so many links stand, and gives up where for long no further one has come up. @param afterMs That does not begin before. */
  async untilConnected(links: number, afterMs = 0): Promise<boolean> {
    let most = { live: this.live, atMs: this.nowMs + afterMs };
    const isOver = () => {
      if (this.live > most.live) most = { live: this.live, atMs: Math.max(most.atMs, this.nowMs) };
      return this.live >= links || this.nowMs > most.atMs + this.plan.patienceForAllMs;
    };
    await this.until(isOver, Number.POSITIVE_INFINITY);
    const missing = links - this.live;
    if (missing > 0 && !this.signal.aborted)
      this.remarks.push(`${missing} of ${links} devices did not get in in time.`);
    return missing <= 0;
  }

  /** Commands to the devices with these numbers from now on, until the load is stopped. */
  async startPushing(indexes: readonly number[], pace: PushPace): Promise<Pusher> {
    const { connection } = this.target;
    const ttlMs = this.plan.durable ? durableTtlMs : undefined;
    this.#pusher = await Pusher.start(
      { connection, targets: this.deviceIds(indexes), pace, ttlMs, startedUs: this.startedUs },
      ({ recording, lag }) => {
        this.recording.add(recording);
        this.processes.setLag(this.#pusher?.pid ?? 0, lag);
      },
      this.#onFailed,
    );
    return this.#pusher;
  }

  /** Commands to all devices that are up, where the plan has any and the run is not to end early. */
  async startPlannedPushes(): Promise<Pusher | undefined> {
    const { push } = this.plan;
    if (push === undefined || this.live === 0 || this.signal.aborted) return undefined;
    return await this.startPushing([...(await this.fleet.links()).values()].flat(), push);
  }

  deviceIds(indexes: readonly number[]): string[] {
    return indexes.map((index) => this.group.deviceId(index));
  }

  /** Push servers, as of the last sample. */
  get nodes(): readonly admin.Node[] {
    return this.sampler.nodes;
  }

  /** CPU of all server processes, or of the load tool, between two times of the run, in seconds; `null`: not measured. */
  serverCpuSeconds(fromMs: number, toMs: number): number | null {
    return this.processes.cpuSecondsBetween(serverRoles, fromMs, toMs);
  }

  /** Memory of the workers now, less what they had before, in KiB per link; `null`: not measured, or too few links to tell. */
  workerKiBPerLink(bytesBefore: number | null, links: number): number | null {
    const bytes = this.processes.rssBytesAt(['worker'], this.nowMs);
    if (bytesBefore === null || bytes === null || links < leastLinks) return null;
    return (bytes - bytesBefore) / links / 1_024;
  }

  progress(): Progress {
    const { recording, processes, links, plan } = this;
    const facts = { scenario: plan.scenario, elapsedMs: this.nowMs, plannedMs: undefined, wanted: plan.devices };
    return readProgress(facts, { recording, processes, links });
  }

  /** Everything that was recorded until now is in the recording, and the cluster was sampled. */
  async settle(): Promise<void> {
    await this.collect();
    await this.sampler.sample();
  }

  /** Everything that was recorded until now is in the recording. */
  async collect(): Promise<void> {
    await Promise.all([this.fleet.flush(), this.#pusher?.flush()]);
    this.recording.add(this.recorder.take());
  }

  /** Remarks on the fleet itself that a reader of the figures must know. */
  recordFleet(): void {
    const paced = this.#sum((tick) => tick.paced);
    if (paced === 0) return;
    const longestMs = Math.max(...[...this.#ticks.values()].map(({ longestPacedMs }) => longestPacedMs));
    this.remarks.push(`${paced} devices were given a later turn, the last one in ${(longestMs / 1_000).toFixed(1)} s.`);
  }

  #sum(read: (tick: FleetTick) => number): number {
    let sum = 0;
    for (const tick of this.#ticks.values()) sum += read(tick);
    return sum;
  }

  async #sample(): Promise<void> {
    this.recording.add(this.recorder.take());
    this.processes.setLag(process.pid, this.#lag.figures);
    await this.sampler.sample();
  }

  #ownProcesses() {
    const fleet = (this.fleet as Fleet | undefined)?.pids ?? [];
    return [
      { role: 'load' as const, name: 'load', pid: process.pid },
      ...fleet.map((pid, index) => ({ role: 'load' as const, name: `load/fleet-${index}`, pid })),
      ...(this.#pusher === undefined ? [] : [{ role: 'load' as const, name: 'load/pusher', pid: this.#pusher.pid }]),
    ];
  }
}

import { AssignmentQueue } from '@pushfleet/balancer/assignment-queue';
import { assignmentsPerSecond } from '@pushfleet/balancer/assignment-rate';
import { seededRandom } from '@pushfleet/test/seeded-random';
import type { Clients, Failure, World } from './clients.ts';
import type { Costs } from './costs.ts';
import { DeviceState, Fleet } from './fleet.ts';
import type { Job } from './job-queue.ts';
import { createHosts, type Layout } from './layout.ts';
import type { Policy } from './policy.ts';
import { type Host, Process } from './process.ts';
import { announceRates, createPushServer, type PushServer, sampleRates, stop } from './push-servers.ts';
import { RegistryModel } from './registry-model.ts';
import { Statistics } from './statistics.ts';
import { TimingWheel } from './timing-wheel.ts';

/** The steps of a process for a device, one after the other. */
const Step = { dial: 0, accept: 1, handshake: 2, finish: 3, request: 4, reserve: 5, openSession: 6 } as const;

/** A slot that is no further away has come, for a device that is connected. */
const aboutNowMs = 1_000;

export class Simulation implements World {
  readonly layout: Layout;
  readonly wheel: TimingWheel;
  readonly fleet: Fleet;
  readonly statistics = new Statistics();
  readonly random: () => number;
  readonly registry: RegistryModel;
  readonly pushServers: PushServer[];
  readonly balancers: Process[];
  readonly redis: Process;
  readonly devicesProcess: Process | undefined;
  readonly hosts: Host[];
  clients!: Clients;
  readonly #costs: Costs;
  readonly #policy: Policy;
  readonly #processes: Process[] = [];
  /** One for each balancer, which comes first among the processes. */
  readonly #assignments: AssignmentQueue[];
  #assignmentsPerSecond: number | undefined;
  /** Devices for which a push server that sends them away has reserved a place elsewhere. */
  readonly #redirected = new Set<number>();
  /** Push servers that a device which asks has found unreachable. */
  readonly #avoid = new Map<number, readonly number[]>();
  readonly #timers: { atMs: number; run: () => void }[] = [];

  constructor(layout: Layout, costs: Costs, policy: Policy) {
    this.layout = layout;
    this.#costs = costs;
    this.#policy = policy;
    this.random = seededRandom(layout.seed);
    this.wheel = new TimingWheel(layout.devices);
    this.fleet = new Fleet(layout.devices);
    this.pushServers = Array.from({ length: layout.nodes }, (_, index) => this.#createPushServer(index));
    this.balancers = Array.from({ length: layout.balancers }, (_, index) => this.#createBalancer(index));
    this.#assignments = this.balancers.map(() => new AssignmentQueue({ now: () => this.nowMs }));
    this.redis = new Process({ name: 'redis', perform: (job) => this.#serveRegistry(job) });
    this.devicesProcess = layout.onOneMachine
      ? new Process({ name: 'devices', perform: (job) => this.#serveDevice(job) })
      : undefined;
    this.#processes.push(...this.balancers, ...this.pushServers.flatMap(({ workers }) => workers));
    for (const [index, process] of this.#processes.entries()) process.index = index;
    this.registry = new RegistryModel(
      this.pushServers.map(({ entry }) => entry),
      policy.slots,
    );
    this.hosts = createHosts(this);
    this.every(250, () => sampleRates(this.pushServers, this.nowMs));
    this.every(1_000, () => this.#beat());
  }

  get nowMs(): number {
    return this.wheel.nowMs;
  }

  /** Registers what happens at a time, or again and again. Few of these: each tick looks at all of them. */
  at(atMs: number, run: () => void): void {
    this.#timers.push({ atMs, run });
  }

  every(periodMs: number, run: () => void): void {
    const again = () => {
      run();
      this.at(this.nowMs + periodMs, again);
    };
    this.at(this.nowMs + periodMs, again);
  }

  /** Goes on until the condition holds, or the time has come. */
  run(untilMs: number, isDone: () => boolean): void {
    while (this.nowMs < untilMs && !isDone()) {
      this.wheel.advance((device) => this.#onDue(device));
      this.#runTimers();
      for (const host of this.hosts) if (host.isAwake) host.turn(this.nowMs);
    }
  }

  /** The device asks a balancer where it belongs. */
  ask(
    device: number,
    balancer = Math.floor(this.random() * this.balancers.length),
    avoid: readonly number[] = [],
  ): void {
    this.statistics.countAttempt(this.nowMs);
    this.fleet.state[device] = DeviceState.asking;
    if (avoid.length > 0) this.#avoid.set(device, avoid);
    else this.#avoid.delete(device);
    this.#dial(device, this.balancers[balancer % this.balancers.length] as Process);
  }

  /** The device connects to a push server. */
  open(device: number, node: number): void {
    const server = this.pushServers[node] as PushServer;
    this.fleet.state[device] = DeviceState.connecting;
    this.fleet.target[device] = node;
    const worker = server.workers[Math.floor(this.random() * server.workers.length)] as Process;
    if (server.takes || server.silent) this.#dial(device, worker);
    else this.#fail(device, 'refused');
  }

  wait(device: number, forMs: number): void {
    this.fleet.state[device] = DeviceState.waiting;
    this.wheel.schedule(device, this.nowMs + forMs);
  }

  /** Puts a device where it is before anything happens. */
  place(device: number, node: number): void {
    this.fleet.state[device] = DeviceState.connected;
    this.fleet.node[device] = node;
    (this.pushServers[node] as PushServer).entry.used += 1;
  }

  /** The link breaks; the device finds out after a while. */
  loseLinkIn(device: number, afterMs: number): void {
    this.fleet.state[device] = DeviceState.losing;
    this.wheel.schedule(device, this.nowMs + afterMs);
  }

  /** The link breaks; the device finds out now. */
  loseLink(device: number): void {
    const node = this.fleet.node[device] as number;
    this.fleet.nextAttempt(device);
    this.statistics.lost += 1;
    this.clients.onLinkLost(device, node);
  }

  /**
   * Sends a connected device to a push server on which a place is free.
   * @param to The push server; absent: the best one for it.
   * @returns `false`: it stays, because nothing is free or its slot has not come.
   */
  redirect(device: number, to?: number): boolean {
    const from = this.fleet.node[device] as number;
    if (this.fleet.state[device] !== DeviceState.connected) return true;
    const only = to === undefined ? undefined : (this.pushServers[to] as PushServer).entry.id;
    const reserved = this.registry.reserve(device, this.siteOf(device), [], this.nowMs, only);
    if (!reserved) return false;
    if (reserved.connectAfterMs > aboutNowMs) {
      this.registry.release(reserved.node);
      return false;
    }
    this.registry.release(from);
    this.fleet.node[device] = reserved.node;
    this.#redirected.add(device);
    this.fleet.nextAttempt(device);
    this.clients.onRedirected(device, from);
    return true;
  }

  /** Devices are numbered round the sites, and within a site round its push servers. */
  siteOf(device: number): number {
    return device % this.layout.sites;
  }

  homeOf(device: number): number {
    const { sites, nodes } = this.layout;
    return (device % sites) + sites * (Math.floor(device / sites) % (nodes / sites));
  }

  /** Ends a push server: nothing of it answers any more, and nothing that was begun is ended. */
  kill(node: number, silent: boolean): void {
    const server = this.pushServers[node] as PushServer;
    stop(server, silent);
    // Its heartbeats are missed.
    this.at(this.nowMs + 5_000, () => {
      server.entry.ready = false;
    });
  }

  #createPushServer(index: number): PushServer {
    const create = (_: unknown, worker: number) =>
      new Process({
        name: `dp-${index}/w${worker}`,
        perform: (job) => this.#serve(job, this.#processes[job.process] as Process, 'connecting'),
        admission: this.#policy.createAdmission?.(),
        onDropped: (job) => this.#drop(job),
      });
    return createPushServer(index, this.layout, Array.from({ length: this.layout.workers }, create));
  }

  #createBalancer(index: number): Process {
    const balancer: Process = new Process({
      name: `balancer-${index}`,
      perform: (job) => this.#serve(job, balancer, 'asking'),
      admission: this.#policy.createAdmission?.(),
      mostPerSecond: () => this.#assignmentsPerSecond,
      onDropped: (job) => this.#drop(job),
    });
    return balancer;
  }

  #dial(device: number, process: Process): void {
    const attempt = this.fleet.nextAttempt(device);
    this.wheel.schedule(device, this.nowMs + this.clients.patienceMs);
    const step = this.devicesProcess ? Step.dial : Step.accept;
    const job = { device, attempt, step, process: process.index, sinceMs: this.nowMs };
    (this.devicesProcess ?? process).queue.push(job);
  }

  /** The attempt that the job is for has ended. */
  #isGone({ device, attempt }: Job): boolean {
    return this.fleet.attempt[device] !== attempt;
  }

  #serveDevice(job: Job): number {
    const isFirst = job.step === Step.dial;
    // A client that gives up before its machine has connected it costs nobody anything.
    if (isFirst && this.#isGone(job)) return 0;
    this.#pass(job, isFirst ? Step.accept : Step.request);
    if (isFirst) return this.#costs.clientDialMs;
    return this.#isGone(job) ? 0 : this.#costs.clientHandshakeMs;
  }

  #serve(job: Job, process: Process, during: 'asking' | 'connecting'): number {
    switch (job.step) {
      case Step.accept:
        return this.#accept(job, process);
      case Step.handshake:
        // A client that has gone is noticed when it does not go on.
        if (this.devicesProcess) this.devicesProcess.queue.push({ ...job, step: Step.finish });
        else this.#pass(job, Step.request);
        return this.#spend(job, process, this.#costs.handshakeMs);
      default:
        if (this.#isGone(job)) {
          process.admission?.release(job);
          return 0;
        }
        return during === 'asking' ? this.#assign(job, process) : this.#openSession(job, process);
    }
  }

  #assign(job: Job, process: Process): number {
    const isGone = () => this.#isGone(job);
    const caller = {
      get hasGone() {
        return isGone();
      },
    };
    this.#assignments[process.index]?.enter({
      caller,
      begin: () => this.redis.queue.push({ ...job, step: Step.reserve }),
      refuse: (error) => {
        process.admission?.release(job);
        if (!isGone()) this.#fail(job.device, 'refused', error.retryAfterMs);
      },
    });
    return this.#spend(job, process, this.#costs.assignmentMs);
  }

  #openSession(job: Job, process: Process): number {
    // Its ticket is good.
    process.admission?.release(job);
    this.redis.queue.push({ ...job, step: Step.openSession });
    return this.#spend(job, process, this.#costs.sessionMs);
  }

  #accept(job: Job, process: Process): number {
    if (process.admission === undefined) {
      this.#pass(job, Step.handshake);
    } else {
      for (const closed of process.admission.add({ ...job, step: Step.handshake }, this.nowMs)) this.#drop(closed);
    }
    return this.#spend(job, process, this.#costs.acceptMs);
  }

  /** The next step at the process that the client is connected to. */
  #pass(job: Job, step: number): void {
    (this.#processes[job.process] as Process).queue.push({ ...job, step });
  }

  #serveRegistry(job: Job): number {
    const { openSessionMs, reservationMs, reservationPerNodeMs } = this.#costs;
    if (job.step === Step.reserve) {
      (this.#processes[job.process] as Process).admission?.release(job);
      this.#assignments[job.process]?.leave();
      const costMs = this.#spend(job, this.redis, reservationMs + reservationPerNodeMs * this.layout.nodes);
      this.#reserve(job);
      return costMs;
    }
    const costMs = this.#spend(job, this.redis, openSessionMs);
    (this.#processes[job.process] as Process).accepted += 1;
    if (!this.#isGone(job)) this.#connect(job.device);
    return costMs;
  }

  #spend(job: Job, process: Process, costMs: number): number {
    if (this.#isGone(job)) process.wastedMs += costMs;
    return costMs;
  }

  #releasePlace(device: number): void {
    if (!this.fleet.hasPlace(device)) return;
    this.registry.release(this.fleet.node[device] as number);
    this.fleet.givePlaceUp(device);
  }

  #reserve(job: Job): void {
    const { device } = job;
    if (this.#redirected.delete(device)) return this.#assignReserved(job);
    this.#releasePlace(device);
    const avoid = (this.#avoid.get(device) ?? []).map((node) => (this.pushServers[node] as PushServer).entry.id);
    const reserved = this.registry.reserve(device, this.siteOf(device), avoid, this.nowMs);
    if (reserved) this.fleet.node[device] = reserved.node;
    if (this.#isGone(job)) return;
    if (!reserved) return this.#fail(device, 'no place');
    this.#endAttempt(device);
    this.clients.onAssigned(device, reserved.node, reserved.connectAfterMs);
  }

  /** The device that was sent away gets the place that is kept for it; one whose new push server has gone finds out, and asks again. */
  #assignReserved(job: Job): void {
    if (this.#isGone(job)) return;
    this.#endAttempt(job.device);
    this.clients.onAssigned(job.device, this.fleet.node[job.device] as number, 0);
  }

  #connect(device: number): void {
    this.#endAttempt(device);
    this.fleet.state[device] = DeviceState.connected;
    const node = this.fleet.target[device] as number;
    if (this.fleet.node[device] !== node) {
      this.#releasePlace(device);
      this.place(device, node);
    }
    this.fleet.moves[device] = (this.fleet.moves[device] as number) + 1;
    this.statistics.countConnect(this.nowMs);
    this.clients.onConnected(device);
  }

  #endAttempt(device: number): void {
    this.fleet.nextAttempt(device);
    this.wheel.cancel(device);
  }

  /** Closed before TLS. */
  #drop(job: Job): void {
    if (!this.#isGone(job)) this.#fail(job.device, 'refused');
  }

  #fail(device: number, failure: Failure, retryAfterMs = 0): void {
    const state = this.fleet.state[device];
    this.#endAttempt(device);
    this.fleet.state[device] = DeviceState.idle;
    this.statistics.failures[failure] += 1;
    if (state === DeviceState.asking) this.clients.onAskFailed(device, failure, retryAfterMs);
    else this.clients.onOpenFailed(device, this.fleet.target[device] as number, failure);
  }

  #onDue(device: number): void {
    const state = this.fleet.state[device];
    if (state === DeviceState.asking || state === DeviceState.connecting) this.#fail(device, 'timeout');
    else if (state === DeviceState.losing) this.loseLink(device);
    else this.clients.onDue(device);
  }

  #runTimers(): void {
    for (let at = this.#timers.length - 1; at >= 0; at -= 1) {
      const timer = this.#timers[at];
      if (timer === undefined || timer.atMs > this.nowMs) continue;
      this.#timers.splice(at, 1);
      timer.run();
    }
  }

  /** Each second push servers say how many devices they can take, and balancers assign by it. */
  #beat(): void {
    const all = announceRates(this.pushServers);
    if (this.#policy.bounded) this.#assignmentsPerSecond = assignmentsPerSecond(all, this.balancers.length);
  }
}

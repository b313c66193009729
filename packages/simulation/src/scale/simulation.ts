import { AssignmentQueue } from '@pushfleet/balancer/assignment-queue';
import { assignmentsPerSecond } from '@pushfleet/balancer/assignment-rate';

import { Random } from '../world/random.ts';
import type { Clients, Failure, World } from './clients.ts';
import type { Costs } from './costs.ts';
import { DeviceState, Fleet } from './fleet.ts';
import type { Job } from './job-queue.ts';
import { createHosts, type Layout } from './layout.ts';
import type { Policy } from './policy.ts';
import { AwakeHosts, Process } from './process.ts';
import { announceRates, createPushServer, type PushServer, sampleRates, stop } from './push-servers.ts';
import { RegistryModel } from './registry-model.ts';
import { type Effects, Service } from './service.ts';
import { Statistics } from './statistics.ts';
import { TimingWheel } from './timing-wheel.ts';

/** A slot that is no further away has come, for a device that is connected. */
const aboutNowMs = 1_000;

/** All machines, and all devices in typed arrays, from tick to tick. A device costs 20 bytes until it acts. */
export class Simulation implements World, Effects {
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
  readonly awake = new AwakeHosts();
  clients!: Clients;
  readonly #service: Service;
  readonly #policy: Policy;
  readonly #processes: Process[] = [];
  #assignmentsPerSecond: number | undefined;
  /** Devices for which a push server that sends them away has reserved a place elsewhere. */
  readonly #redirected = new Set<number>();
  /** Places and slots of connected devices that stay until their slots have come: asking again gives the same. */
  readonly #kept = new Map<number, { node: number; slotMs: number }>();
  /** Push servers that a device which asks has found unreachable. */
  readonly #avoid = new Map<number, readonly number[]>();
  readonly #timers: { atMs: number; run: () => void }[] = [];

  constructor(layout: Layout, costs: Costs, policy: Policy) {
    this.layout = layout;
    this.#policy = policy;
    const random = new Random(layout.seed);
    this.random = () => random.next();
    this.wheel = new TimingWheel(layout.devices);
    this.fleet = new Fleet(layout.devices);
    this.pushServers = Array.from({ length: layout.nodes }, (_, index) => this.#createPushServer(index));
    this.balancers = Array.from({ length: layout.balancers }, (_, index) => this.#createBalancer(index));
    this.redis = new Process({ name: 'redis', perform: (job) => this.#service.serveRegistry(job) });
    this.devicesProcess = layout.onOneMachine
      ? new Process({ name: 'devices', perform: (job) => this.#service.serveDevice(job) })
      : undefined;
    this.#processes.push(...this.balancers, ...this.pushServers.flatMap(({ workers }) => workers));
    for (const [index, process] of this.#processes.entries()) process.index = index;
    this.registry = new RegistryModel(
      this.pushServers.map(({ entry }) => entry),
      policy.slots,
    );
    createHosts(this);
    this.#service = new Service({
      ...{ costs, effects: this, processes: this.#processes, redis: this.redis, devicesProcess: this.devicesProcess },
      assignments: this.balancers.map(() => new AssignmentQueue({ now: () => this.nowMs })),
      candidates: layout.nodes,
    });
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
      this.awake.turn(this.nowMs);
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
    const kept = this.#keptPlace(device) ?? this.#keepPlace(device, to);
    if (!kept || kept.slotMs > this.nowMs + aboutNowMs) return false;
    this.#kept.delete(device);
    this.registry.release(from);
    this.fleet.node[device] = kept.node;
    this.#redirected.add(device);
    this.fleet.nextAttempt(device);
    this.clients.onRedirected(device, from);
    return true;
  }

  /** The place that is kept, if the device may still go there. */
  #keptPlace(device: number): { node: number; slotMs: number } | undefined {
    const kept = this.#kept.get(device);
    if (!kept || this.pushServers[kept.node]?.entry.ready) return kept;
    this.registry.release(kept.node);
    this.#kept.delete(device);
    return undefined;
  }

  #keepPlace(device: number, to?: number): { node: number; slotMs: number } | undefined {
    const reserved = this.registry.reserve(device, this.siteOf(device), [], this.nowMs, to);
    if (!reserved) return undefined;
    const kept = { node: reserved.node, slotMs: this.nowMs + reserved.connectAfterMs };
    this.#kept.set(device, kept);
    return kept;
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
        perform: (job) => this.#service.serve(job, this.#processes[job.process] as Process, 'connecting'),
        admission: this.#policy.createAdmission?.(),
        onDropped: (job) => this.drop(job),
      });
    return createPushServer(index, this.layout, Array.from({ length: this.layout.workers }, create));
  }

  #createBalancer(index: number): Process {
    const balancer: Process = new Process({
      name: `balancer-${index}`,
      perform: (job) => this.#service.serve(job, balancer, 'asking'),
      admission: this.#policy.createAdmission?.(),
      mostPerSecond: () => this.#assignmentsPerSecond,
      onDropped: (job) => this.drop(job),
    });
    return balancer;
  }

  #dial(device: number, process: Process): void {
    const attempt = this.fleet.nextAttempt(device);
    this.wheel.schedule(device, this.nowMs + this.clients.patienceMs);
    this.#service.begin(device, attempt, process);
  }

  #releasePlace(device: number): void {
    if (!this.fleet.hasPlace(device)) return;
    this.registry.release(this.fleet.node[device] as number);
    this.fleet.givePlaceUp(device);
  }

  reserve(job: Job): void {
    const { device } = job;
    if (this.#redirected.delete(device)) return this.#assignReserved(job);
    this.#releasePlace(device);
    const reserved = this.registry.reserve(device, this.siteOf(device), this.#avoid.get(device) ?? [], this.nowMs);
    if (reserved) this.fleet.node[device] = reserved.node;
    if (this.isGone(job)) return;
    if (!reserved) return this.#fail(device, 'no place');
    this.#endAttempt(device);
    this.clients.onAssigned(device, reserved.node, reserved.connectAfterMs);
  }

  /** The device that was sent away gets the place that is kept for it; one whose new push server has gone finds out, and asks again. */
  #assignReserved(job: Job): void {
    if (this.isGone(job)) return;
    this.#endAttempt(job.device);
    this.clients.onAssigned(job.device, this.fleet.node[job.device] as number, 0);
  }

  connect(device: number): void {
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

  drop(job: Job): void {
    if (!this.isGone(job)) this.#fail(job.device, 'refused');
  }

  refuse(device: number, retryAfterMs: number): void {
    this.#fail(device, 'refused', retryAfterMs);
  }

  isGone({ device, attempt }: Job): boolean {
    return this.fleet.attempt[device] !== attempt;
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

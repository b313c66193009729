import type { GroupPath, NodeId } from '@pushfleet/protocol';
import type { BalancerHost } from '../actors/balancer.ts';
import { type Cluster, group, otherGroup } from '../actors/cluster.ts';
import { secretOf } from '../actors/managed-device.ts';
import type { PushServerHost } from '../actors/push-server.ts';
import { groups } from '../actors/surroundings.ts';
import { isDeviceName } from '../network/paths.ts';
import { present } from '../versions/software.ts';
import type { Host, SimulatedProcess } from '../world/process.ts';
import { revokeCertificate } from './certificates.ts';
import type { Disturbances } from './disturbances.ts';
import { describeFault, type Fault, type Machine, type Target } from './fault.ts';
import { LastingFaults } from './lasting-faults.ts';

/** The time within which both sides have found that a link is half-open. */
const halfOpenMs = 150_000;
/** A pause of this length or more is one that devices notice by themselves. */
const noticedPauseMs = 50_000;
const maintenanceMs = 120_000;
/** All of them, with what holds it up. */
const rollingRestartMs = 240_000;

type Lasting = Pick<Extract<Fault, { forMs: number }>, 'kind' | 'forMs'>;
interface Settings {
  port?: number;
  enabled?: boolean;
  groups?: GroupPath[];
}

/** Lets faults happen to a cluster at their times, and remembers what was done to whom. */
export class FaultInjector {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;
  /** The group of each device that was moved. */
  readonly #groups = new Map<string, string>();
  readonly #lasting: LastingFaults;

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
    this.#lasting = new LastingFaults(cluster.world);
  }

  schedule(faults: readonly Fault[]): void {
    for (const fault of faults) this.#cluster.world.at(fault.atMs, () => this.#inject(fault));
  }

  #inject(fault: Fault): void | Promise<void> {
    const { world, registry } = this.#cluster;
    world.record('fault', describeFault(fault));
    switch (fault.kind) {
      case 'crash':
        return this.#crash(fault.target, fault.calls);
      case 'pause':
        return this.#pause(fault.target, fault.forMs);
      case 'starve':
        return this.#starve(fault.target, fault.slowness, fault.forMs);
      case 'clock-step':
        return this.#stepClock(fault.machine, fault.byMs);
      case 'clock-skew':
        return this.#skewClock(fault.machine, fault.byMs);
      case 'clock-drift':
        return this.#driftClock(fault.machine, fault.perMille, fault.forMs);
      case 'registry-failover':
        return this.#failOver(fault.behindMs);
      case 'registry-away':
        return this.#during(fault, 1, (worst) => {
          registry.isAway = worst > 0;
        });
      case 'registry-refuses-writes':
        return this.#during(fault, 1, (worst) => registry.refuseWrites(worst > 0));
      case 'registry-slow':
        return this.#during(fault, fault.byMs, (worst) => {
          registry.slowMs = worst;
        });
      case 'registry-lost':
        return this.#loseRegistry();
      case 'partition':
        return this.#partition(fault);
      case 'links-break':
      case 'links-half-open':
        return this.#breakLinks(fault.kind, fault.share);
      case 'device-pause':
        return this.#pauseDevice(fault.device, fault.forMs);
      case 'device-crash':
        return this.#crashDevice(fault.device, fault.forMs);
      case 'port-change':
        return this.#changeSettings(fault.pushServer, { port: fault.port });
      case 'switch-off':
        return this.#changeSettingsFor(fault.forMs, fault.pushServer, { enabled: false }, { enabled: true });
      case 'scope-change':
        return this.#changeSettingsFor(fault.forMs, fault.pushServer, { groups: [otherGroup] }, { groups: [group] });
      case 'drain':
      case 'maintenance-restart':
      case 'certificate-revoke':
        return this.#operate(fault);
      case 'upgrade':
        return this.#upgrade(fault.machine);
      case 'rebalance':
      case 'rolling-restart':
        return fault.kind === 'rebalance' ? this.#cluster.operator.rebalance() : this.#restartAll();
      case 'restart':
        return this.#restart(this.#cluster.pushServers[fault.pushServer], fault.forMs);
      case 'device-delete':
      case 'device-move':
      case 'device-rekey':
      case 'unplug':
        return this.#changeDevice(fault);
      default:
        return fault satisfies never;
    }
  }

  #during({ kind, forMs }: Lasting, size: number, apply: (worst: number) => void | Promise<void>): Promise<void> {
    this.#disturb('registry', 'registry', forMs);
    return this.#lasting.begin(kind, size, forMs, async (worst) => {
      await apply(worst);
      if (worst === 0) this.#cluster.world.record('fault', `the registry is as it should be again: ${kind} is over`);
    });
  }

  #processesOf(target: Target): { host: Host; processes: SimulatedProcess[] }[] {
    const { balancers, pushServers } = this.#cluster;
    if (target.kind === 'everything') return [...balancers, ...pushServers];
    if (target.kind === 'balancer') return balancers.slice(target.index, target.index + 1);
    const pushServer = pushServers[target.index];
    if (!pushServer) return [];
    const { host, supervisor, workers } = pushServer;
    if (target.kind === 'push-server') return [pushServer];
    if (target.kind === 'supervisor') return [{ host, processes: supervisor ? [supervisor] : [] }];
    return [{ host, processes: [...workers.values()].slice(0, 1) }];
  }

  #crash(target: Target, calls: number): void {
    for (const { host, processes } of this.#processesOf(target)) {
      this.#disturb(host.name, 'crash', 0);
      for (const process of processes) process.endAfterCalls(calls);
    }
  }

  #pause(target: Target, forMs: number): void {
    for (const { host, processes } of this.#processesOf(target)) {
      this.#disturb(host.name, forMs >= noticedPauseMs ? 'long pause' : 'pause', forMs);
      for (const process of processes) {
        this.#disturb(process.name, 'pause', forMs);
        process.pause(forMs);
      }
    }
    if (target.kind !== 'everything') return;
    this.#disturb('registry', 'registry', forMs);
    this.#cluster.registry.process.pause(forMs);
  }

  #starve(target: Target, slowness: number, forMs: number): void {
    for (const { host, processes } of this.#processesOf(target)) {
      this.#disturb(host.name, 'long pause', forMs);
      for (const process of processes) {
        this.#disturb(process.name, 'pause', forMs);
        void this.#lasting.begin(process, slowness, forMs, (worst) => {
          process.slowness = Math.max(1, worst);
        });
      }
    }
  }

  #stepClock(machine: Machine, byMs: number): void {
    const host = this.#hostOf(machine);
    if (!host) return;
    host.wallAheadMs += byMs;
    // Somebody sets it right again.
    const forMs = 30_000;
    this.#disturb(host.name, 'clock', forMs);
    this.#cluster.world.after(forMs, () => {
      host.wallAheadMs -= byMs;
      this.#cluster.world.record('fault', `the clock of ${host.name} is set right`);
    });
  }

  #skewClock(machine: Machine, byMs: number): void {
    const host = this.#hostOf(machine);
    if (!host) return;
    host.wallAheadMs += byMs - host.skewMs;
    host.skewMs = byMs;
    this.#disturb(host.name, 'clock', 30_000);
  }

  #driftClock(machine: Machine, perMille: number, forMs: number): void {
    const host = this.#hostOf(machine);
    if (!host) return;
    this.#disturb(host.name, 'clock', forMs);
    const seconds = Math.floor(forMs / 1_000);
    for (let second = 1; second <= seconds; second += 1) {
      this.#cluster.world.after(second * 1_000, () => {
        host.wallAheadMs += perMille;
      });
    }
    this.#cluster.world.after(forMs, () => {
      host.wallAheadMs -= seconds * perMille;
      this.#cluster.world.record('fault', `the clock of ${host.name} is set right`);
    });
  }

  /** The writes from now until then are lost, but for those of administrators: nobody would write them again. */
  async #failOver(behindMs: number): Promise<void> {
    const { registry, world } = this.#cluster;
    const taken = await registry.store.copy();
    for (const kind of ['registry lost', 'last writes lost']) this.#disturb('registry', kind, behindMs);
    world.after(behindMs, () => {
      world.record('fault', 'a replica takes over the registry');
      return registry.failOverTo(taken);
    });
  }

  async #loseRegistry(): Promise<void> {
    for (const kind of ['registry lost', 'all data lost']) this.#disturb('registry', kind, 0);
    await this.#cluster.registry.store.lose();
  }

  #partition({ from, to, isOneWay, forMs }: Extract<Fault, { kind: 'partition' }>): void {
    const { network, world } = this.#cluster;
    const { paths } = network;
    const [a, b] = [this.#hostOf(from), this.#hostOf(to)];
    if (!a || !b || a === b) return;
    for (const host of [a, b]) this.#disturb(host.name, 'partition', forMs);
    paths.cut(a, b);
    if (!isOneWay) paths.cut(b, a);
    world.after(forMs, () => {
      paths.mend(a, b);
      if (!isOneWay) paths.mend(b, a);
      world.record('fault', `${a.name} and ${b.name} reach one another again`);
    });
  }

  #breakLinks(kind: 'links-break' | 'links-half-open', share: number): void {
    const { network, world } = this.#cluster;
    for (const connection of [...network.connections]) {
      const { name } = connection.client.host;
      if (!isDeviceName(name) || !world.random.chance(share)) continue;
      // It is found by the device's keep-alive, or by the worker that waits for an answer.
      this.#disturb(name, 'link', kind === 'links-break' ? 0 : halfOpenMs);
      if (kind === 'links-break') connection.break('connection reset');
      else connection.forget();
    }
  }

  #pauseDevice(index: number, forMs: number): void {
    const device = this.#cluster.devices[index];
    if (!device) return;
    this.#disturb(device.id, 'device', forMs);
    device.process?.pause(forMs);
  }

  #crashDevice(index: number, forMs: number): void {
    const device = this.#cluster.devices[index];
    if (!device?.isWanted) return;
    this.#disturb(device.id, 'device', forMs);
    device.restart(forMs);
  }

  async #changeSettingsFor(forMs: number, index: number, change: Settings, back: Settings): Promise<void> {
    const pushServer = this.#cluster.pushServers[index];
    if (pushServer) this.#disturb(pushServer.nodeId, 'settings', forMs);
    const settings = `${index} ${Object.keys(change)}`;
    await this.#lasting.begin(settings, 1, forMs, (worst) => this.#changeSettings(index, worst ? change : back));
  }

  async #changeSettings(index: number, { groups, ...change }: Settings): Promise<void> {
    const { registry, pushServers } = this.#cluster;
    const pushServer = pushServers[index];
    if (!pushServer) return;
    this.#disturb(pushServer.nodeId, 'settings', 60_000);
    const id = pushServer.nodeId as NodeId;
    await registry.ask(async ({ fleet }) => {
      const point = await fleet.getDistributionPoint(id);
      if (!point) return;
      const pushServer = { ...point.pushServer, ...change };
      await fleet.putDistributionPoint({ ...point, ...(groups ? { groups } : {}), pushServer });
    });
  }

  #operate(
    fault: Extract<Fault, { kind: 'drain' | 'maintenance-restart' | 'certificate-revoke' }>,
  ): void | Promise<void> {
    const { pushServer: index } = fault;
    switch (fault.kind) {
      case 'drain':
        return this.#drain(index, fault.forMs);
      case 'maintenance-restart':
        return this.#maintain(index, (nodeId) => this.#cluster.operator.restart(nodeId));
      case 'certificate-revoke':
        return revokeCertificate(this.#cluster, this.#disturbances, fault, () => this.#breakLinks('links-break', 0.5));
      default:
        return fault satisfies never;
    }
  }

  #drain(index: number, forMs: number): void {
    const { operator, world } = this.#cluster;
    this.#maintain(index, (nodeId) => {
      operator.drain(nodeId);
      world.after(forMs, () => operator.undrain(nodeId));
    });
  }

  #maintain(index: number, order: (nodeId: string) => void): void {
    const { nodeId } = this.#cluster.pushServers[index] ?? {};
    if (nodeId === undefined) return;
    // As long as the operator gives it, and until it is ready again.
    this.#disturb(nodeId, 'settings', maintenanceMs);
    order(nodeId);
  }

  #restartAll(): void {
    const { operator, pushServers } = this.#cluster;
    for (const { nodeId } of pushServers) this.#disturb(nodeId, 'settings', rollingRestartMs);
    operator.restartAll();
  }

  #restart(host: BalancerHost | PushServerHost | undefined, forMs: number): void {
    if (!host) return;
    this.#disturb(host.host.name, 'crash', forMs + 30_000);
    host.stop();
    this.#cluster.world.after(forMs, () => this.#startWhenEnded(host));
  }

  #startWhenEnded(host: BalancerHost | PushServerHost): void {
    if (host.processes.length > 0) this.#cluster.world.after(1_000, () => this.#startWhenEnded(host));
    else host.start();
  }

  #upgrade({ kind, index }: Machine): void {
    const { balancers, pushServers } = this.#cluster;
    const host = kind === 'registry' ? undefined : (kind === 'balancer' ? balancers : pushServers)[index];
    if (!host) return;
    host.software = present;
    this.#restart(host, 2_000);
  }

  #unplug(index: number): void {
    const device = this.#cluster.devices[index];
    if (!device) return;
    this.#disturb(device.id, 'device', Number.POSITIVE_INFINITY);
    device.process?.end();
  }

  #deleteDevice(index: number): void {
    const device = this.#cluster.devices[index];
    if (!device?.isWanted) return;
    device.isWanted = false;
    this.#disturb(device.id, 'device', Number.POSITIVE_INFINITY);
    this.#cluster.administrationServer.deleteDevice(device.id);
  }

  #changeDevice(fault: Extract<Fault, { kind: 'device-delete' | 'device-move' | 'device-rekey' | 'unplug' }>): void {
    switch (fault.kind) {
      case 'device-delete':
        return this.#deleteDevice(fault.device);
      case 'device-move':
        return this.#moveDevice(fault.device, fault.group);
      case 'device-rekey':
        return this.#rekeyDevice(fault.device, fault.forMs);
      case 'unplug':
        return this.#unplug(fault.device);
      default:
        return fault satisfies never;
    }
  }

  #moveDevice(index: number, to: string): void {
    const device = this.#cluster.devices[index];
    if (!device?.isWanted) return;
    this.#disturb(device.id, 'device', 0);
    this.#groups.set(device.id, to);
    this.#cluster.administrationServer.putDevice(device, to, '', () => {});
  }

  /** Whoever has the old secret is refused; then the agent is given the new one. */
  #rekeyDevice(index: number, forMs: number): void {
    const { world, devices, administrationServer } = this.#cluster;
    const device = devices[index];
    if (!device?.isWanted || device.isRekeyed) return;
    const secret = `${secretOf(device.id)}-${Math.round(world.nowMs)}`;
    this.#disturb(device.id, 'device', Number.POSITIVE_INFINITY);
    device.isRekeyed = true;
    administrationServer.putDevice(device, this.#groups.get(device.id) ?? groups[0], secret, () =>
      world.after(forMs, () => device.rekey(secret)),
    );
  }

  #hostOf({ kind, index }: Machine): Host | undefined {
    const { balancers, pushServers, registry } = this.#cluster;
    if (kind === 'registry') return registry.process.host;
    return (kind === 'balancer' ? balancers : pushServers)[index]?.host;
  }

  #disturb(host: string, kind: string, forMs: number): void {
    const { nowMs } = this.#cluster.world;
    this.#disturbances.add(host, kind, nowMs, nowMs + forMs);
  }
}

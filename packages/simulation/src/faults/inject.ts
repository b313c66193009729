import type { NodeId } from '@pushfleet/protocol';
import type { Cluster } from '../actors/cluster.ts';
import type { Host, SimulatedProcess } from '../world/process.ts';
import type { Disturbances } from './disturbances.ts';
import { describeFault, type Fault, type Machine, type Target } from './fault.ts';

/** The time within which both sides have found that a link is half-open. */
const halfOpenMs = 150_000;
/** A pause of this length or more is one that devices notice by themselves. */
const noticedPauseMs = 50_000;

/** Tables of what was made by administrators and promised to administration servers: a registry that loses that as well promises nothing. */
const keptTables: readonly string[] = [
  ...['groups', 'group_moves', 'distribution_points', 'devices', 'deleted_devices', 'device_lineage', 'device_labels'],
  ...['commands', 'api_tokens', 'write_clock', 'node_problems_token'],
];

/** Lets faults happen to a cluster at their times, and remembers what was done to whom. */
export class FaultInjector {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
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
      case 'registry-away':
        return this.#during(fault.forMs, (on) => {
          registry.isAway = on;
        });
      case 'registry-refuses-writes':
        return this.#during(fault.forMs, (on) => {
          registry.refusesWrites = on;
        });
      case 'registry-slow':
        return this.#during(fault.forMs, (on) => {
          registry.slowMs = on ? fault.byMs : 0;
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
        return this.#changeSettings(fault.pushServer, { port: fault.port }, 0);
      case 'switch-off':
        return this.#changeSettings(fault.pushServer, { enabled: false }, fault.forMs);
      case 'restart':
        return this.#restart(fault.pushServer, fault.forMs);
      case 'device-delete':
        return this.#deleteDevice(fault.device);
      case 'unplug':
        return this.#unplug(fault.device);
      default:
        return fault satisfies never;
    }
  }

  #during(forMs: number, set: (on: boolean) => void): void {
    set(true);
    this.#disturb('registry', 'registry', forMs);
    this.#cluster.world.after(forMs, () => {
      set(false);
      this.#cluster.world.record('fault', 'the registry is as it should be again');
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
      for (const process of processes) process.pause(forMs);
    }
    if (target.kind !== 'everything') return;
    this.#disturb('registry', 'registry', forMs);
    this.#cluster.registry.process.pause(forMs);
  }

  #starve(target: Target, slowness: number, forMs: number): void {
    for (const { host, processes } of this.#processesOf(target)) {
      this.#disturb(host.name, 'long pause', forMs);
      for (const process of processes) {
        process.slowness = slowness;
        this.#cluster.world.after(forMs, () => {
          process.slowness = 1;
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

  #loseRegistry(): void {
    this.#disturb('registry', 'registry lost', 0);
    this.#cluster.registry.loseAllBut(keptTables);
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
      if (!name.startsWith('d-') || !world.random.chance(share)) continue;
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

  async #changeSettings(index: number, change: { port?: number; enabled?: boolean }, forMs: number): Promise<void> {
    const { registry, world, pushServers } = this.#cluster;
    const pushServer = pushServers[index];
    if (!pushServer) return;
    this.#disturb(pushServer.nodeId, 'settings', forMs + 60_000);
    const id = pushServer.nodeId as NodeId;
    await registry.ask(async ({ fleet }) => {
      const point = await fleet.getDistributionPoint(id);
      if (point) await fleet.putDistributionPoint({ ...point, pushServer: { ...point.pushServer, ...change } });
    });
    if (change.enabled === false) world.after(forMs, () => this.#changeSettings(index, { enabled: true }, 0));
  }

  #restart(index: number, forMs: number): void {
    const pushServer = this.#cluster.pushServers[index];
    if (!pushServer) return;
    this.#disturb(pushServer.nodeId, 'crash', forMs + 30_000);
    pushServer.stop();
    this.#cluster.world.after(forMs, () => this.#startWhenEnded(index));
  }

  #startWhenEnded(index: number): void {
    const pushServer = this.#cluster.pushServers[index];
    if (pushServer?.supervisor) this.#cluster.world.after(1_000, () => this.#startWhenEnded(index));
    else pushServer?.start();
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

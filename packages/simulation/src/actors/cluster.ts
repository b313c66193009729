import type { DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';
import { hashSecret } from '@pushfleet/registry';
import { EmbeddedStore } from '../network/embedded-store.ts';
import { Network } from '../network/network.ts';
import type { RegistryStore } from '../network/registry-store.ts';
import { SharedRegistry } from '../network/shared-registry.ts';
import type { Software } from '../versions/software.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import type { Random } from '../world/random.ts';
import { World } from '../world/world.ts';
import { AdministrationServer } from './administration-server.ts';
import { BalancerHost } from './balancer.ts';
import { DeviceHost, type Habits } from './device.ts';
import { FleetAdministrator } from './fleet-administrator.ts';
import { ForeignDevice, type Manner, manners } from './foreign-device.ts';
import type { ForeignProtocol } from './foreign-link.ts';
import { GroupPushOperator } from './group-push-operator.ts';
import { ImpatientCrowd } from './impatient-crowd.ts';
import { type ManagedDevice, secretOf } from './managed-device.ts';
import { Newcomers } from './newcomers.ts';
import { Operator } from './operator.ts';
import type { PushLoad } from './push.ts';
import { PushServerHost } from './push-server.ts';
import { groups, ports, type Surroundings } from './surroundings.ts';
import { TunnelUser } from './tunnel-user.ts';

export interface Size {
  balancers: number;
  pushServers: number;
  devices: number;
  /** Devices of others, which heed little. */
  foreignDevices?: number;
  /** The protocols that devices speak. Absent: a third of those with the SDK have MQTT links, and some of the foreign ones. */
  links?: 'grpc';
  /** `false`: nobody opens tunnels. */
  hasTunnels?: boolean;
  /** Clients that only ask for assignments, and heed nothing. */
  crowd?: number;
}

export const limits = { suspectAfterMs: 5_000, deadAfterMs: 15_000 };
export const group = groups[0] as GroupPath;
/** No device is in it. */
export const otherGroup = 'Branch' as GroupPath;
/** One of so many devices breaks down over large messages. */
const fragileEvery = 6;
/** One of so many devices with the SDK has an MQTT link. */
const mqttEvery = 3;
const foreignProtocols: readonly ForeignProtocol[] = ['grpc', 'grpc', 'mqtt', 'mqtt3'];

type OpenStore = (process: SimulatedProcess, silence: typeof limits) => RegistryStore;
const openEmbedded: OpenStore = (process, silence) => new EmbeddedStore(process, silence);

/** A whole cluster in a world of its own: the registry, balancers, push servers, devices and an administration server. */
export class Cluster implements Surroundings {
  readonly world: World;
  readonly network: Network;
  readonly registry: SharedRegistry;
  readonly balancers: BalancerHost[];
  readonly pushServers: PushServerHost[];
  /** Those with the SDK. */
  readonly devices: DeviceHost[];
  readonly foreignDevices: ForeignDevice[];
  readonly administrationServer: AdministrationServer;
  readonly operator: Operator;
  readonly groupPushes: GroupPushOperator;
  readonly fleetAdministrator: FleetAdministrator;
  readonly tunnelUser: TunnelUser;
  readonly crowd: ImpatientCrowd | undefined;

  constructor(seed: number, size: Size, pace: PushLoad, openStore: OpenStore = openEmbedded) {
    this.world = new World(seed);
    this.network = new Network(this.world);
    const registryHost = this.network.addHost(new Host('registry', '10.0.0.1'));
    const registryProcess = new SimulatedProcess(this.world, 'registry', registryHost);
    this.registry = new SharedRegistry(this.network, registryProcess, openStore(registryProcess, limits));
    this.balancers = numbers(size.balancers).map((n) => new BalancerHost(this, `b${n}`, `10.0.1.${n}`));
    this.pushServers = numbers(size.pushServers).map((n) => new PushServerHost(this, `dp-${n}`, `10.0.2.${n}`));
    const addresses = this.balancers.map(({ host }) => host.address);
    const random = this.world.random.fork('devices');
    const protocols = new Protocols(this.world.random.fork('protocols'), size.links);
    this.devices = numbers(size.devices).map((n) => {
      const habits = { workMs: random.pick([0, 10, 500, 3_000]), hasStore: random.chance(0.8) };
      const fragile = n % fragileEvery === 0 ? { mostBytes: 5_000 } : {};
      return new DeviceHost(this, `d-${n}`, addresses, { ...habits, ...fragile, ...protocols.ofDevice(n) });
    });
    this.foreignDevices = numbers(size.foreignDevices ?? 0).map((n) => {
      return new ForeignDevice(this, `f-${n}`, protocols.ofForeignDevice(n), addresses);
    });
    this.crowd = size.crowd ? new ImpatientCrowd(this, addresses, size.crowd) : undefined;
    this.administrationServer = new AdministrationServer(this, addresses, this.managedDevices, pace);
    this.operator = new Operator(this, addresses, this.devices);
    this.groupPushes = new GroupPushOperator(this, addresses, group, () =>
      this.managedDevices.filter(({ isWanted }) => isWanted).map(({ id }) => id),
    );
    this.tunnelUser = new TunnelUser(this, addresses, (size.hasTunnels ?? true) ? this.devices : []);
    this.fleetAdministrator = new FleetAdministrator(this, addresses, {
      devices: this.managedDevices,
      disconnected: this.foreignDevices.length > 0 ? this.foreignDevices : [{ id: 'nobody' }],
      nodeIds: this.pushServers.map(({ nodeId }) => nodeId),
      groupPushes: this.groupPushes,
      newcomers: new Newcomers(this, addresses),
      groupOfNewcomers: otherGroup,
    });
  }

  /** Every other host runs that version, and so does every other device. */
  runHalfOn(software: Software): void {
    for (const hosts of [this.balancers, this.pushServers, this.devices]) {
      for (const [index, host] of hosts.entries()) if (index % 2 === 0) host.software = software;
    }
  }

  get managedDevices(): readonly ManagedDevice[] {
    return [...this.devices, ...this.foreignDevices];
  }

  findDevice(id: string): ManagedDevice | undefined {
    return this.managedDevices.find((device) => device.id === id);
  }

  async start(): Promise<void> {
    await this.#putFleet();
    for (const balancer of this.balancers) balancer.start();
    for (const pushServer of this.pushServers) pushServer.start();
    for (const device of [...this.devices, ...this.foreignDevices]) {
      this.world.after(this.world.random.whole(3_000, 6_000), () => device.start());
    }
    this.administrationServer.start();
    this.operator.start();
    this.groupPushes.start();
    this.fleetAdministrator.start();
    this.tunnelUser.start();
  }

  async #putFleet(): Promise<void> {
    await this.registry.ask(async ({ fleet }) => {
      for (const each of [...groups, otherGroup]) await fleet.putGroup(each as GroupPath);
      for (const { nodeId, host } of this.pushServers) {
        const settings = {
          enabled: true,
          port: ports.device,
          address: host.address,
          maxConnections: 5_000,
          weight: 100,
        };
        await fleet.putDistributionPoint({ id: nodeId as NodeId, groups: [group], pushServer: settings });
      }
      for (const id of [...this.managedDevices.map((device) => device.id), ...(this.crowd?.ids ?? [])]) {
        const secretHash = hashSecret(secretOf(id));
        await fleet.putDevice({ id: id as DeviceId, group, secretHash, labels: {}, linkKinds: [] });
      }
    });
  }
}

/** Which devices speak what, by seed. */
class Protocols {
  readonly #random: Random;
  readonly #isGrpcOnly: boolean;
  readonly #turn: number;

  constructor(random: Random, links: Size['links']) {
    this.#random = random;
    this.#isGrpcOnly = links === 'grpc';
    this.#turn = random.whole(0, mqttEvery - 1);
  }

  ofDevice(n: number): Pick<Habits, 'link' | 'payloadEncoding'> {
    const isMqtt = !this.#isGrpcOnly && n % mqttEvery === this.#turn;
    return { link: isMqtt ? 'mqtt' : 'grpc', payloadEncoding: this.#random.pick(['json', 'protobuf']) };
  }

  ofForeignDevice(n: number): { manner: Manner; protocol: ForeignProtocol } {
    const possible = this.#isGrpcOnly ? manners.filter((manner) => manner !== 'takes small packets') : manners;
    const manner = possible[(n - 1) % possible.length] as Manner;
    if (this.#isGrpcOnly) return { manner, protocol: 'grpc' };
    return { manner, protocol: manner === 'takes small packets' ? 'mqtt' : this.#random.pick(foreignProtocols) };
  }
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

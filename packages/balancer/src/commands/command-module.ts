import { type BootId, type DeviceId, formatHostPort } from '@pushfleet/protocol';
import type { Registry, SessionRef, WorkerRef } from '@pushfleet/registry';
import {
  type AttendedTime,
  type Barrier,
  type Clock,
  type ClusterNetwork,
  type Logger,
  readProgramVersion,
} from '@pushfleet/runtime';
import type { AccessControl } from '../access/access-control.ts';
import type { NodeDirectory } from '../node-directory.ts';
import type { RefusalRecorder } from '../refusal-recorder.ts';
import { CommandIds, createBalancerId } from './command-id.ts';
import { CommandGrpcService, type CommandHandlers } from './command-service.ts';
import { DirectCommands } from './direct/direct-commands.ts';
import { DurableCommands } from './durable/durable-commands.ts';
import type { DurableSettings } from './durable/put-queue.ts';
import { type CommandEngine, CommandsOfBothKinds } from './engine.ts';
import { Announcement } from './peers/announcement.ts';
import { PeerClients, type PeerStatus } from './peers/peer-client.ts';
import { PeerCommands } from './peers/peer-commands.ts';
import { PeerServer } from './peers/peer-server.ts';
import { PeerStatuses } from './peers/peer-statuses.ts';
import { Router, SessionLookup } from './router.ts';
import { RedirectSender } from './workers/redirect-sender.ts';
import { TicketVoider } from './workers/ticket-voider.ts';
import type { ChannelCondition, ChannelEvents } from './workers/worker-channel.ts';
import { WorkerChannels } from './workers/worker-channels.ts';

/** The endpoint where other balancers ask about the direct commands of this one. */
export interface PeerSettings {
  peerBind: string;
  /** 0: any free port. */
  peerPort: number;
  /** The address that is announced. Absent: `peerBind`. */
  peerAddress?: string | undefined;
  /** A client must have said what it wants by then. */
  greetingDeadlineMs?: number;
}

export interface CommandModuleOptions extends DurableSettings, PeerSettings {
  registry: Pick<Registry, 'sessions' | 'fleet' | 'commands' | 'balancers'>;
  directory: NodeDirectory;
  network: ClusterNetwork;
  /** Writes down whom workers have refused. */
  refusals: Pick<RefusalRecorder, 'record'>;
  commandsInFlight: number;
  barrier: Barrier;
  access: Pick<AccessControl, 'ofMessages'>;
  /** Tells the others how this balancer is. */
  status(): Omit<PeerStatus, 'balancerId'>;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

/** Wires what carries commands: channels to workers, routes, direct and durable commands, other balancers, and the gRPC services. */
export class CommandModule implements AsyncDisposable {
  /** The ids of direct commands, which name this life of the balancer. */
  readonly ids = new CommandIds(createBalancerId());
  readonly engine: CommandEngine;
  /** Requests to redirect devices take the channels that commands take. */
  readonly redirects: RedirectSender;
  /** So do those to end the links of devices whose tickets are void. */
  readonly voider: TicketVoider;
  /** Hears of devices that have come for their end of a tunnel; set by whoever opens tunnels. */
  onTunnelArrival: ChannelEvents['onTunnelArrival'] = () => {};
  /** How the other balancers are. */
  readonly peerStatuses: PeerStatuses;
  readonly #channels: WorkerChannels;
  readonly #direct: DirectCommands;
  readonly #durable: DurableCommands;
  readonly #service: CommandGrpcService;
  readonly #options: CommandModuleOptions;
  readonly #peerClients: PeerClients;
  readonly #peerServer: PeerServer;
  #announcement: Announcement | undefined;

  constructor(options: CommandModuleOptions) {
    const { registry, directory, network, commandsInFlight: capacity } = options;
    const { barrier, clock, attended, logger } = options;
    const refreshDirectory = () => directory.refreshSoon();
    const events = this.#joinEvents();
    const channels = new WorkerChannels({ network, events, barrier, clock, attended, logger, refreshDirectory });
    const lookup = new SessionLookup(registry.sessions);
    const findSession = (device: DeviceId) => lookup.find(device);
    const router = new Router({ findSession, findChannel: (worker) => channels.find(worker) });
    this.#channels = channels;
    this.#direct = new DirectCommands({ ids: this.ids, router, fleet: registry.fleet, clock, attended, capacity });
    this.#durable = new DurableCommands({ ...options, ...registry, channels, findSession, capacity });
    this.engine = new CommandsOfBothKinds(this.#direct, this.#durable);
    this.redirects = new RedirectSender((worker) => channels.get(worker));
    this.voider = new TicketVoider({ channels: () => channels.all(), sessions: registry.sessions, clock });
    const { ids } = this;
    const { balancerId } = ids;
    this.#options = options;
    this.#peerClients = new PeerClients(network, clock);
    const peerAt = (address: string) => this.#peerClients.at(address);
    const peers = new PeerCommands({ balancerId, balancers: registry.balancers, peerAt });
    this.peerStatuses = new PeerStatuses({ balancerId, balancers: registry.balancers, peerAt });
    const at = { host: options.peerBind, port: options.peerPort };
    this.#peerServer = new PeerServer({ ...options, balancerId, commands: this.#direct, at });
    this.#service = new CommandGrpcService({
      ids,
      engine: this.engine,
      peers,
      registry,
      access: options.access,
      logger,
    });
    directory.onRefresh(() => channels.sync(directory.listed));
  }

  /** Says whether the worker can be reached. */
  conditionOf(worker: WorkerRef): ChannelCondition {
    return this.#channels.get(worker)?.condition ?? { kind: 'opening' };
  }

  /** Whether that life of a worker answers this balancer. */
  answers(bootId: BootId): boolean {
    return this.#channels.answers(bootId);
  }

  get handlers(): CommandHandlers {
    return this.#service.handlers;
  }

  /** The port where other balancers ask, once it has started. */
  get peerPort(): number {
    return this.#peerServer.port;
  }

  /** Number of direct commands in flight. */
  get inFlight(): number {
    return this.#direct.inFlight;
  }

  /** Listens for other balancers, and tells them where. */
  async start(): Promise<void> {
    await this.#peerServer.start();
    const { registry, peerBind, peerAddress = peerBind, clock, logger } = this.#options;
    const balancer = {
      balancerId: this.ids.balancerId,
      peerAddress: formatHostPort(peerAddress, this.peerPort),
      software: { version: readProgramVersion(), node: process.versions.node },
    };
    const onForgotten = () => this.#durable.repeatConfirmed();
    this.#announcement = new Announcement({ balancers: registry.balancers, balancer, onForgotten, clock, logger });
    await this.#announcement.announce();
  }

  /** Makes the worker of the session look into the registry for commands of the device. */
  wake(device: DeviceId, session: SessionRef): void {
    this.#durable.dispatch.wake(device, session);
  }

  /** Takes no more commands and lets those in flight end, until `signal` fires. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#service.stop();
    this.#peerServer.stop();
    await this.engine.drain(signal);
    await this.#announcement?.withdraw();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#announcement?.withdraw();
    await this.#peerServer[Symbol.asyncDispose]();
    this.#peerClients[Symbol.dispose]();
    this.#direct[Symbol.dispose]();
    this.#durable[Symbol.dispose]();
    this.voider[Symbol.dispose]();
    this.#channels[Symbol.dispose]();
  }

  #joinEvents(): ChannelEvents {
    return {
      onOpened: (channel) => this.voider.onOpened(channel),
      onReport: (channel, report) => this.engine.onReport(channel, report),
      onRedirectProgress: (channel, progress) => this.redirects.onProgress(channel, progress),
      onTunnelArrival: (channel, arrival) => this.onTunnelArrival(channel, arrival),
      onMemberRefusal: ({ worker }, { detail }) => this.#options.refusals.record(detail, worker),
      onLost: (channel) => {
        this.#direct.onChannelLost(channel);
        this.redirects.onLost(channel);
      },
    };
  }
}

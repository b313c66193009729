import { type CommandId, type DeviceId, isDurable } from '@pushfleet/protocol';
import type { Registry, SessionRef, WorkerRef } from '@pushfleet/registry';
import type { AttendedTime, Barrier, Clock, ClusterCredentials, Logger } from '@pushfleet/runtime';
import type { NodeDirectory } from '../node-directory.ts';
import { CommandQueries } from './command-queries.ts';
import { Channels } from './courier/channels.ts';
import { Mover } from './courier/mover.ts';
import { TicketVoider } from './courier/ticket-voider.ts';
import type { ArrivalListener, ChannelCondition, ChannelEvents } from './courier/worker-channel.ts';
import { Desk } from './desk.ts';
import { Dispatcher } from './dispatcher.ts';
import { DurableDesk } from './durable/durable-desk.ts';
import type { DurableSettings } from './durable/put-queue.ts';
import { EngineAdapter } from './engine-adapter.ts';
import { CommandFace, type CommandHandlers } from './grpc.ts';
import type { PushDesk } from './push-desk.ts';
import { PushEntry } from './push-entry.ts';
import { Router } from './router.ts';
import { SessionLookup } from './session-lookup.ts';
import { Watches } from './watches.ts';

export interface CommandCenterOptions extends DurableSettings {
  registry: Pick<Registry, 'sessions' | 'fleet' | 'commands'>;
  directory: NodeDirectory;
  cluster: ClusterCredentials;
  commandsInFlight: number;
  barrier: Barrier;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

/** Wires what carries commands: channels to workers, routes, direct and durable commands and their gRPC face. */
export class CommandCenter implements Disposable {
  /** Orders to move devices take the channels that commands take. */
  readonly mover: Mover;
  /** So do those to end the links of devices whose tickets are void. */
  readonly voider: TicketVoider;
  /** Where the rest of the balancer sends commands. */
  readonly desk: PushDesk;
  /** Carries commands; takes the place of `desk`. */
  readonly engine: EngineAdapter;
  /** Hears of devices that have come for their end of a tunnel; set by whoever opens tunnels. */
  onTunnelArrival: ArrivalListener = () => {};
  readonly #channels: Channels;
  readonly #dispatcher: Dispatcher;
  readonly #durable: DurableDesk;
  readonly #face: CommandFace;

  constructor(options: CommandCenterOptions) {
    const { registry, directory, cluster: credentials, commandsInFlight: capacity } = options;
    const { barrier, clock, attended, logger } = options;
    const { commands, fleet } = registry;
    const lookup = new SessionLookup(registry.sessions);
    const ways = {
      findSession: (device: DeviceId) => lookup.find(device),
      channelOf: (worker: Parameters<Channels['get']>[0]) => this.#channels.get(worker),
      refreshDirectory: () => directory.refreshSoon(),
    };
    this.#dispatcher = new Dispatcher({ router: new Router(ways), fleet, clock, attended, capacity });
    this.#durable = new DurableDesk({ ...options, ...ways, commands, fleet, capacity });
    this.mover = new Mover(ways.channelOf);
    this.voider = new TicketVoider({ channels: () => this.#channels.all(), clock });
    this.#channels = new Channels({ credentials, events: this.#joinEvents(), barrier, clock, attended, logger });
    const entry = new PushEntry(this.#dispatcher, this.#durable, clock);
    this.desk = new Desk(this.#dispatcher, this.#durable, entry, clock);
    this.engine = new EngineAdapter(this.#dispatcher, this.#durable, commands, clock);
    const hasDevice = async (device: DeviceId) => (await fleet.getDevice(device)) !== undefined;
    const queries = new CommandQueries({ direct: this.#dispatcher, durable: this.#durable, commands, hasDevice });
    const watches = new Watches(this.#dispatcher, commands, this.#durable.follows);
    this.#face = new CommandFace(entry, queries, watches, logger);
    directory.onRefresh(() => this.#channels.sync(directory.listed));
  }

  /** Whether the worker can be reached. */
  conditionOf(worker: WorkerRef): ChannelCondition {
    return this.#channels.get(worker)?.condition ?? { kind: 'opening' };
  }

  get handlers(): CommandHandlers {
    return this.#face.handlers;
  }

  /** Makes the worker look into the registry for commands of the device. */
  poke(device: DeviceId, session: SessionRef): void {
    this.#durable.dispatch.poke(device, session);
  }

  /** Takes no more commands and lets those under way end, until `signal` fires. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#face.stop();
    await Promise.all([this.#dispatcher.drain(signal), this.#durable.drain(signal)]);
  }

  [Symbol.dispose](): void {
    this.#dispatcher[Symbol.dispose]();
    this.#durable[Symbol.dispose]();
    this.#channels[Symbol.dispose]();
  }

  #joinEvents(): ChannelEvents {
    return {
      onOpened: (channel) => this.voider.onOpened(channel),
      onWritten: (parcels) => this.#dispatcher.onWritten(parcels),
      onReport: (channel, report) => {
        if (isDurable(report.commandId as CommandId)) this.#durable.onReport(channel, report);
        else this.#dispatcher.onReport(channel, report);
      },
      onMoveReport: (channel, report) => this.mover.onMoveReport(channel, report),
      onTunnelArrival: (channel, arrival) => this.onTunnelArrival(channel, arrival),
      onLost: (channel, unwritten) => {
        this.#dispatcher.onLost(channel);
        this.#durable.dispatch.onUnwritten(unwritten);
        this.mover.onLost(channel);
      },
    };
  }
}

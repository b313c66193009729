import type { Registry } from '@pushfleet/registry';
import type { Clock, ClusterCredentials, Logger } from '@pushfleet/runtime';
import type { Roster } from '../roster.ts';
import { Channels } from './courier/channels.ts';
import { Mover } from './courier/mover.ts';
import type { ArrivalListener, ChannelEvents } from './courier/worker-channel.ts';
import { Dispatcher } from './dispatcher.ts';
import { CommandFace, type CommandHandlers } from './grpc.ts';
import type { PendingCommand } from './pending-command.ts';
import { Router } from './router.ts';
import { SessionLookup } from './session-lookup.ts';

export interface CommandCenterOptions {
  registry: Pick<Registry, 'sessions' | 'fleet'>;
  roster: Roster;
  cluster: ClusterCredentials;
  commandsInFlight: number;
  clock: Clock;
  logger: Logger;
}

/** Wires what carries commands: channels to workers, routes, the dispatcher and its gRPC face. */
export class CommandCenter implements Disposable {
  /** Orders to move devices take the channels that commands take. */
  readonly mover: Mover;
  /** Hears of devices that have come for their end of a tunnel; set by whoever opens tunnels. */
  onTunnelArrival: ArrivalListener = () => {};
  readonly #channels: Channels<PendingCommand>;
  readonly #dispatcher: Dispatcher;
  readonly #face: CommandFace;

  constructor({ registry, roster, cluster, commandsInFlight, clock, logger }: CommandCenterOptions) {
    const lookup = new SessionLookup(registry.sessions);
    const router = new Router({
      findSession: (device) => lookup.find(device),
      channelOf: (worker) => this.#channels.get(worker),
      refreshRoster: () => roster.refreshSoon(),
    });
    this.#dispatcher = new Dispatcher({ router, fleet: registry.fleet, clock, capacity: commandsInFlight });
    this.mover = new Mover((worker) => this.#channels.get(worker));
    const events = joinEvents(this.#dispatcher, this.mover, (channel, arrival) =>
      this.onTunnelArrival(channel, arrival),
    );
    this.#channels = new Channels({ credentials: cluster, events, clock, logger });
    this.#face = new CommandFace(this.#dispatcher, logger);
    roster.onRefresh(() => this.#channels.sync(roster.nodes));
  }

  get handlers(): Pick<CommandHandlers, 'Push' | 'PushStream'> & Partial<CommandHandlers> {
    return this.#face.handlers;
  }

  /** Takes no more commands and lets those under way end, until `signal` fires. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#face.stop();
    await this.#dispatcher.drain(signal);
  }

  [Symbol.dispose](): void {
    this.#dispatcher[Symbol.dispose]();
    this.#channels[Symbol.dispose]();
  }
}

function joinEvents(
  dispatcher: Dispatcher,
  mover: Mover,
  onTunnelArrival: ArrivalListener,
): ChannelEvents<PendingCommand> {
  return {
    onWritten: (commands) => dispatcher.onWritten(commands),
    onReport: (channel, report) => dispatcher.onReport(channel, report),
    onMoveReport: (channel, report) => mover.onMoveReport(channel, report),
    onTunnelArrival,
    onLost: (channel) => {
      dispatcher.onLost(channel);
      mover.onLost(channel);
    },
  };
}

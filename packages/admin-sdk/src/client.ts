import { type AdminChannel, type AdminClientOptions, openChannel } from './channel.ts';
import { Commands } from './commands.ts';
import { Devices } from './devices.ts';
import { DistributionPoints, Nodes } from './distribution-points.ts';
import { Events } from './events.ts';
import { GroupPushes } from './group-pushes.ts';
import { Groups } from './groups.ts';
import { Maintenance } from './maintenance.ts';
import { OverviewOfCluster } from './overview.ts';
import { Tokens } from './tokens.ts';
import { Tunnels } from './tunnels.ts';

/** Connects when the first call is made; reconnects by itself. A call without a balancer fails at once. */
export function createAdminClient(options: AdminClientOptions): AdminClient {
  return new AdminClient(openChannel(options));
}

/**
 * The admin API of a balancer, by subject. Each method takes what it is about first, and {@link CallOptions} last; it
 * rejects with a PushfleetError.
 */
export class AdminClient implements Disposable, AsyncDisposable {
  readonly commands: Commands;
  readonly groupPushes: GroupPushes;
  readonly groups: Groups;
  readonly devices: Devices;
  readonly distributionPoints: DistributionPoints;
  readonly nodes: Nodes;
  readonly maintenance: Maintenance;
  readonly tunnels: Tunnels;
  readonly events: Events;
  readonly overview: OverviewOfCluster;
  readonly tokens: Tokens;
  readonly #channel: AdminChannel;

  constructor(channel: AdminChannel) {
    this.#channel = channel;
    this.commands = new Commands(channel);
    this.groupPushes = new GroupPushes(channel);
    this.groups = new Groups(channel);
    this.devices = new Devices(channel);
    this.distributionPoints = new DistributionPoints(channel);
    this.nodes = new Nodes(channel);
    this.maintenance = new Maintenance(channel);
    this.tunnels = new Tunnels(channel);
    this.events = new Events(channel);
    this.overview = new OverviewOfCluster(channel);
    this.tokens = new Tokens(channel);
  }

  /** Calls that are under way end with an error; tunnels are destroyed. */
  close(): void {
    this.#channel.closing.abort();
    this.#channel.commands.close();
    this.#channel.tunnels.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

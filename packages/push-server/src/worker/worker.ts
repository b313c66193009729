import { type BootId, type CommandId, formatHostPort, isDurable } from '@pushfleet/protocol';
import type { Registry, WorkerRef } from '@pushfleet/registry';
import {
  type AttendedTime,
  Barrier,
  type Clock,
  type ClusterCredentials,
  connectionLimitsFor,
  createLimiter,
  type KeyPair,
  type Logger,
  readFileLimit,
  type Service,
} from '@pushfleet/runtime';
import { Channels, keepAliveMs } from '../control/channels.ts';
import { ControlListener } from '../control/control-listener.ts';
import { ControlService } from '../control/control-service.ts';
import { Evictor } from '../control/evictor.ts';
import { RedirectRequests } from '../control/redirect-requests.ts';
import { DurableDesk } from '../durable/desk.ts';
import { LinkTable } from '../links/link-table.ts';
import { SessionCloser } from '../links/session-closer.ts';
import type { PushServerSettings } from '../settings.ts';
import { TicketVerifier } from '../tickets/verifier.ts';
import { Tunnels } from '../tunnels/tunnels.ts';
import { Departures } from './departures.ts';
import { DeviceListener, type DeviceListenerOptions } from './device-listener.ts';
import { DeviceListeners } from './device-listeners.ts';
import { HandOver } from './hand-over.ts';
import type { FromWorker, ToWorker, WorkerTask } from './messages.ts';
import { drainingReason, Orders } from './orders.ts';
import { Roster } from './roster.ts';

export interface WorkerOptions {
  task: WorkerTask;
  settings: PushServerSettings;
  registry: Registry;
  cluster: ClusterCredentials;
  server: KeyPair;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
  tellSupervisor(message: FromWorker): void;
}

const tickMs = 1_000;
/** The heartbeat that follows tells the registry; a load that is older than the heartbeat is of no use to anyone. */
const tellLoadMs = 250;
const refreshKeysMs = 30_000;
/** Devices that are told to leave at the same time. */
const handOverConcurrency = 64;
/** How long a device that was told to leave may take to close its side. */
const lingerMs = 250;

/** One process of a push server: links on one side, channels to balancers on the other, sessions between. */
export class Worker implements Service {
  readonly #options: WorkerOptions;
  readonly barrier: Barrier;
  readonly #attended: AttendedTime;
  readonly #handOver: HandOver;
  readonly #links: LinkTable;
  readonly #durable: DurableDesk;
  readonly #closer: SessionCloser;
  readonly #verifier: TicketVerifier;
  readonly #tunnels: Tunnels;
  readonly #departures: Departures;
  readonly #listeners: DeviceListeners;
  readonly #orders: Orders;
  readonly #service: ControlService;
  readonly #control: ControlListener;
  readonly #channels: Channels;
  readonly #timers: Disposable[] = [];
  #self: WorkerRef;

  constructor(options: WorkerOptions) {
    const { task, settings, registry, clock, logger } = options;
    const roster = new Roster(registry.nodes, clock);
    const channels = new Channels(clock, logger);
    this.#channels = channels;
    this.#options = options;
    this.barrier = new Barrier({ clock, logger });
    this.#attended = options.attended;
    this.#self = task;
    this.#handOver = new HandOver(registry.assignments, roster, task.nodeId, settings.reservationMs);
    this.#verifier = new TicketVerifier(registry.ticketKeys, task.nodeId, clock);
    this.#closer = new SessionCloser(registry.sessions, clock);
    this.#links = this.#createLinks(roster, channels);
    this.#durable = this.#createDurableDesk(channels);
    this.#tunnels = new Tunnels({
      ...{ clock, attended: this.#attended, logger },
      verify: (token) => this.#verifier.verifyTunnel(token),
      announce: (arrival) => channels.announceTunnel(arrival),
    });
    this.#departures = new Departures(this.#links, clock);
    this.#listeners = new DeviceListeners((port) => this.#createListener(port));
    this.#orders = this.#createOrders();
    this.#service = this.#createService(channels);
    this.#control = new ControlListener({
      ...{ host: settings.controlBind, cluster: options.cluster, service: this.#service },
      barrier: this.barrier,
      attended: this.#attended,
    });
  }

  /** Listeners for devices are opened when the supervisor says so. */
  async start(): Promise<void> {
    const { settings, server, clock, tellSupervisor } = this.#options;
    await this.#verifier.refresh();
    await this.#control.listen();
    this.#timers.push(clock.every(tickMs, () => this.#tick()));
    this.#timers.push(clock.every(keepAliveMs, () => this.#channels.sendKeepAlives()));
    this.#timers.push(clock.every(tellLoadMs, () => this.#tellLoad()));
    this.#timers.push(clock.every(refreshKeysMs, () => this.#refreshKeys()));
    const host = settings.controlAddress ?? settings.controlBind;
    const controlAddress = formatHostPort(host, this.#control.port);
    const shown = settings.deviceTls ? { certificate: server.cert.toString() } : {};
    tellSupervisor({ kind: 'ready', controlAddress, ...shown });
  }

  obey(order: ToWorker): void {
    this.#orders.obey(order);
  }

  /** Tells every device where to go, evenly spread over `signal`'s time at the most, then stops taking any. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#orders[Symbol.dispose]();
    this.#listeners.shutAll();
    this.#tunnels.close(drainingReason);
    const limited = createLimiter(handOverConcurrency);
    await Promise.all(
      this.#links.liveDevices().map((device) =>
        limited(async () => {
          if (!signal.aborted) await this.#links.handOver(device, 'useAnotherServer');
        }),
      ),
    );
    this.#links.closeAll('serverShuttingDown');
    await this.#durable.flush();
    await this.#closer[Symbol.asyncDispose]();
    this.#tellLoad();
    // What was written last must leave the process before its sockets are destroyed.
    await new Promise((resolve) => setTimeout(resolve, lingerMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer[Symbol.dispose]();
    this.#orders[Symbol.dispose]();
    await this.#listeners[Symbol.asyncDispose]();
    await this.#control[Symbol.asyncDispose]();
    await this.#durable[Symbol.asyncDispose]();
    await this.#closer[Symbol.asyncDispose]();
  }

  #createLinks(roster: Roster, channels: Channels): LinkTable {
    const { task, registry, cluster, clock, logger } = this.#options;
    const findControl = async (worker: WorkerRef) => (await roster.findWorker(worker))?.controlAddress;
    const evictor = new Evictor(cluster, findControl, clock, logger);
    return new LinkTable({
      self: task,
      capacity: task.capacity,
      sessions: registry.sessions,
      closer: this.#closer,
      verifyTicket: (token) => this.#verifier.verify(token),
      findElsewhere: (ticket) => this.#handOver.reserve(ticket),
      // Links of this same worker are closed by the table itself.
      evict: (device, epoch, from) => {
        if (from.bootId !== this.#self.bootId) evictor.evict(device, epoch, from);
      },
      report: (said, from) => {
        if (isDurable(said.report.commandId as CommandId)) this.#durable.onReport(said, from);
        else channels.report(said.report, said.channel);
      },
      onCommandsWaiting: (device) => this.#durable.fetch(device),
      barrier: this.barrier,
      clock,
      attended: this.#attended,
      logger,
    });
  }

  #createDurableDesk(channels: Channels): DurableDesk {
    const { registry, clock, logger } = this.#options;
    const report: Channels['report'] = (said, channel) => channels.report(said, channel);
    return new DurableDesk({ commands: registry.commands, links: this.#links, report, clock, logger });
  }

  #createListener(port: number): DeviceListener {
    const { task, settings, server } = this.#options;
    const tls = settings.deviceTls ? server : undefined;
    const { keepAliveMs, unauthenticated, unauthenticatedPerAddress } = settings;
    const link = { nodeId: task.nodeId, keepAliveMs, barrier: this.barrier, attended: this.#attended };
    const connectionLimits = connectionLimitsFor({
      fileLimit: readFileLimit(),
      share: 1,
      unauthenticated,
      unauthenticatedPerAddress,
    });
    const options = { ...link, port, host: settings.bind, tls, connectionLimits };
    const onTunnel: DeviceListenerOptions['onTunnel'] = (call, onKnown) => void this.#tunnels.onDevice(call, onKnown);
    return new DeviceListener({ ...options, onTunnel }, (link) => this.#links.accept(link, port));
  }

  #createOrders(): Orders {
    const { task, clock, logger, tellSupervisor } = this.#options;
    return new Orders({
      ...{
        links: this.#links,
        tunnels: this.#tunnels,
        departures: this.#departures,
        listeners: this.#listeners,
        clock,
        logger,
        tellSupervisor,
      },
      groups: task.groups,
      findElsewhere: (ticket) => this.#handOver.reserve(ticket),
      reassert: (bootId) => this.#reassert(bootId),
    });
  }

  #createService(channels: Channels): ControlService {
    const { task, clock, logger } = this.#options;
    const redirects = new RedirectRequests({
      ...{ departures: this.#departures, clock, logger },
      liveDevices: () => this.#links.liveDevices(),
      reserveOn: (ticket, target) => this.#handOver.reserveOn(ticket, target),
    });
    return new ControlService({
      ...{
        self: task,
        links: this.#links,
        redirects,
        durable: this.#durable,
        tunnels: this.#tunnels,
        channels,
        clock,
        logger,
      },
    });
  }

  #reassert(bootId: BootId): void {
    if (bootId !== this.#self.bootId) {
      const { nodeId, workerId } = this.#self;
      this.#self = { nodeId, workerId, bootId };
      this.#service.rename(this.#self);
    }
    const { logger } = this.#options;
    this.#links.reassert(this.#self).then(
      () => logger.info({ live: this.#links.live }, 'sessions asserted'),
      (error) => logger.error({ err: error }, 'sessions not asserted'),
    );
  }

  #tick(): void {
    this.#links.tick();
    this.#durable.tick();
  }

  #tellLoad(): void {
    const [live, news, told] = [this.#links.live, this.#links.takeNews(), this.#departures.takeTold()];
    this.#options.tellSupervisor({ kind: 'load', live, news, told });
  }

  #refreshKeys(): void {
    this.#verifier.refresh().catch((error) => {
      this.#options.logger.warn({ err: error }, 'ticket keys not refreshed; the known ones stay in use');
    });
  }
}

import { type BootId, type CommandId, formatHostPort, isDurable } from '@pushfleet/protocol';
import { type PushServerRegistry, reportLockedSignIns, type WorkerRef } from '@pushfleet/registry';
import {
  type AttendedTime,
  Barrier,
  type Clock,
  type ClusterNetwork,
  type ClusterPort,
  connectionLimitsFor,
  createLimiter,
  DeviceSignIns,
  type KeyJudge,
  type KeyPair,
  type ListeningSocket,
  type Live,
  type Logger,
  type LoopLoad,
  MemberGate,
  meter,
  meterFaults,
  meterListeners,
  metrics,
  RevocationList,
  readFileLimit,
  type Service,
  TicketKeyRing,
  tracing,
} from '@pushfleet/runtime';
import { BalancerChannels, keepAliveMs } from '../control/balancer-channels.ts';
import { createControlListener } from '../control/control-listener.ts';
import { ControlService } from '../control/control-service.ts';
import { Evictor } from '../control/evictor.ts';
import { DurableDelivery } from '../durable/durable-delivery.ts';
import { DeliveryTraces } from '../links/delivery-traces.ts';
import { LinkTable } from '../links/link-table.ts';
import { DelayedAcks } from '../links/mqtt/delayed-acks.ts';
import { SessionCloser } from '../links/session-closer.ts';
import { EvacuationPacer } from '../redirect/evacuation-pacer.ts';
import { NodeCache } from '../redirect/node-cache.ts';
import { RedirectRequests } from '../redirect/redirect-requests.ts';
import { RedirectReservations } from '../redirect/redirect-reservations.ts';
import type { ReportEffect } from '../session/session.ts';
import type { PushServerSettings } from '../settings.ts';
import { GuardedTickets } from '../tickets/guarded-tickets.ts';
import { TicketVerifier } from '../tickets/verifier.ts';
import { Tunnels } from '../tunnels/tunnels.ts';
import { AcceptRate } from './accept-rate.ts';
import {
  type CreateDevicePort,
  DeviceListener,
  type DeviceListenerOptions,
  DeviceListeners,
  type DevicePort,
} from './device-listener.ts';
import type { FromWorker, ToWorker, WorkerTask } from './messages.ts';
import { drainingReason, SupervisorRequests } from './supervisor-requests.ts';

export interface WorkerOptions {
  task: WorkerTask;
  settings: PushServerSettings;
  registry: PushServerRegistry;
  /** How it reaches other members of the cluster, and is reached by those that the gate lets in. */
  createNetwork(gate: MemberGate): ClusterNetwork;
  /** Judges the keys that tickets are signed with. */
  createKeyJudge(gate: MemberGate): Pick<KeyJudge, 'judge'>;
  /** Its push server's certificate in the cluster, and what is done when it is revoked: a supervisor that hangs does nothing. Absent: it never is. */
  membership?: { serialNumber(): string; onRevoked(): void };
  /** Absent: TLS over TCP. */
  createDevicePort?: CreateDevicePort;
  server: Live<KeyPair>;
  ticketSecret: Live<Uint8Array>;
  clock: Clock;
  attended: AttendedTime;
  load: LoopLoad;
  logger: Logger;
  notifySupervisor(message: FromWorker, socket?: ListeningSocket): void;
}

const tickMs = 1_000;
/** Interval of load messages, below that of the heartbeats that carry the load to the registry. */
const reportLoadMs = 250;
const refreshKeysMs = 30_000;
/** Devices that are redirected at the same time while the worker drains. */
const redirectConcurrency = 64;
/** Time for a redirected device to close its side. */
const lingerMs = 250;

/** One process of a push server: links on one side, channels to balancers on the other, sessions between. */
export class Worker implements Service {
  readonly #options: WorkerOptions;
  readonly barrier: Barrier;
  readonly #attended: AttendedTime;
  readonly #reservations: RedirectReservations;
  readonly #links: LinkTable;
  readonly #acks: DelayedAcks;
  readonly #durable: DurableDelivery;
  readonly #closer: SessionCloser;
  readonly #evictor: Evictor;
  readonly #verifier: TicketVerifier;
  readonly #signIns: DeviceSignIns;
  readonly #tickets: GuardedTickets;
  readonly #ticketKeyRing: TicketKeyRing;
  readonly #tunnels: Tunnels;
  readonly #pacer: EvacuationPacer;
  readonly #revocations: RevocationList;
  readonly #gate: MemberGate;
  readonly #listeners: DeviceListeners;
  readonly #supervisorRequests: SupervisorRequests;
  readonly #service: ControlService;
  readonly #control: ClusterPort;
  readonly #channels: BalancerChannels;
  readonly #acceptRate: AcceptRate;
  readonly #timers: Disposable[] = [];
  readonly #traces: DeliveryTraces;
  #self: WorkerRef;

  constructor(options: WorkerOptions) {
    const { task, settings, registry, clock, logger } = options;
    const nodes = new NodeCache(registry.nodes, clock);
    const channels = new BalancerChannels(clock, logger);
    this.#channels = channels;
    this.#options = options;
    this.barrier = new Barrier({ logger });
    this.#attended = options.attended;
    this.#self = task;
    this.#traces = new DeliveryTraces(task.nodeId);
    this.#acceptRate = new AcceptRate(task.acceptsPerSecond, clock.now());
    this.#reservations = new RedirectReservations(registry.assignments, nodes, task.nodeId, settings.reservationMs);
    this.#ticketKeyRing = new TicketKeyRing({
      ...{ store: registry.tlsTicketKeys, secret: options.ticketSecret, purpose: 'device', clock, logger },
      rotationMs: settings.tlsTicketRotationMs,
    });
    this.#closer = new SessionCloser(registry.sessions, clock);
    this.#revocations = new RevocationList({ store: registry.revocations, clock, logger });
    this.#gate = new MemberGate({
      ...{ revocations: this.#revocations, clock, logger },
      report: ({ detail }) => channels.reportRefusal(detail),
    });
    const keyJudge = options.createKeyJudge(this.#gate);
    this.#verifier = new TicketVerifier(registry.ticketKeys, task.nodeId, clock, {
      judge: (...key) => keyJudge.judge(...key),
      onRefused: (refusal) => this.#gate.refuse(refusal),
    });
    this.#signIns = this.#createSignIns();
    this.#tickets = new GuardedTickets(this.#verifier, this.#signIns);
    const network = options.createNetwork(this.#gate);
    this.#evictor = new Evictor({
      ...{ network, clock, logger },
      find: async (worker) => (await nodes.findWorker(worker))?.controlAddress,
    });
    this.#links = this.#createLinks(channels, nodes);
    this.#acks = new DelayedAcks(clock);
    this.#durable = this.#createDurableDelivery(channels);
    this.#tunnels = new Tunnels({
      ...{ clock, attended: this.#attended, logger },
      verify: (token, remote) => this.#tickets.verifyTunnel(token, remote),
      announce: (arrival) => channels.announceTunnel(arrival),
    });
    this.#pacer = new EvacuationPacer(this.#links, clock);
    this.#listeners = new DeviceListeners((port) => this.#createListener(port));
    this.#supervisorRequests = this.#createSupervisorRequests();
    this.#service = this.#createService(channels);
    this.#control = createControlListener({
      ...{ host: settings.controlBind, network, service: this.#service },
      barrier: this.barrier,
      attended: this.#attended,
    });
  }

  /** Listeners for devices are opened when the supervisor says so. */
  async start(): Promise<void> {
    const { settings, server, clock, membership: own, notifySupervisor } = this.#options;
    await this.#revocations.start();
    if (own) this.#timers.push(this.#revocations.onOwnRevoked(own.serialNumber, own.onRevoked));
    await this.#verifier.refresh();
    await this.#ticketKeyRing.start();
    this.#timers.push(this.#revocations.onRevoked(() => this.#refreshKeys()));
    await this.#control.listen();
    this.#timers.push(...this.#meters());
    this.#timers.push(clock.every(tickMs, () => this.#tick()));
    this.#timers.push(clock.every(keepAliveMs, () => this.#channels.sendKeepAlives()));
    this.#timers.push(clock.every(reportLoadMs, () => this.#reportLoad()));
    this.#timers.push(clock.every(tickMs, () => notifySupervisor({ kind: 'metrics', reading: meter.read() })));
    this.#timers.push(clock.every(refreshKeysMs, () => this.#refreshKeys()));
    const host = settings.controlAddress ?? settings.controlBind;
    const controlAddress = formatHostPort(host, this.#control.port);
    const shown = () => (settings.deviceTls ? { certificate: server.current.cert.toString() } : {});
    notifySupervisor({ kind: 'ready', controlAddress, ...shown() });
    this.#timers.push(server.onChange(() => notifySupervisor({ kind: 'certificate', ...shown() })));
  }

  handle(request: ToWorker, socket?: ListeningSocket): void {
    this.#supervisorRequests.handle(request, socket);
  }

  /** Redirects every device, as far as the time until `signal` fires allows, and closes the links that are left. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#supervisorRequests[Symbol.dispose]();
    this.#listeners.stopAll();
    this.#tunnels.close(drainingReason);
    const limited = createLimiter(redirectConcurrency);
    await Promise.all(
      this.#links.liveDevices().map((device) =>
        limited(async () => {
          if (!signal.aborted) await this.#links.redirect(device, 'useAnotherServer');
        }),
      ),
    );
    this.#links.closeAll('serverShuttingDown');
    await this.#durable.flush();
    await this.#closer[Symbol.asyncDispose]();
    this.#reportLoad();
    // What was written last must leave the process before its sockets are destroyed.
    await this.#options.clock.sleep(lingerMs);
    // What it has counted since the last second, above all the links that were closed, stays part of the push server's sums.
    this.#options.notifySupervisor({ kind: 'metrics', reading: meter.read() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer[Symbol.dispose]();
    this.#supervisorRequests[Symbol.dispose]();
    this.#ticketKeyRing[Symbol.dispose]();
    await this.#listeners[Symbol.asyncDispose]();
    await this.#control[Symbol.asyncDispose]();
    this.#revocations[Symbol.dispose]();
    this.#links[Symbol.dispose]();
    this.#evictor[Symbol.dispose]();
    await this.#durable[Symbol.asyncDispose]();
    await this.#closer[Symbol.asyncDispose]();
  }

  #meters(): Disposable[] {
    const own = meter.onRead(() => {
      meter.set(metrics.otherLinks, '', this.#links.links - this.#links.live);
      meter.set(metrics.linkQueueBytes, '', this.#links.queueBytes);
      meter.set(metrics.statusUpdatesWaiting, '', this.#durable.updatesWaiting);
    });
    return [own, meterFaults(this.barrier), meterListeners(() => this.#listeners.stats())];
  }

  #createLinks(channels: BalancerChannels, nodes: NodeCache): LinkTable {
    const { task, registry, clock, logger } = this.#options;
    return new LinkTable({
      self: task,
      capacity: task.capacity,
      sessions: registry.sessions,
      closer: this.#closer,
      verifyTicket: (token, remote) => this.#tickets.verify(token, remote),
      findRedirectTarget: (ticket) => this.#reservations.reserve(ticket),
      // Links of this same worker are closed by the table itself.
      evict: (device, epoch, from, newerIsGone) => {
        if (from.bootId !== this.#self.bootId) this.#evictor.evict(device, epoch, from, newerIsGone);
      },
      evictFormer: async (device, epoch, nodeIds) =>
        this.#evictor.evictFrom(device, epoch, await nodes.workersOf(nodeIds)),
      report: (effect, from) => {
        const { report, channel } = effect;
        meterReport(effect, clock.now());
        if (tracing.tracer) this.#traces.onReport(report, from.link.kind);
        if (isDurable(report.commandId as CommandId)) this.#durable.onReport(effect, from);
        else channels.report(report, channel);
      },
      onCommandsWaiting: (device) => this.#durable.fetch(device),
      onOpened: (device, group) => this.#supervisorRequests.onOpened(device, group),
      barrier: this.barrier,
      clock,
      attended: this.#attended,
      logger,
    });
  }

  #createDurableDelivery(channels: BalancerChannels): DurableDelivery {
    const { registry, clock, logger } = this.#options;
    const report: BalancerChannels['report'] = (sent, channel) => channels.report(sent, channel);
    const { commands } = registry;
    return new DurableDelivery({ commands, links: this.#links, report, traces: this.#traces, clock, logger });
  }

  #createSignIns(): DeviceSignIns {
    const { registry, clock, logger, task, settings } = this.#options;
    const worker = { node: task.nodeId, worker: task.workerId };
    const onLocked = reportLockedSignIns({ events: registry.events, clock, logger, worker });
    return new DeviceSignIns({ clock, shared: settings.sharedNetworks, onLocked });
  }

  #createListener(port: number): DevicePort {
    const { task, settings, server, load } = this.#options;
    const tls = settings.deviceTls ? server : undefined;
    const { unauthenticated, unauthenticatedPerAddress } = settings;
    const keepAlive = { defaultMs: settings.keepAliveMs, maxMs: settings.maxKeepAliveMs };
    const link = { nodeId: task.nodeId, keepAlive, barrier: this.barrier, attended: this.#attended, acks: this.#acks };
    const connectionLimits = connectionLimitsFor({
      fileLimit: readFileLimit(),
      share: 1,
      unauthenticated,
      unauthenticatedPerAddress,
    });
    const options = {
      ...link,
      port,
      host: settings.bind,
      tls,
      connectionLimits,
      ...{ proxies: settings.proxies, shared: settings.sharedNetworks },
      isSuspect: (address: string) => this.#signIns.isSuspect(address),
      load,
      ticketKeys: this.#ticketKeyRing,
    };
    const onTunnel: DeviceListenerOptions['onTunnel'] = (call, onKnown) => void this.#tunnels.onDevice(call, onKnown);
    const { createDevicePort: create = (...args) => new DeviceListener(...args) } = this.#options;
    return create({ ...options, onTunnel }, (link) => this.#links.accept(link, port));
  }

  #createSupervisorRequests(): SupervisorRequests {
    const { task, clock, logger, notifySupervisor } = this.#options;
    return new SupervisorRequests({
      ...{
        links: this.#links,
        tunnels: this.#tunnels,
        pacer: this.#pacer,
        listeners: this.#listeners,
        clock,
        logger,
        notifySupervisor,
      },
      groups: task.groups,
      findRedirectTarget: (ticket) => this.#reservations.reserveInTurn(ticket),
      reassert: (bootId) => this.#reassert(bootId),
    });
  }

  #createService(channels: BalancerChannels): ControlService {
    const { task, registry, clock, logger } = this.#options;
    const redirects = new RedirectRequests({
      ...{ pacer: this.#pacer, clock, logger },
      liveDevices: () => this.#links.liveDevices(),
      reserveOn: (ticket, target) => this.#reservations.reserveOn(ticket, target),
    });
    return new ControlService({
      ...{
        self: task,
        links: this.#links,
        sessions: registry.sessions,
        gate: this.#gate,
        redirects,
        durable: this.#durable,
        tunnels: this.#tunnels,
        channels,
        traces: this.#traces,
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
    this.#closer.repeat();
    this.#durable.repeatEnds();
    this.#links.reassert(this.#self).then(
      () => logger.info({ live: this.#links.live }, 'sessions asserted'),
      (error) => logger.error({ err: error }, 'sessions not asserted'),
    );
  }

  #tick(): void {
    this.#links.tick();
    this.#evictor.tick();
    this.#durable.tick();
  }

  #reportLoad(): void {
    const { clock, load, notifySupervisor } = this.#options;
    const [live, delta, redirected] = [this.#links.live, this.#links.takeDelta(), this.#pacer.takeRedirected()];
    meter.count(metrics.redirected, '', redirected);
    const { utilization, lagMs } = load;
    const waiting = this.#listeners.stats().reduce((sum, stats) => sum + stats.waiting, 0);
    this.#acceptRate.sample({ accepted: delta.arrived.length, waiting, utilization, lagMs }, clock.now());
    const { perSecond: acceptsPerSecond, isOverloaded: overloaded } = this.#acceptRate;
    notifySupervisor({ kind: 'load', live, delta, redirected, acceptsPerSecond, overloaded });
  }

  #refreshKeys(): void {
    this.#verifier.refresh().catch((error) => {
      this.#options.logger.warn({ err: error }, 'ticket keys not refreshed; the known ones stay in use');
    });
  }
}

function meterReport({ report: { report }, sentAtMs }: ReportEffect, nowMs: number): void {
  meter.count(metrics.reports, report);
  if (sentAtMs === undefined || (report !== 'delivered' && report !== 'result')) return;
  meter.observe(metrics.commandSeconds, report, (nowMs - sentAtMs) / 1_000);
}

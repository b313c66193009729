import { formatHostPort } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import {
  type Clock,
  type ClusterCredentials,
  createLimiter,
  type KeyPair,
  type Logger,
  type Service,
} from '@pushfleet/runtime';
import { Channels } from '../control/channels.ts';
import { ControlDoor } from '../control/control-door.ts';
import { ControlService } from '../control/control-service.ts';
import { Evictor } from '../control/evictor.ts';
import { LinkTable } from '../links/link-table.ts';
import { SessionCloser } from '../links/session-closer.ts';
import type { PushServerSettings } from '../settings.ts';
import { TicketVerifier } from '../tickets/verifier.ts';
import { DeviceDoor } from './device-door.ts';
import { HandOver } from './hand-over.ts';
import type { FromWorker, WorkerTask } from './messages.ts';
import { Roster } from './roster.ts';

export interface WorkerOptions {
  task: WorkerTask;
  settings: PushServerSettings;
  registry: Registry;
  cluster: ClusterCredentials;
  server: KeyPair;
  clock: Clock;
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
  readonly #links: LinkTable;
  readonly #closer: SessionCloser;
  readonly #verifier: TicketVerifier;
  readonly #devices: DeviceDoor;
  readonly #control: ControlDoor;
  readonly #timers: Disposable[] = [];

  constructor(options: WorkerOptions) {
    const { task, settings, registry, clock, logger } = options;
    const roster = new Roster(registry.nodes, clock);
    const handOver = new HandOver(registry.assignments, roster, task.nodeId, settings.reservationMs);
    const channels = new Channels(logger);
    const findControl = async (worker: Parameters<Roster['findWorker']>[0]) =>
      (await roster.findWorker(worker))?.controlAddress;
    const evictor = new Evictor(options.cluster, findControl, logger);
    this.#options = options;
    this.#verifier = new TicketVerifier(registry.ticketKeys, task.nodeId, clock);
    this.#closer = new SessionCloser(registry.sessions, clock);
    this.#links = new LinkTable({
      self: task,
      capacity: task.capacity,
      sessions: registry.sessions,
      closer: this.#closer,
      verifyTicket: (token) => this.#verifier.verify(token),
      findElsewhere: (ticket) => handOver.reserve(ticket),
      // Links of this same worker are closed by the table itself.
      evict: (device, epoch, from) => {
        if (from.bootId !== task.bootId) evictor.evict(device, epoch, from);
      },
      report: (report, channel) => channels.report(report, channel),
      clock,
      logger,
    });
    this.#devices = this.#createDeviceDoor();
    const service = new ControlService(task, this.#links, channels, clock, logger);
    this.#control = new ControlDoor(settings.controlBind, options.cluster, service);
  }

  async start(): Promise<void> {
    const { settings, clock, tellSupervisor } = this.#options;
    await this.#verifier.refresh();
    await this.#control.listen();
    await this.#devices.listen();
    this.#timers.push(clock.every(tickMs, () => this.#links.tick()));
    this.#timers.push(clock.every(tellLoadMs, () => this.#tellLoad()));
    this.#timers.push(clock.every(refreshKeysMs, () => this.#refreshKeys()));
    const host = settings.controlAddress ?? settings.controlBind;
    tellSupervisor({ kind: 'ready', controlAddress: formatHostPort(host, this.#control.port) });
  }

  /** Tells every device where to go, evenly spread over `signal`'s time at the most, then stops taking any. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#devices.stopListening();
    const limited = createLimiter(handOverConcurrency);
    await Promise.all(
      this.#links.liveDevices().map((device) =>
        limited(async () => {
          if (!signal.aborted) await this.#links.handOver(device, 'useAnotherServer');
        }),
      ),
    );
    this.#links.closeAll('serverShuttingDown');
    await this.#closer[Symbol.asyncDispose]();
    this.#tellLoad();
    // What was written last must leave the process before its sockets are destroyed.
    await new Promise((resolve) => setTimeout(resolve, lingerMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer[Symbol.dispose]();
    await this.#devices[Symbol.asyncDispose]();
    await this.#control[Symbol.asyncDispose]();
    await this.#closer[Symbol.asyncDispose]();
  }

  #createDeviceDoor(): DeviceDoor {
    const { task, settings, server } = this.#options;
    const tls = settings.deviceTls ? server : undefined;
    const { nodeId, port } = task;
    const options = { nodeId, port, host: settings.bind, keepAliveMs: settings.keepAliveMs, tls };
    return new DeviceDoor(options, this.#links.accept);
  }

  #tellLoad(): void {
    this.#options.tellSupervisor({ kind: 'load', live: this.#links.live, news: this.#links.takeNews() });
  }

  #refreshKeys(): void {
    this.#verifier.refresh().catch((error) => {
      this.#options.logger.warn({ err: error }, 'ticket keys not refreshed; the known ones stay in use');
    });
  }
}

import { type BootId, type CloseReason, type DeviceId, type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { Clock, ListeningSocket, Logger } from '@pushfleet/runtime';
import type { DecideRedirect } from '../links/link-table.ts';
import type { EvacuationPacer } from '../redirect/evacuation-pacer.ts';
import type { Ticket } from '../session/session.ts';
import type { DeviceListeners } from './device-listener.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** The links, as far as the supervisor's requests concern them. */
export interface SupervisedLinks {
  readonly live: number;
  capacity: number;
  /** Devices with a live link; with `test`, those that came with such a ticket over such a port. */
  liveDevices(test?: (ticket: Ticket, port: number) => boolean): DeviceId[];
  closeAll(reason: CloseReason): void;
}

/** The tunnels, as far as the supervisor's requests concern them. */
export interface SupervisedTunnels {
  close(reason: string): void;
  reopen(): void;
}

export interface SupervisorRequestsOptions {
  links: SupervisedLinks;
  tunnels: SupervisedTunnels;
  pacer: EvacuationPacer;
  listeners: DeviceListeners;
  /** Reserves a place on any of the push servers that a ticket is good for. */
  findRedirectTarget: DecideRedirect;
  /** Makes the worker run on under that boot id. */
  reassert(bootId: BootId): void;
  notifySupervisor(message: FromWorker, socket?: ListeningSocket): void;
  groups: GroupPath[];
  clock: Clock;
  logger: Logger;
}

/** Time for which balancers may still assign devices to the former port, because they do not know the new one. */
const formerListenerMs = 1_500;
/** Time for redirected devices to read where they are to go. */
const farewellMs = 2_000;
const checkAgainMs = 500;
/** The reason with which tunnels end when the devices are redirected. */
export const drainingReason = 'the push server is draining';

/** Carries out the requests of the supervisor while the worker serves. */
export class SupervisorRequests implements Disposable {
  readonly #options: SupervisorRequestsOptions;
  readonly #ended = new AbortController();
  readonly #leaving = new Map<number, AbortController>();
  #evacuation: AbortController | undefined;
  #scope: { groups: ReadonlySet<GroupPath>; ratePerSecond: number };
  /** Devices that came out of scope and are not redirected yet, with their groups: tickets that are older than a change of it bring some. */
  readonly #strays = new Map<DeviceId, GroupPath>();
  /** The scope has changed: every device that is here may be out of it. */
  #isScopeNew = false;
  #isCheckingScope = false;

  constructor(options: SupervisorRequestsOptions) {
    this.#options = options;
    this.#scope = { groups: new Set(options.groups), ratePerSecond: 1 };
  }

  /** @param socket What came with the request. */
  handle(request: ToWorker, socket?: ListeningSocket): void {
    switch (request.kind) {
      case 'start':
      case 'drain':
      case 'keep-alive':
      case 'use-credentials':
        // The process itself handles these.
        return;
      case 'open-listener':
        return this.#run(this.#openListener(request.port, socket));
      case 'close-listener':
        return this.#run(this.#closeListener(request));
      case 'set-capacity':
        return this.#run(this.#setCapacity(request));
      case 'set-scope':
        this.#scope = { groups: new Set(request.groups), ratePerSecond: request.ratePerSecond };
        this.#isScopeNew = true;
        return this.#run(this.#checkScope());
      case 'evacuate':
        return this.#run(this.#evacuate(request.ratePerSecond));
      case 'cancel-evacuation':
        this.#options.tunnels.reopen();
        return this.#evacuation?.abort();
      case 'stop-listening':
        return this.#options.listeners.stopAll();
      case 'pause-listening':
        return this.#options.listeners.pause();
      case 'close-links':
        return this.#options.links.closeAll('serverShuttingDown');
      case 'reassert':
        return this.#options.reassert(request.bootId);
      default:
        return request satisfies never;
    }
  }

  /** To be called for each device whose session was opened. Nobody walks through those that are in scope. */
  onOpened(device: DeviceId, group: GroupPath): void {
    if (this.#covers(group)) return;
    this.#strays.set(device, group);
    this.#run(this.#checkScope());
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
  }

  #run(work: Promise<void>): void {
    work.catch((error) => this.#options.logger.error({ err: error }, 'a request of the supervisor failed'));
  }

  async #openListener(port: number, inherited: ListeningSocket | undefined): Promise<void> {
    const { listeners, notifySupervisor } = this.#options;
    // Devices that came in there before may stay.
    this.#leaving.get(port)?.abort();
    try {
      await listeners.open(port, inherited);
      notifySupervisor({ kind: 'listener', port }, listeners.socketOf(port));
    } catch (error) {
      notifySupervisor({ kind: 'listener', port, problem: (error as Error).message });
    }
  }

  async #closeListener({ port, target, ratePerSecond }: Extract<ToWorker, { kind: 'close-listener' }>): Promise<void> {
    const { listeners, links, pacer, clock } = this.#options;
    const controller = new AbortController();
    this.#leaving.set(port, controller);
    const stop = AbortSignal.any([controller.signal, this.#ended.signal]);
    if (target) await clock.sleep(formerListenerMs, stop);
    if (stop.aborted) return;
    listeners.stop(port);
    const candidates = () => links.liveDevices((_ticket, cameOver) => cameOver === port);
    await pacer.run({ candidates, decide: async () => target, ratePerSecond }, stop);
    await clock.sleep(farewellMs, stop);
    if (!stop.aborted) await listeners.close(port);
  }

  async #setCapacity({ capacity, shed, ratePerSecond }: Extract<ToWorker, { kind: 'set-capacity' }>): Promise<void> {
    const { links, pacer, findRedirectTarget: decide } = this.#options;
    links.capacity = capacity;
    const remaining = Math.min(capacity, links.live - shed);
    if (links.live <= remaining) return;
    const candidates = () => (links.live > remaining ? links.liveDevices() : []);
    const atMost = links.live - remaining;
    await pacer.run({ candidates, decide, ratePerSecond, atMost }, this.#ended.signal);
  }

  async #evacuate(ratePerSecond: number): Promise<void> {
    const { links, tunnels, pacer, listeners, findRedirectTarget: decide, clock } = this.#options;
    tunnels.close(drainingReason);
    this.#evacuation?.abort();
    const controller = new AbortController();
    this.#evacuation = controller;
    for (const leaving of this.#leaving.values()) leaving.abort();
    listeners.stopAll();
    const stop = AbortSignal.any([controller.signal, this.#ended.signal]);
    // A session that was being opened when the listeners stopped comes late.
    while (!stop.aborted) {
      await pacer.run({ candidates: () => links.liveDevices(), decide, ratePerSecond }, stop);
      await clock.sleep(checkAgainMs, stop);
    }
  }

  /** Redirects devices out of scope, without a target: a balancer knows which push server is nearest to their group now. */
  async #checkScope(): Promise<void> {
    if (this.#isCheckingScope) return;
    this.#isCheckingScope = true;
    const { pacer } = this.#options;
    const candidates = () => this.#takeStrays();
    // The scope may have its group again by now.
    const decide = async ({ group }: Ticket) => (this.#covers(group) ? 'stay' : undefined);
    try {
      while (!this.#ended.signal.aborted && (this.#isScopeNew || this.#strays.size > 0)) {
        await pacer.run({ candidates, decide, ratePerSecond: this.#scope.ratePerSecond }, this.#ended.signal);
      }
    } finally {
      this.#isCheckingScope = false;
    }
  }

  #takeStrays(): DeviceId[] {
    const strays = [...this.#strays].flatMap(([device, group]) => (this.#covers(group) ? [] : [device]));
    this.#strays.clear();
    if (!this.#isScopeNew) return strays;
    this.#isScopeNew = false;
    return this.#options.links.liveDevices(({ group }) => !this.#covers(group));
  }

  #covers(group: GroupPath): boolean {
    return groupLineage(group).some((each) => this.#scope.groups.has(each));
  }
}

import { type BootId, type CloseReason, type DeviceId, type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { Elsewhere } from '../session/session.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { Departures, FindDestination } from './departures.ts';
import type { DeviceListeners } from './device-listeners.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** The links that orders concern. */
export interface OrderedLinks {
  readonly live: number;
  capacity: number;
  /** Devices with a live link; with `test`, those that came with such a ticket over such a port. */
  liveDevices(test?: (ticket: Ticket, port: number) => boolean): DeviceId[];
  closeAll(reason: CloseReason): void;
}

/** The tunnels that orders concern. */
export interface OrderedTunnels {
  close(reason: string): void;
  reopen(): void;
}

export interface OrdersOptions {
  links: OrderedLinks;
  tunnels: OrderedTunnels;
  departures: Departures;
  listeners: DeviceListeners;
  /** A place on any of the push servers that a ticket is good for. */
  findElsewhere: FindDestination;
  /** Lives on under that boot id. */
  reassert(bootId: BootId): void;
  tellSupervisor(message: FromWorker): void;
  groups: GroupPath[];
  clock: Clock;
  logger: Logger;
}

/** Balancers may send devices to the former port for as long as they do not know the new one. */
const listenerStaysOpenMs = 1_500;
/** How long devices that were told to leave may take to read it. */
const farewellMs = 2_000;
/** Tickets that are older than a change of the scope bring devices that are not in it any more. */
const checkScopeMs = 5_000;
const checkAgainMs = 500;
/** Why tunnels end when devices are sent away. */
export const drainingReason = 'the push server is draining';

/** Does what the supervisor orders, while the worker serves. */
export class Orders implements Disposable {
  readonly #options: OrdersOptions;
  readonly #ended = new AbortController();
  readonly #leaving = new Map<number, AbortController>();
  #sendingAway: AbortController | undefined;
  #scope: { groups: ReadonlySet<GroupPath>; ratePerSecond: number };
  #isCheckingScope = false;
  readonly #timer: Disposable;

  constructor(options: OrdersOptions) {
    this.#options = options;
    this.#scope = { groups: new Set(options.groups), ratePerSecond: 1 };
    this.#timer = options.clock.every(checkScopeMs, () => void this.#checkScope());
  }

  obey(order: ToWorker): void {
    switch (order.kind) {
      case 'start':
      case 'drain':
      case 'alive':
        // Of the process' life, not of what it does meanwhile.
        return;
      case 'open-listener':
        return this.#run(this.#openListener(order.port));
      case 'close-listener':
        return this.#run(this.#closeListener(order));
      case 'set-capacity':
        return this.#run(this.#setCapacity(order));
      case 'set-scope':
        this.#scope = { groups: new Set(order.groups), ratePerSecond: order.ratePerSecond };
        return this.#run(this.#checkScope());
      case 'send-away':
        return this.#run(this.#sendAway(order.ratePerSecond));
      case 'stay':
        this.#options.tunnels.reopen();
        return this.#sendingAway?.abort();
      case 'close-links':
        return this.#options.links.closeAll('serverShuttingDown');
      case 'reassert':
        return this.#options.reassert(order.bootId);
      default:
        return order satisfies never;
    }
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#ended.abort();
  }

  #run(work: Promise<void>): void {
    work.catch((error) => this.#options.logger.error({ err: error }, 'an order was not carried out'));
  }

  async #openListener(port: number): Promise<void> {
    // Devices that came in there before may stay.
    this.#leaving.get(port)?.abort();
    try {
      await this.#options.listeners.open(port);
      this.#options.tellSupervisor({ kind: 'listener', port });
    } catch (error) {
      this.#options.tellSupervisor({ kind: 'listener', port, problem: (error as Error).message });
    }
  }

  async #closeListener({ port, moveTo, ratePerSecond }: Extract<ToWorker, { kind: 'close-listener' }>): Promise<void> {
    const { listeners, links } = this.#options;
    const controller = new AbortController();
    this.#leaving.set(port, controller);
    const stop = AbortSignal.any([controller.signal, this.#ended.signal]);
    if (moveTo) await this.#pause(listenerStaysOpenMs);
    if (stop.aborted) return;
    listeners.shut(port);
    const candidates = () => links.liveDevices((_ticket, cameOver) => cameOver === port);
    const find = async (): Promise<Elsewhere | undefined> => moveTo;
    await this.#options.departures.run({ candidates, find, ratePerSecond }, stop);
    await this.#pause(farewellMs);
    if (!stop.aborted) await listeners.close(port);
  }

  async #setCapacity({ capacity, shed, ratePerSecond }: Extract<ToWorker, { kind: 'set-capacity' }>): Promise<void> {
    const { links, departures, findElsewhere } = this.#options;
    links.capacity = capacity;
    const target = Math.min(capacity, links.live - shed);
    if (links.live <= target) return;
    const candidates = () => (links.live > target ? links.liveDevices() : []);
    const atMost = links.live - target;
    await departures.run({ candidates, find: findElsewhere, ratePerSecond, atMost }, this.#ended.signal);
  }

  async #sendAway(ratePerSecond: number): Promise<void> {
    const { links, tunnels, departures, listeners, findElsewhere } = this.#options;
    tunnels.close(drainingReason);
    this.#sendingAway?.abort();
    const controller = new AbortController();
    this.#sendingAway = controller;
    for (const leaving of this.#leaving.values()) leaving.abort();
    listeners.shutAll();
    const stop = AbortSignal.any([controller.signal, this.#ended.signal]);
    // A session that was being opened when the listeners stopped comes late.
    while (!stop.aborted) {
      await departures.run({ candidates: () => links.liveDevices(), find: findElsewhere, ratePerSecond }, stop);
      await this.#pause(checkAgainMs);
    }
  }

  /** They are not told where to go: a balancer knows what is nearest to their group now. */
  async #checkScope(): Promise<void> {
    if (this.#isCheckingScope) return;
    this.#isCheckingScope = true;
    const { links, departures } = this.#options;
    const candidates = () => links.liveDevices(({ group }) => !this.#covers(group));
    const find = async () => undefined;
    await departures.run({ candidates, find, ratePerSecond: this.#scope.ratePerSecond }, this.#ended.signal);
    this.#isCheckingScope = false;
  }

  #covers(group: GroupPath): boolean {
    return groupLineage(group).some((each) => this.#scope.groups.has(each));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve);
    });
  }
}

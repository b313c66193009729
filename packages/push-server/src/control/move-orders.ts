import type { DeviceId, node } from '@pushfleet/protocol';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { Ticket } from '../tickets/ticket.ts';
import type { Departures, Destination } from '../worker/departures.ts';

export interface MoveOrdersOptions {
  departures: Departures;
  liveDevices(): DeviceId[];
  /** A place on that push server; `stay`: it has none. */
  reserveOn(ticket: Ticket, target: NonNullable<node.MoveOrder['target']>): Promise<Destination>;
  clock: Clock;
  logger: Logger;
}

export type TellProgress = (report: node.MoveReport) => void;

const tellEveryMs = 1_000;

/** Carries out what balancers order of this worker: some of its devices go to another push server. */
export class MoveOrders {
  readonly #options: MoveOrdersOptions;
  readonly #underWay = new Map<string, AbortController>();

  constructor(options: MoveOrdersOptions) {
    this.#options = options;
  }

  /** Ends when all were told or the target has no place left, and when `abandon` fires: then nobody wants it any more. */
  async take(order: node.MoveOrder, abandon: AbortSignal, tell: TellProgress): Promise<void> {
    const { moveId } = order;
    // Said again over another channel: the one that is under way goes on, and nobody is moved twice.
    if (this.#underWay.has(moveId)) return;
    const controller = new AbortController();
    this.#underWay.set(moveId, controller);
    let told = 0;
    try {
      told = await this.#move(order, controller, AbortSignal.any([abandon, controller.signal]), tell);
    } catch (error) {
      this.#options.logger.warn({ moveId, err: error }, 'move ended early');
    }
    this.#underWay.delete(moveId);
    tell({ moveId, told, done: true });
  }

  #move(order: node.MoveOrder, full: AbortController, stop: AbortSignal, tell: TellProgress): Promise<number> {
    const { moveId, target, devices, deviceIds, ratePerSecond } = order;
    const { departures, liveDevices, reserveOn, clock } = this.#options;
    if (!target && devices > 0) return Promise.resolve(0);
    const named = new Set<string>(deviceIds);
    let toldAtMs = clock.now();
    return departures.run(
      {
        candidates: () => (devices > 0 ? liveDevices() : liveDevices().filter((device) => named.has(device))),
        ...(devices > 0 ? { atMost: devices } : {}),
        ratePerSecond: Math.max(1, ratePerSecond),
        find: async (ticket) => {
          if (!target) return undefined;
          const destination = await reserveOn(ticket, target);
          if (destination === 'stay') full.abort();
          return destination;
        },
        onTold: (told) => {
          if (clock.now() - toldAtMs < tellEveryMs) return;
          toldAtMs = clock.now();
          tell({ moveId, told, done: false });
        },
      },
      stop,
    );
  }
}

import type { DeviceId, node } from '@pushfleet/protocol';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { Ticket } from '../tickets/ticket.ts';
import type { Departures, Destination } from '../worker/departures.ts';

export interface RedirectRequestsOptions {
  departures: Departures;
  liveDevices(): DeviceId[];
  /** A place on that push server; `stay`: it has none. */
  reserveOn(ticket: Ticket, target: NonNullable<node.RedirectRequest['target']>): Promise<Destination>;
  clock: Clock;
  logger: Logger;
}

export type ReportProgress = (report: node.RedirectProgress) => void;

const reportEveryMs = 1_000;

/** Carries out what balancers request of this worker: some of its devices go to another push server. */
export class RedirectRequests {
  readonly #options: RedirectRequestsOptions;
  readonly #underWay = new Map<string, AbortController>();

  constructor(options: RedirectRequestsOptions) {
    this.#options = options;
  }

  /** Ends when all were redirected or the target has no place left, and when `abandon` fires: then nobody wants it any more. */
  async take(request: node.RedirectRequest, abandon: AbortSignal, report: ReportProgress): Promise<void> {
    const { redirectId } = request;
    // Said again over another channel: the one that is under way goes on, and nobody is moved twice.
    if (this.#underWay.has(redirectId)) return;
    const controller = new AbortController();
    this.#underWay.set(redirectId, controller);
    let redirected = 0;
    try {
      redirected = await this.#move(request, controller, AbortSignal.any([abandon, controller.signal]), report);
    } catch (error) {
      this.#options.logger.warn({ redirectId, err: error }, 'move ended early');
    }
    this.#underWay.delete(redirectId);
    report({ redirectId, redirected, done: true });
  }

  #move(
    request: node.RedirectRequest,
    full: AbortController,
    stop: AbortSignal,
    report: ReportProgress,
  ): Promise<number> {
    const { redirectId, target, deviceCount, deviceIds, ratePerSecond } = request;
    const { departures, liveDevices, reserveOn, clock } = this.#options;
    if (!target && deviceCount > 0) return Promise.resolve(0);
    const named = new Set<string>(deviceIds);
    let reportedAtMs = clock.now();
    return departures.run(
      {
        candidates: () => (deviceCount > 0 ? liveDevices() : liveDevices().filter((device) => named.has(device))),
        ...(deviceCount > 0 ? { atMost: deviceCount } : {}),
        ratePerSecond: Math.max(1, ratePerSecond),
        find: async (ticket) => {
          if (!target) return undefined;
          const destination = await reserveOn(ticket, target);
          if (destination === 'stay') full.abort();
          return destination;
        },
        onTold: (redirected) => {
          if (clock.now() - reportedAtMs < reportEveryMs) return;
          reportedAtMs = clock.now();
          report({ redirectId, redirected, done: false });
        },
      },
      stop,
    );
  }
}

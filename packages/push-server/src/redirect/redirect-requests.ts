import type { DeviceId, node } from '@pushfleet/protocol';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { RedirectDecision } from '../links/link-table.ts';
import type { Ticket } from '../session/session.ts';
import type { EvacuationPacer } from './evacuation-pacer.ts';

export interface RedirectRequestsOptions {
  pacer: Pick<EvacuationPacer, 'run'>;
  liveDevices(): DeviceId[];
  /** Reserves a place on that push server; `stay`: it has none. */
  reserveOn(ticket: Ticket, target: NonNullable<node.RedirectRequest['target']>): Promise<RedirectDecision>;
  clock: Clock;
  logger: Logger;
}

export type ReportProgress = (progress: node.RedirectProgress) => void;

const reportEveryMs = 1_000;

/** Carries out the requests of balancers to redirect some of this worker's devices to another push server. */
export class RedirectRequests {
  readonly #options: RedirectRequestsOptions;
  readonly #running = new Map<string, AbortController>();

  constructor(options: RedirectRequestsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all devices are redirected, the target has no place left, or `stop` has fired. Reports progress about once a
   * second, and the end.
   */
  async run(request: node.RedirectRequest, stop: AbortSignal, report: ReportProgress): Promise<void> {
    const { redirectId } = request;
    // Repeated over another channel: the first one goes on, and no device is redirected twice.
    if (this.#running.has(redirectId)) return;
    const full = new AbortController();
    this.#running.set(redirectId, full);
    let redirected = 0;
    try {
      redirected = await this.#redirect(request, full, AbortSignal.any([stop, full.signal]), report);
    } catch (error) {
      this.#options.logger.warn({ redirectId, err: error }, 'redirect ended early');
    }
    this.#running.delete(redirectId);
    report({ redirectId, redirected, done: true });
  }

  #redirect(
    { redirectId, target, deviceCount, deviceIds, ratePerSecond }: node.RedirectRequest,
    full: AbortController,
    stop: AbortSignal,
    report: ReportProgress,
  ): Promise<number> {
    const { pacer, liveDevices, reserveOn, clock } = this.#options;
    if (!target && deviceCount > 0) return Promise.resolve(0);
    const named = new Set<string>(deviceIds);
    let reportedAtMs = clock.now();
    return pacer.run(
      {
        candidates: () => (deviceCount > 0 ? liveDevices() : liveDevices().filter((device) => named.has(device))),
        ...(deviceCount > 0 ? { atMost: deviceCount } : {}),
        ratePerSecond: Math.max(1, ratePerSecond),
        decide: async (ticket) => {
          if (!target) return undefined;
          const decision = await reserveOn(ticket, target);
          if (decision === 'stay') full.abort();
          return decision;
        },
        onProgress: (redirected) => {
          if (clock.now() - reportedAtMs < reportEveryMs) return;
          reportedAtMs = clock.now();
          report({ redirectId, redirected, done: false });
        },
      },
      stop,
    );
  }
}

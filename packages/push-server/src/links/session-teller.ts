import type { CloseReason, DeviceId, Epoch } from '@pushfleet/protocol';
import type { HeartbeatDelta, NewFleetEvent, OpenedSession, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { SessionNews } from './session-news.ts';

export interface SessionTellerOptions {
  /** The worker as it is now. */
  self(): WorkerRef;
  clock: Clock;
  logger: Logger;
}

/** A device whose session changes hands this often within a minute is probably two devices. */
const suspectTakeovers = 4;
const suspectAgainAfterMs = 60_000;

/** Puts into words, for the next heartbeat, what happens to the sessions of a worker. */
export class SessionTeller {
  readonly #options: SessionTellerOptions;
  readonly #news = new SessionNews();
  /** Devices of which was said that they may be clones, and when. */
  readonly #suspected = new Map<DeviceId, number>();

  constructor(options: SessionTellerOptions) {
    this.#options = options;
  }

  /** All since this was last asked. */
  take(): HeartbeatDelta {
    const news = this.#news.take();
    const dropped = this.#news.takeDropped();
    if (dropped > 0) this.#options.logger.warn({ dropped }, 'events dropped: more happened than can be told');
    return news;
  }

  /** The device is here, whether it has just come or was here before. */
  here(device: DeviceId): void {
    this.#news.arrive({ device, bootId: this.#options.self().bootId });
  }

  gone(device: DeviceId): void {
    this.#news.leave({ device, bootId: this.#options.self().bootId });
  }

  connected(device: DeviceId, { epoch, previous }: OpenedSession): void {
    const isMoved = previous !== undefined && previous.bootId !== this.#options.self().bootId;
    this.#tell({ kind: isMoved ? 'device-moved' : 'device-connected', device, epoch });
  }

  disconnected(device: DeviceId, epoch: Epoch, reason: CloseReason): void {
    this.#tell({ kind: 'device-disconnected', device, epoch, reason });
  }

  /** Whether or not the link is still there for which it was opened. */
  opened(device: DeviceId, { epoch, takeovers }: OpenedSession): void {
    if (takeovers < suspectTakeovers || this.#suspected.has(device)) return;
    this.#suspected.set(device, this.#options.clock.now());
    this.#tell({ kind: 'device-clone-suspected', device, epoch, reason: `${takeovers} takeovers within a minute` });
  }

  /** Called about once a second. */
  tick(now: number): void {
    for (const [device, saidAtMs] of this.#suspected) {
      if (now - saidAtMs >= suspectAgainAfterMs) this.#suspected.delete(device);
    }
  }

  #tell(event: Pick<NewFleetEvent, 'kind' | 'device' | 'epoch' | 'reason'>): void {
    const { nodeId: node, workerId: worker } = this.#options.self();
    this.#news.tell({ ...event, atMs: this.#options.clock.wallMs(), node, worker });
  }
}

import { limits, PushfleetError } from '@pushfleet/protocol';
import type { Commands, StatusUpdate, StatusUpdateResult } from '@pushfleet/registry';
import { type Clock, ConfirmedWrites, type Logger, meter, metrics } from '@pushfleet/runtime';
import { statusUpdateBytes } from './status-update.ts';
import { type QueuedUpdate, type QueueLimits, StatusUpdateQueue } from './status-update-queue.ts';

export interface StatusUpdateWriterOptions {
  commands: Pick<Commands, 'updateStatus'>;
  clock: Clock;
  logger: Logger;
  onWritten(queued: QueuedUpdate, written: StatusUpdateResult): void;
  /** Bounds of what waits while the registry does not answer. */
  queue?: QueueLimits;
}

const queueLimits: QueueLimits = { updates: 100_000, bytes: 67_108_864 };
const batchLimits: QueueLimits = { updates: 256, bytes: 4_194_304 };
const oneByOne: QueueLimits = { updates: 1, bytes: 0 };
const retryAfterMs = 1_000;
/** Ends that are told again to a registry that has lost them. */
const rememberedEnds = { most: 20_000, mostBytes: 16_777_216 };

/**
 * A write-behind of status updates to the registry, one batch at a time: what comes meanwhile makes the next one. While the registry
 * does not answer, updates wait for it. Where it does not answer for some devices only, updates of the others go on. Ends are written again
 * where the registry has lost them: the device was told that its result is kept, and does not say it again.
 */
export class StatusUpdateWriter implements AsyncDisposable {
  readonly #options: StatusUpdateWriterOptions;
  readonly #queue: StatusUpdateQueue;
  /** `paused`: the registry has just failed. */
  #state: 'idle' | 'writing' | 'paused' | 'disposed' = 'idle';
  #batchLimits = batchLimits;
  readonly #ends: ConfirmedWrites<StatusUpdate>;
  #dropped = 0;
  #idle: Promise<void> = Promise.resolve();

  constructor(options: StatusUpdateWriterOptions) {
    this.#options = options;
    this.#queue = new StatusUpdateQueue(options.queue ?? queueLimits);
    this.#ends = new ConfirmedWrites({ clock: options.clock, ...rememberedEnds });
  }

  /** Number of updates that are not written yet. */
  get waiting(): number {
    return this.#queue.size;
  }

  add(update: StatusUpdate, { effect, from }: Partial<Pick<QueuedUpdate, 'effect' | 'from'>> = {}): void {
    const isTaken = this.#queue.add({ update, bytes: statusUpdateBytes(update), effect, from, retried: false });
    if (isTaken) this.#start();
    else {
      this.#dropped += 1;
      meter.count(metrics.statusUpdatesDropped, '');
    }
  }

  /** Writes again the ends that were stored lately: the registry may have lost them. */
  repeatEnds(): void {
    for (const update of this.#ends.take()) this.add(update);
  }

  /** Whether the end of the command waits here to be stored. */
  hasEnd({ device, id }: Pick<StatusUpdate, 'device' | 'id'>): boolean {
    return this.#queue.hasEnd(device, id);
  }

  /** To be called about once a second. */
  tick(): void {
    const { logger } = this.#options;
    if (this.#dropped > 0) logger.warn({ dropped: this.#dropped }, 'status updates dropped: too many wait');
    this.#dropped = 0;
    this.#queue.tick();
    this.#start();
  }

  /** Resolves once every update is stored, or the registry has failed. */
  flush(): Promise<void> {
    this.#queue.tick();
    this.#start();
    return this.#idle;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    this.#state = 'disposed';
  }

  #start(): void {
    if (this.#state !== 'idle' || !this.#queue.hasReady) return;
    this.#state = 'writing';
    this.#idle = this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    // All that this turn of the event loop brings goes into one batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#state === 'writing' && this.#queue.hasReady) await this.#writeBatch();
    if (this.#state === 'writing') this.#state = 'idle';
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#queue.take(this.#batchLimits);
    let written: StatusUpdateResult[];
    try {
      written = await this.#options.commands.updateStatus(
        batch.map(({ update }) => update),
        limits.durableWindow,
      );
    } catch (error) {
      return this.#onFailure(batch, error);
    }
    this.#batchLimits = batchLimits;
    this.#queue.holdBack(batch.filter((_, index) => written[index]?.verdict === 'failed'));
    this.#queue.written();
    for (const [index, answer] of written.entries()) {
      if (answer.verdict !== 'failed') this.#onWritten(batch[index] as QueuedUpdate, answer);
    }
  }

  #onWritten(queued: QueuedUpdate, answer: StatusUpdateResult): void {
    if (queued.update.kind === 'ended') this.#ends.add(queued.update, queued.bytes);
    this.#options.onWritten(queued, answer);
  }

  #onFailure(batch: QueuedUpdate[], error: unknown): void {
    const { logger } = this.#options;
    if (error instanceof PushfleetError && error.code === 'REGISTRY_UNAVAILABLE') {
      this.#queue.putBack();
      return this.#pause();
    }
    // The registry answers, but cannot take one of them. One at a time, the others get through.
    this.#batchLimits = oneByOne;
    if (batch.length > 1) return this.#queue.putBack();
    this.#queue.written();
    meter.count(metrics.statusUpdatesDropped, '');
    logger.error({ err: error, commandId: batch[0]?.update.id }, 'status update dropped: the registry cannot take it');
  }

  #pause(): void {
    this.#options.logger.debug('status updates wait for the registry');
    this.#state = 'paused';
    this.#options.clock.after(retryAfterMs, () => {
      if (this.#state !== 'paused') return;
      this.#state = 'idle';
      this.#start();
    });
  }
}

import { limits, PushfleetError } from '@pushfleet/protocol';
import type { Commands, StatusUpdate, StatusUpdateResult } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { noteBytes } from './note.ts';
import { type NoteLimits, NoteQueue, type QueuedNote } from './note-queue.ts';

export interface NoteWriterOptions {
  commands: Pick<Commands, 'updateStatus'>;
  clock: Clock;
  logger: Logger;
  onNoted(queued: QueuedNote, noted: StatusUpdateResult): void;
  /** What may wait while the registry does not answer. */
  queue?: NoteLimits;
}

const queueLimits: NoteLimits = { notes: 100_000, bytes: 67_108_864 };
const batchLimits: NoteLimits = { notes: 256, bytes: 4_194_304 };
const oneByOne: NoteLimits = { notes: 1, bytes: 0 };
const retryAfterMs = 1_000;

/**
 * Writes notes to the registry, one batch at a time: what comes meanwhile makes the next one. While the registry does not
 * answer, notes wait for it. Where it does not answer for some devices only, notes of the others go on.
 */
export class NoteWriter implements AsyncDisposable {
  readonly #options: NoteWriterOptions;
  readonly #queue: NoteQueue;
  /** `paused`: the registry has just failed. */
  #state: 'idle' | 'writing' | 'paused' | 'disposed' = 'idle';
  #batchLimits = batchLimits;
  #dropped = 0;
  #idle: Promise<void> = Promise.resolve();

  constructor(options: NoteWriterOptions) {
    this.#options = options;
    this.#queue = new NoteQueue(options.queue ?? queueLimits);
  }

  add(note: StatusUpdate, { said, from }: Partial<Pick<QueuedNote, 'said' | 'from'>> = {}): void {
    const isTaken = this.#queue.add({ note, bytes: noteBytes(note), said, from, retried: false });
    if (isTaken) this.#start();
    else this.#dropped += 1;
  }

  /** True where the end of the command is known here, and is only to be written. */
  hasEnd({ device, id }: Pick<StatusUpdate, 'device' | 'id'>): boolean {
    return this.#queue.hasEnd(device, id);
  }

  /** Called about once a second. */
  tick(): void {
    const { logger } = this.#options;
    if (this.#dropped > 0) logger.warn({ dropped: this.#dropped }, 'notes of commands dropped: too many wait');
    this.#dropped = 0;
    this.#queue.tick();
    this.#start();
  }

  /** Resolves once nothing is left to write, or the registry has failed. */
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
    let noted: StatusUpdateResult[];
    try {
      noted = await this.#options.commands.updateStatus(
        batch.map(({ note }) => note),
        limits.durableWindow,
      );
    } catch (error) {
      return this.#onFailure(batch, error);
    }
    this.#batchLimits = batchLimits;
    this.#queue.holdBack(batch.filter((_, index) => noted[index]?.verdict === 'failed'));
    this.#queue.written();
    for (const [index, answer] of noted.entries()) {
      if (answer.verdict !== 'failed') this.#options.onNoted(batch[index] as QueuedNote, answer);
    }
  }

  #onFailure(batch: QueuedNote[], error: unknown): void {
    const { logger } = this.#options;
    if (error instanceof PushfleetError && error.code === 'REGISTRY_UNAVAILABLE') {
      this.#queue.putBack();
      return this.#pause();
    }
    // The registry answers, but cannot take one of them. One at a time, the others get through.
    this.#batchLimits = oneByOne;
    if (batch.length > 1) return this.#queue.putBack();
    this.#queue.written();
    logger.error({ err: error, command: batch[0]?.note.id }, 'note of a command dropped: the registry cannot take it');
  }

  #pause(): void {
    this.#options.logger.debug('notes of commands wait for the registry');
    this.#state = 'paused';
    this.#options.clock.after(retryAfterMs, () => {
      if (this.#state !== 'paused') return;
      this.#state = 'idle';
      this.#start();
    });
  }
}

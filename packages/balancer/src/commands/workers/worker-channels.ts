import type { BootId } from '@pushfleet/protocol';
import type { ListedNode, WorkerRef } from '@pushfleet/registry';
import type { OutboundItem } from './channel-batch.ts';
import { WorkerChannel, type WorkerChannelOptions } from './worker-channel.ts';

/** A registry that has lost its data names no worker until they have announced themselves again. */
const missingForMs = 30_000;

export interface WorkerChannelsOptions extends Omit<WorkerChannelOptions, 'worker' | 'address'> {
  /** Reads which workers there are, and calls `sync`. Never rejects. */
  refreshDirectory(): Promise<unknown>;
}

interface Entry {
  channel: WorkerChannel;
  /** The attended time at which the directory last named the worker. */
  namedAtMs: number;
}

/**
 * One channel to every worker that lives, opened before there is anything to send: the first command is quick, and
 * results of devices that wander between workers find their way here.
 */
export class WorkerChannels implements Disposable {
  readonly #options: WorkerChannelsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: WorkerChannelsOptions) {
    this.#options = options;
  }

  *all(): Generator<WorkerChannel, void, undefined> {
    for (const { channel } of this.#entries.values()) yield channel;
  }

  get(worker: WorkerRef): WorkerChannel | undefined {
    return this.#entries.get(keyOf(worker))?.channel;
  }

  /** Whether that life of a worker has said something of late. */
  answers(bootId: BootId): boolean {
    for (const { worker, condition } of this.all()) {
      if (worker.bootId === bootId) return condition.kind === 'open';
    }
    return false;
  }

  /** The channel of a worker; one that is not known yet is looked for: it may have just started. */
  async find(worker: WorkerRef): Promise<WorkerChannel | undefined> {
    const known = this.get(worker);
    if (known) return known;
    await this.#options.refreshDirectory();
    return this.get(worker);
  }

  /** Sends the item to the worker, which is looked for as in `find`. Where that cannot be, the item is dropped. */
  send(worker: WorkerRef, item: OutboundItem): void {
    const channel = this.get(worker);
    if (!channel) void this.#sendToNewcomer(worker, item);
    else if (!channel.add(item)) item.onDropped?.();
  }

  /**
   * Opens what is missing and closes what is gone: workers that do not answer, of push servers that are dead or name them no
   * longer. One that answers holds its links, even if its supervisor stands still.
   */
  sync(nodes: Iterable<ListedNode>): void {
    // By attended time: a worker that was not named while this process stood still is not gone.
    const nowMs = this.#options.attended.now();
    for (const { nodeId, liveness, workers } of nodes) {
      for (const { workerId, bootId, controlAddress } of workers) {
        const worker = { nodeId, workerId, bootId };
        if (liveness !== 'dead' || this.answers(bootId)) this.#keep(worker, controlAddress, nowMs);
        else this.#close(keyOf(worker));
      }
    }
    for (const [key, { channel, namedAtMs }] of this.#entries) {
      const missingMs = nowMs - namedAtMs;
      if (missingMs > missingForMs || (missingMs > 0 && !channel.accepts)) this.#close(key);
    }
  }

  [Symbol.dispose](): void {
    for (const key of [...this.#entries.keys()]) this.#close(key);
  }

  async #sendToNewcomer(worker: WorkerRef, item: OutboundItem): Promise<void> {
    const channel = await this.find(worker);
    if (!channel?.add(item)) item.onDropped?.();
  }

  #keep(worker: WorkerRef, address: string, nowMs: number): void {
    const key = keyOf(worker);
    const entry = this.#entries.get(key);
    if (entry) entry.namedAtMs = nowMs;
    else
      this.#entries.set(key, { channel: new WorkerChannel({ ...this.#options, worker, address }), namedAtMs: nowMs });
  }

  #close(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    entry?.channel[Symbol.dispose]();
  }
}

function keyOf({ nodeId, workerId, bootId }: WorkerRef): string {
  return `${nodeId}/${workerId}/${bootId}`;
}

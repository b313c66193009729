import type { ListedNode, WorkerRef } from '@pushfleet/registry';
import { type Parcel, WorkerChannel, type WorkerChannelOptions } from './worker-channel.ts';

/**
 * One channel to every worker that lives, opened before there is anything to send: the first command is quick, and
 * results of devices that wander between workers find their way here.
 */
export class Channels<Item extends Parcel> implements Disposable {
  readonly #options: Omit<WorkerChannelOptions<Item>, 'worker' | 'address'>;
  readonly #channels = new Map<string, WorkerChannel<Item>>();

  constructor(options: Omit<WorkerChannelOptions<Item>, 'worker' | 'address'>) {
    this.#options = options;
  }

  get(worker: WorkerRef): WorkerChannel<Item> | undefined {
    return this.#channels.get(keyOf(worker));
  }

  /** Opens what is missing and closes what is gone: a worker that is not named, or one of a dead push server. */
  sync(nodes: Iterable<ListedNode>): void {
    const gone = new Set(this.#channels.keys());
    for (const { nodeId, liveness, workers } of nodes) {
      if (liveness === 'dead') continue;
      for (const { workerId, bootId, controlAddress } of workers) {
        const worker = { nodeId, workerId, bootId };
        gone.delete(keyOf(worker));
        if (!this.get(worker)) this.#open(worker, controlAddress);
      }
    }
    for (const key of gone) this.#close(key);
  }

  [Symbol.dispose](): void {
    for (const key of [...this.#channels.keys()]) this.#close(key);
  }

  #open(worker: WorkerRef, address: string): void {
    this.#channels.set(keyOf(worker), new WorkerChannel({ ...this.#options, worker, address }));
  }

  #close(key: string): void {
    const channel = this.#channels.get(key);
    this.#channels.delete(key);
    channel?.[Symbol.dispose]();
  }
}

function keyOf({ nodeId, workerId, bootId }: WorkerRef): string {
  return `${nodeId}/${workerId}/${bootId}`;
}

import { MessageChannel } from 'node:worker_threads';

/**
 * Takes items in any phase of the event loop, and hands them out in the next poll phase, where the loop does its input and
 * output; timers and `setImmediate` have phases of their own.
 */
export class PollPhase<Item> implements Disposable {
  readonly #channel = new MessageChannel();
  #items: Item[] = [];

  constructor(take: (item: Item) => void) {
    const { port2 } = this.#channel;
    port2.on('message', () => {
      const items = this.#items;
      this.#items = [];
      for (const item of items) take(item);
    });
    // Items have sockets, which keep the process running.
    port2.unref();
  }

  /** After disposal nothing is handed out. */
  add(item: Item): void {
    if (this.#items.push(item) === 1) this.#channel.port1.postMessage(undefined);
  }

  [Symbol.dispose](): void {
    this.#channel.port2.removeAllListeners('message');
    this.#channel.port1.close();
  }
}

import { type admin, PushfleetError, toStatus } from '@pushfleet/protocol';
import type { Events } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { toPushfleetError } from '../net/grpc-answer.ts';
import { Feed } from './feed.ts';
import { parseWatch } from './parse.ts';
import { type WatchCall, Watcher } from './watcher.ts';

export interface EventFaceOptions {
  events: Pick<Events, 'end' | 'read'>;
  clock: Clock;
  logger: Logger;
}

/** The gRPC face of the events. */
export class EventFace implements Disposable {
  readonly handlers: admin.EventServiceHandlers;
  readonly #options: EventFaceOptions;
  readonly #feed: Feed;
  readonly #watchers = new Set<Watcher>();
  #stopping = false;

  constructor(options: EventFaceOptions) {
    this.#options = options;
    this.#feed = new Feed(options);
    this.handlers = { Watch: (call: WatchCall) => void this.#watch(call) };
  }

  /** Sends all watchers to another balancer. */
  stop(): void {
    this.#stopping = true;
    for (const watcher of this.#watchers) watcher.end(stopping());
  }

  [Symbol.dispose](): void {
    this.#feed[Symbol.dispose]();
  }

  async #watch(call: WatchCall): Promise<void> {
    let watcher: Watcher | undefined;
    try {
      const query = parseWatch(call.request);
      const cursor = query.from ?? (await this.#options.events.end());
      // Nobody would ever say again that its caller is gone.
      if (call.cancelled) return;
      if (this.#stopping) throw stopping();
      watcher = this.#open(new Watcher(call, query, cursor));
      await this.#feed.add(watcher);
    } catch (error) {
      const told = toPushfleetError(error, this.#options.logger);
      if (watcher) watcher.end(told);
      else call.emit('error', toStatus(told));
    }
  }

  #open(watcher: Watcher): Watcher {
    this.#watchers.add(watcher);
    void watcher.left.then(() => this.#watchers.delete(watcher));
    return watcher;
  }
}

function stopping(): PushfleetError {
  return new PushfleetError(
    'SHUTTING_DOWN',
    'the balancer is stopping; watch at another one from the last resume token',
  );
}

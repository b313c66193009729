import { type admin, type PushfleetError, toStatus } from '@pushfleet/protocol';
import type { Events } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { shuttingDown, toPushfleetError } from '../errors.ts';
import { EventFeed } from './feed.ts';
import { parseWatch } from './parse.ts';
import { EventWatch, type WatchCall } from './watch.ts';

export interface EventGrpcServiceOptions {
  events: Pick<Events, 'end' | 'read'>;
  clock: Clock;
  logger: Logger;
}

/** EventService: streams of fleet events, each from where its client wants to begin. */
export class EventGrpcService implements Disposable {
  readonly handlers: admin.EventServiceHandlers;
  readonly #options: EventGrpcServiceOptions;
  readonly #feed: EventFeed;
  readonly #watches = new Set<EventWatch>();
  #isStopping = false;

  constructor(options: EventGrpcServiceOptions) {
    this.#options = options;
    this.#feed = new EventFeed(options);
    this.handlers = { Watch: (call: WatchCall) => void this.#watch(call) };
  }

  /** Sends all watchers to another balancer. */
  stop(): void {
    this.#isStopping = true;
    for (const { stream } of this.#watches) stream.fail(stopping());
  }

  [Symbol.dispose](): void {
    this.#feed[Symbol.dispose]();
  }

  async #watch(call: WatchCall): Promise<void> {
    let watch: EventWatch | undefined;
    try {
      const query = parseWatch(call.request);
      const cursor = query.from ?? (await this.#options.events.end());
      // Nobody would ever say again that its caller is gone.
      if (call.cancelled) return;
      if (this.#isStopping) throw stopping();
      watch = this.#open(new EventWatch(call, query, cursor));
      await this.#feed.add(watch);
    } catch (error) {
      const refusal = toPushfleetError(error, this.#options.logger);
      if (watch) watch.stream.fail(refusal);
      else call.emit('error', toStatus(refusal));
    }
  }

  #open(watch: EventWatch): EventWatch {
    this.#watches.add(watch);
    void watch.stream.closed.then(() => this.#watches.delete(watch));
    return watch;
  }
}

function stopping(): PushfleetError {
  return shuttingDown('watch at another one from the last resume token');
}

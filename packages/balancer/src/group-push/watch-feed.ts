import { isDeepStrictEqual } from 'node:util';
import { type GroupPushId, PushfleetError } from '@pushfleet/protocol';
import type { GroupPushes, GroupPushView } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { GroupPushWatcher } from './watcher.ts';

const pollMs = 200;

export interface WatchFeedOptions {
  groupPushes: Pick<GroupPushes, 'get'>;
  clock: Clock;
  logger: Logger;
}

interface Watched {
  watchers: Set<GroupPushWatcher>;
  view: GroupPushView;
  timer: Disposable;
  isPolling: boolean;
}

/** Reads each group push that is watched once for all that watch it. While the registry does not answer, they wait. */
export class WatchFeed implements Disposable {
  readonly #options: WatchFeedOptions;
  readonly #watched = new Map<GroupPushId, Watched>();

  constructor(options: WatchFeedOptions) {
    this.#options = options;
  }

  add(watcher: GroupPushWatcher, view: GroupPushView): void {
    watcher.take(view);
    if (watcher.ended) return;
    const watched = this.#watched.get(view.id) ?? this.#begin(view);
    watched.watchers.add(watcher);
    void watcher.left.then(() => this.#remove(watched, watcher));
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#watched.values()) timer[Symbol.dispose]();
    this.#watched.clear();
  }

  #begin(view: GroupPushView): Watched {
    const timer = this.#options.clock.every(pollMs, () => void this.#poll(watched));
    const watched: Watched = { watchers: new Set(), view, timer, isPolling: false };
    this.#watched.set(view.id, watched);
    return watched;
  }

  #remove(watched: Watched, watcher: GroupPushWatcher): void {
    watched.watchers.delete(watcher);
    if (watched.watchers.size > 0) return;
    watched.timer[Symbol.dispose]();
    if (this.#watched.get(watched.view.id) === watched) this.#watched.delete(watched.view.id);
  }

  async #poll(watched: Watched): Promise<void> {
    if (watched.isPolling) return;
    watched.isPolling = true;
    try {
      this.#tell(watched, await this.#options.groupPushes.get(watched.view.id));
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'a group push that is watched cannot be read');
    } finally {
      watched.isPolling = false;
    }
  }

  #tell(watched: Watched, view: GroupPushView | undefined): void {
    if (!view) return endAll(watched);
    if (isDeepStrictEqual(view, watched.view)) return;
    watched.view = view;
    for (const watcher of watched.watchers) watcher.take(view);
  }
}

function endAll({ watchers, view }: Watched): void {
  const gone = new PushfleetError('GROUP_PUSH_NOT_FOUND', `the group push "${view.id}" is no longer kept`);
  for (const watcher of watchers) watcher.end(gone);
}

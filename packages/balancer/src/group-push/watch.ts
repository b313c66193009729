import { isDeepStrictEqual } from 'node:util';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { type admin, type GroupPushId, PushfleetError } from '@pushfleet/protocol';
import type { GroupPushes, GroupPushView } from '@pushfleet/registry';
import { type Clock, type Logger, ServerStream } from '@pushfleet/runtime';
import { summarizeGroupPush } from './view.ts';

const pollMs = 200;

export type WatchGroupPushCall = ServerWritableStream<admin.WatchGroupPushRequest, admin.WatchGroupPushResponseInit>;
type WatchStream = ServerStream<GroupPushView, admin.WatchGroupPushResponseInit>;

export interface WatchesOptions {
  groupPushes: Pick<GroupPushes, 'get'>;
  clock: Clock;
  logger: Logger;
}

interface Watched {
  streams: Set<WatchStream>;
  view: GroupPushView;
  timer: Disposable;
  isPolling: boolean;
}

/**
 * The WatchGroupPush calls of this balancer. Each group push that is watched is read once for all that watch it, five times a
 * second, and changes are written; while a client does not read, only the last state is kept. While the registry does not answer, all wait.
 */
export class GroupPushWatches implements Disposable {
  readonly #options: WatchesOptions;
  readonly #watched = new Map<GroupPushId, Watched>();

  constructor(options: WatchesOptions) {
    this.#options = options;
  }

  /** Writes `view`, and every change until the group push has ended. */
  add(call: WatchGroupPushCall, view: GroupPushView): void {
    const stream: WatchStream = new ServerStream({
      call,
      ...{ capacity: 1, whenFull: 'drop oldest', batchItems: 1 },
      toMessage: ([last]) => ({ groupPush: summarizeGroupPush(last as GroupPushView) }),
    });
    write(stream, view);
    if (!stream.isOpen) return;
    const watched = this.#watched.get(view.id) ?? this.#begin(view);
    watched.streams.add(stream);
    void stream.closed.then(() => this.#remove(watched, stream));
  }

  /** Ends all calls with this error. */
  fail(error: PushfleetError): void {
    for (const { streams } of this.#watched.values()) for (const stream of streams) stream.fail(error);
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#watched.values()) timer[Symbol.dispose]();
    this.#watched.clear();
  }

  #begin(view: GroupPushView): Watched {
    const timer = this.#options.clock.every(pollMs, () => void this.#poll(watched));
    const watched: Watched = { streams: new Set(), view, timer, isPolling: false };
    this.#watched.set(view.id, watched);
    return watched;
  }

  #remove(watched: Watched, stream: WatchStream): void {
    watched.streams.delete(stream);
    if (watched.streams.size > 0) return;
    watched.timer[Symbol.dispose]();
    if (this.#watched.get(watched.view.id) === watched) this.#watched.delete(watched.view.id);
  }

  async #poll(watched: Watched): Promise<void> {
    if (watched.isPolling) return;
    watched.isPolling = true;
    try {
      this.#onRead(watched, await this.#options.groupPushes.get(watched.view.id));
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'a group push that is watched cannot be read');
    } finally {
      watched.isPolling = false;
    }
  }

  #onRead(watched: Watched, view: GroupPushView | undefined): void {
    if (!view) {
      const gone = new PushfleetError('GROUP_PUSH_NOT_FOUND', `the group push "${watched.view.id}" is no longer kept`);
      for (const stream of watched.streams) stream.fail(gone);
    } else if (!isDeepStrictEqual(view, watched.view)) {
      watched.view = view;
      for (const stream of watched.streams) write(stream, view);
    }
  }
}

function write(stream: WatchStream, view: GroupPushView): void {
  stream.write([view]);
  if (view.endedAtMs !== undefined) stream.end();
}

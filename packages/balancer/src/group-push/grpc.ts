import { type admin, PushfleetError, parseGroupPushId, toStatus } from '@pushfleet/protocol';
import type { GroupPushes } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { GroupPushHandlers } from '../commands/grpc.ts';
import { toPushfleetError, unary } from '../net/grpc-answer.ts';
import type { GroupPushAdministration } from './administration.ts';
import { WatchFeed } from './watch-feed.ts';
import { type GroupPushWatchCall, GroupPushWatcher } from './watcher.ts';

export interface GroupPushFaceOptions {
  administration: GroupPushAdministration;
  groupPushes: Pick<GroupPushes, 'get'>;
  clock: Clock;
  logger: Logger;
}

/** The gRPC face of group pushes. */
export class GroupPushFace implements Disposable {
  readonly handlers: GroupPushHandlers;
  readonly #options: GroupPushFaceOptions;
  readonly #feed: WatchFeed;
  readonly #watchers = new Set<GroupPushWatcher>();
  #isStopping = false;

  constructor(options: GroupPushFaceOptions) {
    const { administration, logger } = options;
    this.#options = options;
    this.#feed = new WatchFeed(options);
    this.handlers = {
      PushToGroup: unary(logger, async (request: admin.PushToGroupRequest) => {
        if (this.#isStopping) throw stopping();
        return administration.push(request);
      }),
      GetGroupPush: unary(logger, (request: admin.GetGroupPushRequest) => administration.get(request)),
      WatchGroupPush: (call: GroupPushWatchCall) => void this.#watch(call),
      ListGroupPushes: unary(logger, () => administration.list()),
      ListGroupPushOutcomes: unary(logger, (request: admin.ListGroupPushOutcomesRequest) =>
        administration.listOutcomes(request),
      ),
      PauseGroupPush: unary(logger, (request: admin.PauseGroupPushRequest) => administration.pause(request)),
      ResumeGroupPush: unary(logger, (request: admin.ResumeGroupPushRequest) => administration.resume(request)),
      CancelGroupPush: unary(logger, (request: admin.CancelGroupPushRequest) => administration.cancel(request)),
    };
  }

  /** Takes no more, and sends all watchers to another balancer. */
  stop(): void {
    this.#isStopping = true;
    for (const watcher of this.#watchers) watcher.end(stopping());
  }

  [Symbol.dispose](): void {
    this.#feed[Symbol.dispose]();
  }

  async #watch(call: GroupPushWatchCall): Promise<void> {
    try {
      const view = await this.#options.administration.find(parseGroupPushId(call.request.groupPushId));
      // Nobody would ever say again that its caller is gone.
      if (call.cancelled) return;
      if (this.#isStopping) throw stopping();
      const watcher = new GroupPushWatcher(call);
      this.#watchers.add(watcher);
      void watcher.left.then(() => this.#watchers.delete(watcher));
      this.#feed.add(watcher, view);
    } catch (error) {
      call.emit('error', toStatus(toPushfleetError(error, this.#options.logger)));
    }
  }
}

function stopping(): PushfleetError {
  return new PushfleetError('SHUTTING_DOWN', 'the balancer is stopping; another one goes on with group pushes');
}

import type { ServerWritableStream } from '@grpc/grpc-js';
import { type admin, type PushfleetError, toStatus } from '@pushfleet/protocol';
import type { GroupPushView } from '@pushfleet/registry';
import { summarizeGroupPush } from './view.ts';

export type GroupPushWatchCall = ServerWritableStream<admin.WatchGroupPushRequest, admin.WatchGroupPushResponseInit>;

/** One WatchGroupPush call. While its client does not read, only the last state is kept. */
export class GroupPushWatcher {
  readonly #call: GroupPushWatchCall;
  readonly #left = Promise.withResolvers<void>();
  #waiting: GroupPushView | undefined;
  #flowing = true;
  ended = false;

  constructor(call: GroupPushWatchCall) {
    this.#call = call;
    call.on('drain', () => {
      this.#flowing = true;
      this.#flush();
    });
    call.on('cancelled', () => this.#close());
  }

  /** Resolves when the client has gone, or nothing more will come. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  take(view: GroupPushView): void {
    this.#waiting = view;
    this.#flush();
  }

  end(error: PushfleetError): void {
    if (this.ended) return;
    this.#close();
    this.#call.emit('error', toStatus(error));
  }

  #flush(): void {
    const view = this.#waiting;
    if (this.ended || !this.#flowing || !view) return;
    this.#waiting = undefined;
    this.#flowing = this.#call.write({ groupPush: summarizeGroupPush(view) });
    if (view.endedAtMs === undefined) return;
    this.#close();
    this.#call.end();
  }

  #close(): void {
    this.ended = true;
    this.#waiting = undefined;
    this.#left.resolve();
  }
}

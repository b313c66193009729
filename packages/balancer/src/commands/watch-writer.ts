import type { ServerWritableStream } from '@grpc/grpc-js';
import { type admin, type PushfleetError, toStatus } from '@pushfleet/protocol';

export type WatchCall = ServerWritableStream<admin.WatchCommandRequest, admin.WatchCommandResponseInit>;

/** One WatchCommand call. Of what its reader is too slow for, the latest is kept and nothing else. */
export class WatchWriter {
  readonly #call: WatchCall;
  readonly #onLeft: () => void;
  #latest: (() => admin.CommandRecordInit) | undefined;
  #flowing = true;
  #state: 'open' | 'ending' | 'closed' = 'open';

  /** @param onLeft Called once, when nothing more is to be written. */
  constructor(call: WatchCall, onLeft: () => void) {
    this.#call = call;
    this.#onLeft = onLeft;
    call.on('drain', () => {
      this.#flowing = true;
      this.#flush();
    });
    call.on('cancelled', () => this.#close());
  }

  /** @param view How the command stands, when there is room to say so. */
  offer(view: () => admin.CommandRecordInit, isLast: boolean): void {
    if (this.#state !== 'open') return;
    this.#latest = view;
    if (isLast) this.#state = 'ending';
    this.#flush();
  }

  fail(error: PushfleetError): void {
    if (this.#state === 'closed') return;
    this.#close();
    this.#call.emit('error', toStatus(error));
  }

  #flush(): void {
    if (this.#state === 'closed' || !this.#flowing) return;
    const view = this.#latest;
    this.#latest = undefined;
    if (view) this.#flowing = this.#call.write({ command: view() });
    if (this.#state !== 'ending') return;
    this.#close();
    this.#call.end();
  }

  #close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#latest = undefined;
    this.#onLeft();
  }
}

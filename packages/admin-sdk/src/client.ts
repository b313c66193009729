import type { admin } from '@pushfleet/protocol';
import { type CallOptions, unary } from './call.ts';
import { type AdminChannel, type AdminClientOptions, openChannel } from './channel.ts';
import { type WatchOptions, watchEvents } from './events.ts';
import { MaintenanceClient } from './maintenance.ts';
import { type PushAnswer, type PushManyOptions, pushMany } from './push-many.ts';

/** Connects when the first call is made; reconnects by itself. A call without a balancer fails at once. */
export function createAdminClient(options: AdminClientOptions): AdminClient {
  return new AdminClient(openChannel(options));
}

/** The admin API of a balancer. Every method rejects with a PushfleetError. */
export class AdminClient extends MaintenanceClient implements Disposable, AsyncDisposable {
  readonly #channel: AdminChannel;

  constructor(channel: AdminChannel) {
    super(channel);
    this.#channel = channel;
  }

  /**
   * Sends one command to one device and waits as long as `request.wait` says. What becomes of the command is an
   * outcome in the response; an error says that it was not accepted.
   */
  push(request: admin.PushRequestInit, options: CallOptions = {}): Promise<admin.PushResponse> {
    const { commands, metadata } = this.#channel;
    return unary<admin.PushResponse>(this.#channel, options, (done) => commands.push(request, metadata, done));
  }

  /** {@link pushMany} */
  pushMany(
    requests: AsyncIterable<admin.PushRequestInit> | Iterable<admin.PushRequestInit>,
    options: PushManyOptions = {},
  ): AsyncGenerator<PushAnswer, void, undefined> {
    return pushMany(this.#channel, requests, options);
  }

  /** {@link watchEvents} */
  watchEvents(options: WatchOptions = {}): AsyncGenerator<admin.Event, void, undefined> {
    return watchEvents(this.#channel, options);
  }

  /** Calls that are under way end with an error. */
  close(): void {
    this.#channel.closing.abort();
    this.#channel.commands.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

import type { admin } from '@pushfleet/protocol';
import type { CallOptions } from './call.ts';
import { type AdminChannel, type AdminClientOptions, openChannel } from './channel.ts';
import { CommandClient } from './commands.ts';
import { type WatchOptions, watchEvents } from './events.ts';
import { openTunnel, type Tunnel, type TunnelTarget } from './tunnel.ts';

/** Connects when the first call is made; reconnects by itself. A call without a balancer fails at once. */
export function createAdminClient(options: AdminClientOptions): AdminClient {
  return new AdminClient(openChannel(options));
}

/** The admin API of a balancer. Every method rejects with a PushfleetError. */
export class AdminClient extends CommandClient implements Disposable, AsyncDisposable {
  readonly #channel: AdminChannel;

  constructor(channel: AdminChannel) {
    super(channel);
    this.#channel = channel;
  }

  /** {@link watchEvents} */
  watchEvents(options: WatchOptions = {}): AsyncGenerator<admin.Event, void, undefined> {
    return watchEvents(this.#channel, options);
  }

  /** {@link openTunnel} */
  openTunnel(target: TunnelTarget, { signal }: CallOptions = {}): Promise<Tunnel> {
    return openTunnel(this.#channel, target, signal);
  }

  /** Calls that are under way end with an error; tunnels are destroyed. */
  close(): void {
    this.#channel.closing.abort();
    this.#channel.commands.close();
    this.#channel.tunnels.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

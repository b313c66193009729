import type { admin } from '@pushfleet/protocol';
import type { OverviewService } from '@pushfleet/protocol/admin';
import type { CallOptions } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { promised, ServiceCalls } from './service-calls.ts';

/** How the whole cluster is doing. Every method rejects with a PushfleetError. */
export class OverviewOfCluster {
  readonly #calls: ServiceCalls<InstanceType<typeof OverviewService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.overview);
  }

  /** The present state; not older than a second. */
  async get(options: CallOptions = {}): Promise<admin.Overview> {
    const { overview } = await this.#calls.unary('getOverview', {}, options);
    return promised(overview);
  }

  /** Yields it at once and then every 2 seconds, until the signal fires. Goes on by itself when it is cut off. */
  async *watch(options: CallOptions = {}): AsyncGenerator<admin.Overview, void, undefined> {
    for await (const { overview } of this.#calls.resumable('watchOverview', () => ({}), options)) {
      yield promised(overview);
    }
  }

  /** The last hour as the balancer that answers has seen it, oldest first. */
  history(options: CallOptions = {}): Promise<admin.GetOverviewHistoryResponse> {
    return this.#calls.unary('getOverviewHistory', {}, options);
  }
}

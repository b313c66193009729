import type { admin } from '@pushfleet/protocol';
import type { FleetService } from '@pushfleet/protocol/admin';
import type { CallOptions, PutOptions } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { allItems, pageSize, promised, ServiceCalls } from './service-calls.ts';

/** Hosts that may run a push server, with the groups that they serve. Every method rejects with a PushfleetError. */
export class DistributionPoints {
  readonly #calls: ServiceCalls<InstanceType<typeof FleetService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.fleet);
  }

  /**
   * Creates or replaces a distribution point; its groups must exist. With an `etag`: ETAG_MISMATCH where somebody has changed
   * it since it was read.
   */
  async put(
    distributionPoint: admin.DistributionPointInit,
    { updateMask = [], ...options }: PutOptions = {},
  ): Promise<admin.DistributionPoint> {
    const request = { distributionPoint, updateMask: { paths: [...updateMask] } };
    const response = await this.#calls.unary('putDistributionPoint', request, options);
    return promised(response.distributionPoint);
  }

  /** `node` is undefined while no push server runs on it. */
  async get(
    distributionPointId: string,
    options: CallOptions = {},
  ): Promise<{ distributionPoint: admin.DistributionPoint; node: admin.Node | undefined }> {
    const response = await this.#calls.unary('getDistributionPoint', { distributionPointId }, options);
    return { distributionPoint: promised(response.distributionPoint), node: response.node ?? undefined };
  }

  async list(options: CallOptions = {}): Promise<admin.DistributionPoint[]> {
    return allItems(
      (pageToken) => this.#calls.unary('listDistributionPoints', { pageSize, pageToken }, options),
      (page) => page.distributionPoints,
    );
  }

  /** IN_USE while a push server runs on it: disable it first. */
  async delete(distributionPointId: string, options: CallOptions = {}): Promise<void> {
    await this.#calls.unary('deleteDistributionPoint', { distributionPointId }, options);
  }
}

/** Push servers as they are registered. Every method rejects with a PushfleetError. */
export class Nodes {
  readonly #calls: ServiceCalls<InstanceType<typeof FleetService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.fleet);
  }

  async list(options: CallOptions = {}): Promise<admin.Node[]> {
    return allItems(
      (pageToken) => this.#calls.unary('listNodes', { pageSize, pageToken }, options),
      (page) => page.nodes,
    );
  }
}

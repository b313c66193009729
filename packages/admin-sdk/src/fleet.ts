import type { admin } from '@pushfleet/protocol';
import { type CallOptions, unary } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { importDevices, type NewDevice, type NewDevices, toRow } from './import-devices.ts';
import { promised } from './promised.ts';

export interface DeviceFilter extends CallOptions {
  /** Path of a group; absent: all. */
  group?: string;
  excludeSubgroups?: boolean;
  /** Only devices that have all of these labels. */
  labels?: Record<string, string>;
  /** Devices per call, 1 to 1,000. Default 1,000. */
  pageSize?: number;
}

/** What there is to manage. Every method rejects with a PushfleetError. */
export class FleetClient {
  readonly #channel: AdminChannel;

  constructor(channel: AdminChannel) {
    this.#channel = channel;
  }

  /** Creates the group, and those above it, where they are missing. */
  async putGroup(path: string, options: CallOptions = {}): Promise<admin.Group> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.PutGroupResponse>(this.#channel, options, (done) =>
      fleet.putGroup({ group: { path } }, metadata, done),
    );
    return promised(response.group);
  }

  async listGroups(options: CallOptions = {}): Promise<admin.Group[]> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.ListGroupsResponse>(this.#channel, options, (done) =>
      fleet.listGroups({}, metadata, done),
    );
    return response.groups;
  }

  /**
   * Moves a group with all below it; answers how many devices went along. A move that was interrupted is completed by
   * asking again.
   */
  async moveGroup(path: string, newPath: string, options: CallOptions = {}): Promise<number> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.MoveGroupResponse>(this.#channel, options, (done) =>
      fleet.moveGroup({ path, newPath }, metadata, done),
    );
    return response.movedDevices;
  }

  /** IN_USE where devices, subgroups or scopes use it. */
  async deleteGroup(path: string, options: CallOptions = {}): Promise<void> {
    const { fleet, metadata } = this.#channel;
    await unary<admin.DeleteGroupResponse>(this.#channel, options, (done) =>
      fleet.deleteGroup({ path }, metadata, done),
    );
  }

  /** Creates or replaces a distribution point; its groups must exist. */
  async putDistributionPoint(
    distributionPoint: admin.DistributionPointInit,
    options: CallOptions = {},
  ): Promise<admin.DistributionPoint> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.PutDistributionPointResponse>(this.#channel, options, (done) =>
      fleet.putDistributionPoint({ distributionPoint }, metadata, done),
    );
    return promised(response.distributionPoint);
  }

  /** `node` is undefined while no push server runs on it. */
  async getDistributionPoint(
    distributionPointId: string,
    options: CallOptions = {},
  ): Promise<{ distributionPoint: admin.DistributionPoint; node: admin.Node | undefined }> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.GetDistributionPointResponse>(this.#channel, options, (done) =>
      fleet.getDistributionPoint({ distributionPointId }, metadata, done),
    );
    return { distributionPoint: promised(response.distributionPoint), node: response.node ?? undefined };
  }

  async listDistributionPoints(options: CallOptions = {}): Promise<admin.DistributionPoint[]> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.ListDistributionPointsResponse>(this.#channel, options, (done) =>
      fleet.listDistributionPoints({}, metadata, done),
    );
    return response.distributionPoints;
  }

  /** IN_USE while a push server runs on it: disable it first. */
  async deleteDistributionPoint(distributionPointId: string, options: CallOptions = {}): Promise<void> {
    const { fleet, metadata } = this.#channel;
    await unary<admin.DeleteDistributionPointResponse>(this.#channel, options, (done) =>
      fleet.deleteDistributionPoint({ distributionPointId }, metadata, done),
    );
  }

  /** Creates or replaces a device. */
  async putDevice(device: NewDevice, options: CallOptions = {}): Promise<admin.Device> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.PutDeviceResponse>(this.#channel, options, (done) =>
      fleet.putDevice(toRow(device), metadata, done),
    );
    return promised(response.device);
  }

  /** {@link importDevices} */
  importDevices(devices: NewDevices, options: CallOptions = {}): Promise<admin.ImportDevicesResponse> {
    return importDevices(this.#channel, devices, options);
  }

  /** Puts at most 1,000 devices into another group. */
  async moveDevices(deviceIds: readonly string[], group: string, options: CallOptions = {}): Promise<void> {
    const { fleet, metadata } = this.#channel;
    await unary<admin.MoveDevicesResponse>(this.#channel, options, (done) =>
      fleet.moveDevices({ deviceIds: [...deviceIds], group }, metadata, done),
    );
  }

  async getDevice(deviceId: string, options: CallOptions = {}): Promise<admin.Device> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.GetDeviceResponse>(this.#channel, options, (done) =>
      fleet.getDevice({ deviceId }, metadata, done),
    );
    return promised(response.device);
  }

  /** In the order of device ids; a page is asked for when the one before it has been taken. */
  async *listDevices(filter: DeviceFilter = {}): AsyncGenerator<admin.Device, void, undefined> {
    let pageToken = '';
    do {
      const page = await this.#devicePage(filter, pageToken);
      yield* page.devices;
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
  }

  /** Forgets a device: its link ends within 2 s, its tickets are void, its durable commands end. */
  async deleteDevice(deviceId: string, options: CallOptions = {}): Promise<void> {
    const { fleet, metadata } = this.#channel;
    await unary<admin.DeleteDeviceResponse>(this.#channel, options, (done) =>
      fleet.deleteDevice({ deviceId }, metadata, done),
    );
  }

  /**
   * Ends the device's link within 2 s and makes its tickets void: it comes back only by asking a balancer, with its secret.
   * `false`: it had no link.
   */
  async disconnectDevice(deviceId: string, options: CallOptions = {}): Promise<boolean> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.DisconnectDeviceResponse>(this.#channel, options, (done) =>
      fleet.disconnectDevice({ deviceId }, metadata, done),
    );
    return response.wasConnected;
  }

  /** The push servers that are registered. */
  async listNodes(options: CallOptions = {}): Promise<admin.Node[]> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.ListNodesResponse>(this.#channel, options, (done) =>
      fleet.listNodes({}, metadata, done),
    );
    return response.nodes;
  }

  #devicePage(filter: DeviceFilter, pageToken: string): Promise<admin.ListDevicesResponse> {
    const { fleet, metadata } = this.#channel;
    const { group = '', excludeSubgroups = false, labels = {}, pageSize = 1_000 } = filter;
    return unary<admin.ListDevicesResponse>(this.#channel, filter, (done) =>
      fleet.listDevices({ group, excludeSubgroups, labels, pageSize, pageToken }, metadata, done),
    );
  }
}

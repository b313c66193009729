import type { admin } from '@pushfleet/protocol';
import { type CallOptions, unary } from './call.ts';
import type { AdminChannel } from './channel.ts';

export interface NewDevice {
  deviceId: string;
  /** Path of its administration group, which must exist. */
  group: string;
  /** 16 to 256 bytes. Absent: an existing device keeps its secret, a new one is refused. */
  secret?: string;
}

export interface DeviceFilter extends CallOptions {
  /** Path of a group; absent: all. */
  group?: string;
  excludeSubgroups?: boolean;
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
    return present(response.group);
  }

  async listGroups(options: CallOptions = {}): Promise<admin.Group[]> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.ListGroupsResponse>(this.#channel, options, (done) =>
      fleet.listGroups({}, metadata, done),
    );
    return response.groups;
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
    return present(response.distributionPoint);
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
    return { distributionPoint: present(response.distributionPoint), node: response.node ?? undefined };
  }

  async listDistributionPoints(options: CallOptions = {}): Promise<admin.DistributionPoint[]> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.ListDistributionPointsResponse>(this.#channel, options, (done) =>
      fleet.listDistributionPoints({}, metadata, done),
    );
    return response.distributionPoints;
  }

  /** Creates or replaces a device. */
  async putDevice({ deviceId, group, secret = '' }: NewDevice, options: CallOptions = {}): Promise<admin.Device> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.PutDeviceResponse>(this.#channel, options, (done) =>
      fleet.putDevice({ device: { deviceId, group }, secret }, metadata, done),
    );
    return present(response.device);
  }

  async getDevice(deviceId: string, options: CallOptions = {}): Promise<admin.Device> {
    const { fleet, metadata } = this.#channel;
    const response = await unary<admin.GetDeviceResponse>(this.#channel, options, (done) =>
      fleet.getDevice({ deviceId }, metadata, done),
    );
    return present(response.device);
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

  /** Forgets a device; no ticket is given to it again. */
  async deleteDevice(deviceId: string, options: CallOptions = {}): Promise<void> {
    const { fleet, metadata } = this.#channel;
    await unary<admin.DeleteDeviceResponse>(this.#channel, options, (done) =>
      fleet.deleteDevice({ deviceId }, metadata, done),
    );
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
    const { group = '', excludeSubgroups = false, pageSize = 1_000 } = filter;
    return unary<admin.ListDevicesResponse>(this.#channel, filter, (done) =>
      fleet.listDevices({ group, excludeSubgroups, pageSize, pageToken }, metadata, done),
    );
  }
}

/** A message field that the API promises; proto3 cannot say so. */
function present<T>(value: T | null): T {
  if (value === null) throw new TypeError('the balancer left a promised field out');
  return value;
}
